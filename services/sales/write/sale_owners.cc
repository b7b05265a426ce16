#include "services/sales/write/sale_owners.h"

#include <vector>

#include "clustr/sales/v1/sale.pb.h"
#include "common/storage/sql/array_text.h"
#include "services/sales/write/resolve.h"

namespace clustr::sales {

using schema::CellType;
using storage::Session;
using storage::Statement;

namespace {

bool RoundTripsCost(Session& session) { return session.dialect() == storage::Dialect::kPostgresql; }

void UpdateOneByOne(Session& session, int64_t revision, absl::Span<const int64_t> ids) {
  // Not UPDATE FROM: SQLite would copy the rows first, and open a journal for each such statement.
  Statement& update = session.Prepared(
      R"sql(
        UPDATE transactions
        SET revision = :r,
            lines_total_cents = (SELECT COALESCE(SUM(line_total_cents), 0)
                                 FROM sales WHERE transaction_id = :s),
            transaction_amount_cents =
                CASE WHEN amount_follows_lines <> 0
                     THEN (SELECT COALESCE(SUM(line_total_cents), 0)
                           FROM sales WHERE transaction_id = :a)
                     ELSE transaction_amount_cents END
        WHERE transaction_id = :t
      )sql",
      {CellType::kInteger, CellType::kInteger, CellType::kInteger, CellType::kInteger});
  for (const int64_t id : ids) {
    update.SetInteger(0, revision);
    for (const size_t parameter : {1, 2, 3}) update.SetInteger(parameter, id);
    update.Change();
  }
}

void UpdateTogether(Session& session, int64_t revision, absl::Span<const int64_t> ids) {
  Statement& update = session.Prepared(
      R"sql(
        UPDATE transactions
        SET revision = :r,
            lines_total_cents = sums.total,
            transaction_amount_cents =
                CASE WHEN amount_follows_lines <> 0 THEN sums.total
                     ELSE transaction_amount_cents END
        FROM (SELECT touched.id, COALESCE((SELECT SUM(line_total_cents) FROM sales
                                           WHERE transaction_id = touched.id), 0) AS total
              FROM unnest(CAST(:ids AS BIGINT[])) AS touched (id)) AS sums
        WHERE transaction_id = sums.id
      )sql",
      {CellType::kInteger, CellType::kText});
  update.SetInteger(0, revision);
  update.SetText(1, storage::ArrayText(ids));
  update.Change();
}

}  // namespace

SaleOwners::Owner& SaleOwners::Of(Session& session, int64_t transaction_id) {
  const auto [it, is_new] = owners_.try_emplace(transaction_id);
  if (is_new) {
    Statement& query = session.Prepared(
        R"sql(
          SELECT (SELECT COUNT(*) FROM transactions WHERE transaction_id = :t),
                 (SELECT COUNT(*) FROM sales WHERE transaction_id = :s)
        )sql",
        {CellType::kInteger, CellType::kInteger}, {CellType::kInteger, CellType::kInteger});
    query.SetInteger(0, transaction_id);
    query.SetInteger(1, transaction_id);
    query.Execute();
    while (query.Fetch()) it->second = {query.integer(0) > 0, false, query.integer(1)};
  }
  return it->second;
}

int64_t SaleOwners::IdOf(Session& session, const std::string& external_id) {
  const auto known = ids_.find(external_id);
  return known == ids_.end() ? TransactionIdOf(session, external_id) : known->second;
}

void SaleOwners::LookAhead(Session& session,
                           absl::Span<const google::protobuf::Message* const> lines) {
  if (!RoundTripsCost(session)) return;
  std::vector<std::string> keys;
  for (const auto* message : lines) {
    const auto& line = static_cast<const v1::Sale&>(*message);
    if (line.transaction_id() != 0) owners_.try_emplace(line.transaction_id());
    const bool new_key = line.has_transaction_external_id() &&
                         ids_.try_emplace(line.transaction_external_id(), 0).second;
    if (new_key) keys.push_back(line.transaction_external_id());
  }
  if (!keys.empty()) {
    Statement& named = session.Prepared(
        R"sql(
          SELECT external_id, transaction_id FROM transactions
          WHERE external_id = ANY(CAST(:keys AS TEXT[]))
        )sql",
        {CellType::kText}, {CellType::kText, CellType::kInteger});
    named.SetText(0, storage::ArrayText(keys));
    named.Execute();
    while (named.Fetch()) {
      ids_[named.text(0)] = named.integer(1);
      owners_.try_emplace(named.integer(1));
    }
  }
  std::vector<int64_t> ids;
  for (const auto& [id, owner] : owners_) ids.push_back(id);
  Statement& query = session.Prepared(
      R"sql(
        SELECT transaction_id,
               (SELECT COUNT(*) FROM sales WHERE sales.transaction_id = t.transaction_id)
        FROM transactions AS t WHERE transaction_id = ANY(CAST(:ids AS BIGINT[]))
      )sql",
      {CellType::kText}, {CellType::kInteger, CellType::kInteger});
  query.SetText(0, storage::ArrayText(ids));
  query.Execute();
  while (query.Fetch()) owners_[query.integer(0)] = {true, false, query.integer(1)};
}

void SaleOwners::Update(storage::WriteContext& context) {
  std::vector<int64_t> touched;
  for (const auto& [id, owner] : owners_) {
    if (owner.touched) touched.push_back(id);
  }
  if (touched.empty()) return;
  Session& session = context.session();
  (RoundTripsCost(session) ? UpdateTogether : UpdateOneByOne)(session, context.Revision(), touched);
}

}  // namespace clustr::sales
