#include "tools/clustrctl/print/svg_plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace clustr::ctl {
namespace {

constexpr char kStrong[] = "#0b6e4f";
constexpr char kPlain[] = "#b8c4bb";
constexpr int kRowHeight = 24;
constexpr int kLabelWidth = 190;
constexpr int kBarWidth = 360;
constexpr int kValueWidth = 90;
constexpr int kPlotSize = 320;
constexpr int kMargin = 56;

}  // namespace

std::string HtmlText(std::string_view text) {
  return absl::StrReplaceAll(absl::string_view(text.data(), text.size()),
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string BarChart(const std::vector<Bar>& bars) {
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.value + bar.standard_error);
  const double scale = most > 0 ? kBarWidth / most : 0;
  const int width = kLabelWidth + kBarWidth + kValueWidth;
  std::string svg = absl::StrFormat("<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">\n",
                                    width, kRowHeight * bars.size(), width);
  for (size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double top = static_cast<double>(i * kRowHeight);
    const double end = kLabelWidth + bar.value * scale;
    absl::StrAppendFormat(&svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\"%s>%s</text>\n",
                          kLabelWidth - 8, top + 16, bar.strong ? " font-weight=\"bold\"" : "",
                          HtmlText(bar.label));
    absl::StrAppendFormat(&svg,
                          "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>\n",
                          kLabelWidth, top + 4, bar.value * scale, bar.strong ? kStrong : kPlain);
    if (bar.standard_error > 0) {
      absl::StrAppendFormat(
          &svg, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#222\"/>\n",
          end - std::min(bar.value, bar.standard_error) * scale, end + bar.standard_error * scale,
          top + 12, top + 12);
    }
    absl::StrAppendFormat(&svg, "<text x=\"%.1f\" y=\"%.1f\">%.4f</text>\n",
                          end + bar.standard_error * scale + 6, top + 16, bar.value);
  }
  return svg + "</svg>\n";
}

std::string SharePlot(const std::vector<SharePoint>& points, std::string_view x_label,
                      std::string_view y_label) {
  constexpr double kLargest = 12;  // Radius.
  const int size = kPlotSize + 2 * kMargin;
  const auto x_at = [](double x) { return kMargin + x * kPlotSize; };
  const auto y_at = [](double y) { return kMargin + (1 - y) * kPlotSize; };
  double most = 0;
  for (const SharePoint& point : points) most = std::max(most, point.weight);
  std::string svg =
      absl::StrFormat("<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">\n", size, size, size);
  for (int i = 0; i <= 5; ++i) {
    const double tick = i / 5.0;
    absl::StrAppendFormat(
        &svg, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#e3e6e4\"/>\n",
        x_at(tick), x_at(tick), y_at(0), y_at(1));
    absl::StrAppendFormat(
        &svg, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#e3e6e4\"/>\n",
        x_at(0), x_at(1), y_at(tick), y_at(tick));
    absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">%.1f</text>\n",
                          x_at(tick), y_at(0) + 18, tick);
    absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\">%.1f</text>\n",
                          x_at(0) - 6, y_at(tick) + 4, tick);
  }
  absl::StrAppendFormat(&svg,
                        "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#222\" "
                        "stroke-dasharray=\"4 4\"/>\n",
                        x_at(0), x_at(1), y_at(0), y_at(1));
  for (const SharePoint& point : points) {
    const double radius = most > 0 ? 3 + kLargest * std::sqrt(point.weight / most) : 3;
    absl::StrAppendFormat(&svg,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" "
                          "fill-opacity=\"0.75\"><title>%s</title></circle>\n",
                          x_at(point.x), y_at(point.y), radius, kStrong, HtmlText(point.detail));
  }
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                        x_at(0.5), size - 10, HtmlText(x_label));
  absl::StrAppendFormat(
      &svg,
      "<text x=\"14\" y=\"%.0f\" text-anchor=\"middle\" transform=\"rotate(-90 14 "
      "%.0f)\">%s</text>\n",
      y_at(0.5), y_at(0.5), HtmlText(y_label));
  return svg + "</svg>\n";
}

}  // namespace clustr::ctl
