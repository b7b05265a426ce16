#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_REPORT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_REPORT_H_

#include <string>

#include "absl/status/status.h"
#include "clustr/bundles/v1/model_service.pb.h"

namespace clustr::ctl {

// How a model did, as one page of HTML with plots, which needs nothing outside of itself: the gain
// over the baselines for each measure, the calibration of the probability of bundles, the
// importance of the features, and the coverage. What the model does not have is said in words. Pure
// function.
std::string ReportOf(const bundles::v1::Model& model);

// Writes it to a file, which is replaced. FAILED_PRECONDITION, with the reason, if it cannot be
// written.
absl::Status WriteReport(const bundles::v1::Model& model, const std::string& path);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_REPORT_H_
