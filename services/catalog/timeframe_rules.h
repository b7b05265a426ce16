#ifndef CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_
#define CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_

#include <vector>

#include "common/resource/row_writer.h"

namespace clustr::catalog {

// Rules of Timeframe: fills day, month and year from the date, or checks that they agree with it.
class TimeframeRules final : public resource::RowRules {
 public:
  void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                const google::protobuf::Message& given, google::protobuf::Message* row,
                absl::string_view path, std::vector<Violation>* violations) override;
};

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_TIMEFRAME_RULES_H_
