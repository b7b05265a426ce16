#include "services/catalog/timeframe_rules.h"

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "common/schema/date.h"

namespace clustr::catalog {

using catalog::v1::Timeframe;

TimeframeRules::TimeframeRules() : table_(*Timeframe::descriptor()) {
  for (const schema::Column& column : table_.columns()) {
    if (column.field->number() == Timeframe::kDateFieldNumber) date_column_ = column;
  }
}

void TimeframeRules::Complete(storage::WriteContext& context,
                              const google::protobuf::Message* stored,
                              const google::protobuf::Message& given,
                              google::protobuf::Message* row, absl::string_view path,
                              std::vector<Violation>* violations) {
  auto& timeframe = static_cast<Timeframe&>(*row);
  const schema::Date date = *schema::ParseDate(timeframe.date());
  const auto agree = [&](const char* name, int32_t given, int32_t meant) {
    if (given == 0 || given == meant) return;
    violations->push_back({schema::JoinPath(path, name),
                           absl::StrCat(given, " does not agree with the date ", timeframe.date(),
                                        "; give ", meant, " or leave it unset")});
  };
  agree("day", timeframe.day(), date.day);
  agree("month", timeframe.month(), date.month);
  agree("year", timeframe.year(), date.year);
  timeframe.set_day(date.day);
  timeframe.set_month(date.month);
  timeframe.set_year(date.year);
  if (stored != nullptr) return;
  schema::Cell cell;
  schema::ReadCell(timeframe, date_column_, &cell);
  const int64_t holder = table_.FindId(context.session(), date_column_, cell);
  if (holder != 0 && holder != timeframe.time_id()) {
    violations->push_back({schema::JoinPath(path, "date"),
                           absl::StrCat(timeframe.date(), " is there already as timeframe ", holder,
                                        "; use that one"),
                           "DATE_EXISTS"});
  }
}

}  // namespace clustr::catalog
