#include "tools/clustrctl/commands/models/metric_table.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {
namespace {

using bundles::v1::BaselineMetric;
using bundles::v1::Model;
using bundles::v1::ModelMetric;

std::string Figure(double value) { return absl::StrFormat("%.4f", value); }

std::string Error(double standard_error) {
  return standard_error == 0 ? "" : absl::StrFormat("+/- %.4f", standard_error);
}

// How much more the model reaches than the baseline or, of an error, how much less of it remains.
std::string Gain(const std::string& measure, double value, double baseline) {
  if (baseline <= 0) return "";
  const double gain = value / baseline - 1;
  return absl::StrFormat("%+.1f %%", 100 * (IsError(measure) ? -gain : gain));
}

}  // namespace

bool IsError(const std::string& measure) {
  return absl::EndsWith(measure, ".brier") || absl::EndsWith(measure, ".calibration_error");
}

void PrintMetrics(const Model& model, const Context& context) {
  std::ostream& out = context.out;
  if (model.metrics().empty()) {
    out << model.model_id() << " was not measured.\n";
    return;
  }
  TextTable table({{"MEASURE", Align::kLeft},
                   {"METHOD", Align::kLeft},
                   {"VALUE"},
                   {"ERROR"},
                   {"MODEL'S GAIN"}});
  for (const ModelMetric& metric : model.metrics()) {
    for (const BaselineMetric& baseline : metric.baselines()) {
      table.Add({metric.name(), baseline.name(), Figure(baseline.value()),
                 Error(baseline.standard_error()),
                 Gain(metric.name(), metric.value(), baseline.value())});
    }
    table.Add({metric.name(), model.model_id(), Figure(metric.value()),
               Error(metric.standard_error()), ""});
  }
  table.Print(out, context.width);
  out << "Measured on the days from " << model.split_date() << " to " << model.end_date()
      << ", with models of the days before";
  for (const auto& champion : model.champions()) {
    out << "; " << champion.task() << " is served by " << champion.method();
  }
  out << ".\n";
}

}  // namespace clustr::ctl
