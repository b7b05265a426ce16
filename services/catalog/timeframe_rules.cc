#include "services/catalog/timeframe_rules.h"

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "common/schema/date.h"

namespace clustr::catalog {

using catalog::v1::Timeframe;

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
                                        "; give ", meant, " or leave it unset"),
                           common::v1::ERROR_REASON_FIELD_INVALID,
                           {{"expected", absl::StrCat(meant)}}});
  };
  agree("day", timeframe.day(), date.day);
  agree("month", timeframe.month(), date.month);
  agree("year", timeframe.year(), date.year);
  timeframe.set_day(date.day);
  timeframe.set_month(date.month);
  timeframe.set_year(date.year);
}

}  // namespace clustr::catalog
