#include "tools/clustrctl/commands/models/report.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/clustrctl/commands/models/metric_table.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/svg_plot.h"

namespace clustr::ctl {
namespace {

using bundles::v1::Model;
using bundles::v1::ModelMetric;

constexpr char kHead[] = R"html(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; color: #222; }
svg { max-width: 100%; height: auto; font: 12px system-ui, sans-serif; }
h2 { margin-top: 2em; } h3 { margin-bottom: 0.2em; font-weight: 600; }
td, th { text-align: left; padding: 0.1em 1em 0.1em 0; }
</style>
)html";

bool IsCoverage(const ModelMetric& metric) { return absl::StrContains(metric.name(), "coverage"); }

std::string MetricPlot(const std::string& model_id, const ModelMetric& metric) {
  std::vector<Bar> bars;
  for (const auto& baseline : metric.baselines()) {
    bars.push_back({baseline.name(), baseline.value(), baseline.standard_error()});
  }
  bars.push_back({model_id, metric.value(), metric.standard_error(), true});
  return absl::StrCat(
      "<h3>", HtmlText(metric.name()), "</h3>\n<p>", WithSeparators(metric.case_count()),
      " cases; ", IsError(metric.name()) ? "lower" : "higher", " is better.</p>\n", BarChart(bars));
}

void AddMetrics(const Model& model, bool coverage, std::string* page) {
  bool any = false;
  for (const ModelMetric& metric : model.metrics()) {
    if (IsCoverage(metric) != coverage) continue;
    any = true;
    *page += MetricPlot(model.model_id(), metric);
  }
  if (!any) *page += "<p>Nothing was measured.</p>\n";
}

void AddCalibration(const Model& model, std::string* page) {
  if (model.calibration().empty()) {
    *page += "<p>This model has no calibrated probability of bundles.</p>\n";
    return;
  }
  std::vector<SharePoint> points;
  for (const auto& bin : model.calibration()) {
    points.push_back(
        {bin.predicted(), bin.observed(), static_cast<double>(bin.count()),
         absl::StrFormat("%s bundles: %.3f predicted, %.3f observed", WithSeparators(bin.count()),
                         bin.predicted(), bin.observed())});
  }
  *page += SharePlot(points, "predicted probability", "share that was bought again");
}

void AddImportances(const Model& model, std::string* page) {
  for (const char* task : {"products", "next_basket"}) {
    std::vector<Bar> bars;
    for (const auto& importance : model.importances()) {
      if (importance.task() != task) continue;
      bars.push_back({importance.feature(), importance.share(), 0, true});
    }
    if (!bars.empty()) absl::StrAppend(page, "<h3>", task, "</h3>\n", BarChart(bars));
  }
  if (model.importances().empty()) *page += "<p>The model does not say.</p>\n";
}

void AddFacts(const Model& model, std::string* page) {
  absl::StrAppend(page, "<table>\n");
  const auto row = [&](const std::string& name, const std::string& value) {
    absl::StrAppend(page, "<tr><th>", HtmlText(name), "</th><td>", HtmlText(value), "</td></tr>\n");
  };
  if (model.basket_count() > 0) row("Baskets", WithSeparators(model.basket_count()));
  if (!model.split_date().empty()) {
    row("Evaluated on", absl::StrCat(model.split_date(), " to ", model.end_date()));
  }
  for (const auto& champion : model.champions()) {
    row(absl::StrCat("Serves ", champion.task()), champion.method());
  }
  if (model.horizon_days() > 0) row("Horizon", absl::StrCat(model.horizon_days(), " days"));
  row("Digest", model.digest());
  absl::StrAppend(page, "</table>\n");
}

}  // namespace

std::string ReportOf(const Model& model) {
  const std::string title = absl::StrCat("Model ", model.model_id());
  std::string page = absl::StrCat(kHead, "<title>", HtmlText(title), "</title></head><body>\n<h1>",
                                  HtmlText(title), "</h1>\n");
  AddFacts(model, &page);
  page +=
      "<h2>Gain over simpler methods</h2>\n<p>All on the same days, with models of the days "
      "before. Lines show one standard error on either side.</p>\n";
  AddMetrics(model, false, &page);
  page +=
      "<h2>Calibration</h2>\n<p>The nearer the points are to the line, the truer is the "
      "probability of a bundle. Larger points stand for more bundles.</p>\n";
  AddCalibration(model, &page);
  page +=
      "<h2>Importance</h2>\n<p>The share of each feature in the scores of the first ten "
      "recommendations.</p>\n";
  AddImportances(model, &page);
  page += "<h2>Coverage</h2>\n<p>The share of all products that is recommended to anyone.</p>\n";
  AddMetrics(model, true, &page);
  return page + "</body></html>\n";
}

absl::Status WriteReport(const Model& model, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << ReportOf(model);
  file.close();
  if (file) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": cannot be written: ", std::strerror(errno),
                   "; give --report a path in a folder that you may write to"));
}

}  // namespace clustr::ctl
