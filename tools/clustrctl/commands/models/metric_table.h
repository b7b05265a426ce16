#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_METRIC_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_METRIC_TABLE_H_

#include <string>

#include "clustr/bundles/v1/model_service.pb.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// Prints how a model did on its evaluation period beside each baseline, one line per measure and
// method, with standard errors. Says so if the model was not measured.
void PrintMetrics(const bundles::v1::Model& model, const Context& context);

// True for a measure that is better the lower it is.
bool IsError(const std::string& measure);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_MODELS_METRIC_TABLE_H_
