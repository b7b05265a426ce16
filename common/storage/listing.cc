#include "common/storage/listing.h"

#include <algorithm>

#include "common/schema/annotations.h"
#include "common/storage/sql/bound_sql.h"
#include "common/storage/sql/filter_sql.h"
#include "common/storage/sql/order_sql.h"

namespace clustr::storage {

using google::protobuf::Message;

namespace {

bool IsPersonal(const schema::Column& column) {
  return column.field != nullptr && schema::FieldOptions(*column.field).personal();
}

bool ComparesPersonal(const schema::Filter& filter) {
  if (filter.kind == schema::Filter::Kind::kComparison) return IsPersonal(filter.comparison.column);
  return std::any_of(filter.parts.begin(), filter.parts.end(), ComparesPersonal);
}

}  // namespace

Listing::Listing(const Table* table, absl::string_view filter, absl::string_view order_by,
                 std::vector<Violation>* violations)
    : table_(*table),
      filter_(schema::ParseFilter(filter, table->model(), violations)),
      order_(schema::ParseOrder(order_by, table->model(), violations)) {}

std::vector<const char*> Listing::PersonalFields() const {
  std::vector<const char*> fields;
  if (ComparesPersonal(filter_)) fields.push_back("filter");
  const bool orders = std::any_of(order_.begin(), order_.end(), [](const schema::OrderKey& key) {
    return IsPersonal(key.column);
  });
  if (orders) fields.push_back("order_by");
  return fields;
}

int64_t Listing::Count(Session& session) const {
  if (filter_.MatchesAll()) return table_.Count(session);
  BoundSql condition;
  AppendFilter(filter_, session.dialect(), &condition);
  return table_.CountWhere(session, condition);
}

void Listing::Read(Session& session, const Message& place, int64_t limit,
                   absl::FunctionRef<Message*()> next) const {
  const int64_t after = table_.Id(place);
  if (filter_.MatchesAll() && in_id_order()) return table_.Scan(session, after, limit, next);
  BoundSql tail;
  tail.Append(" WHERE ");
  AppendFilter(filter_, session.dialect(), &tail);
  if (after != 0) {
    tail.Append(" AND ");
    AppendAfter(order_, place, &tail);
  }
  AppendOrder(order_, &tail);
  tail.Append(" LIMIT ");
  tail.AppendInteger(limit);
  table_.Select(session, tail, next);
}

void Listing::CopyPlace(const Message& row, Message* place) const {
  for (const schema::OrderKey& key : order_) {
    if (key.column.field != &table_.id_field()) schema::CopyField(row, key.column, place);
  }
}

}  // namespace clustr::storage
