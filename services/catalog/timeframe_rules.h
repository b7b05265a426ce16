#ifndef CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_
#define CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_

#include <vector>

#include "common/resource/row_writer.h"
#include "common/storage/table.h"

namespace clustr::catalog {

// Rules of Timeframe: day, month and year are filled from the date or agree with it, and a date is
// there once.
class TimeframeRules final : public resource::RowRules {
 public:
  TimeframeRules();

  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;

 private:
  const storage::Table table_;
  schema::Column date_column_;
};

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_
