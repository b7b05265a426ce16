#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_BUNDLE_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_BUNDLE_TABLE_H_

#include <ostream>

#include "clustr/bundles/v1/ml_bundle_recommendation.pb.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

// A human-readable table of bundles.
class BundleTable {
 public:
  BundleTable();

  void Add(const bundles::v1::MLBundleRecommendation& bundle);
  void Print(std::ostream& out, size_t width) const { table_.Print(out, width); }

 private:
  TextTable table_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_BUNDLE_TABLE_H_
