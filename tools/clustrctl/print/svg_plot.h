#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_SVG_PLOT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_SVG_PLOT_H_

#include <string>
#include <string_view>
#include <vector>

// Plots as SVG elements that need nothing outside of themselves. Pure functions.
namespace clustr::ctl {

// `text` with the characters escaped that have a meaning in HTML.
std::string HtmlText(std::string_view text);

// One bar of a chart.
struct Bar {
  std::string label;
  double value = 0;
  double standard_error = 0;  // Drawn as a whisker of one error on either side, if above 0.
  bool strong = false;        // Stands out from the others.
};

// Horizontal bars from 0 to the largest value, each with its label and value. Values are at least
// 0.
std::string BarChart(const std::vector<Bar>& bars);

// One point of a plot of shares.
struct SharePoint {
  double x = 0;
  double y = 0;
  double weight = 1;   // The area of the point is proportional to it.
  std::string detail;  // Shown when the mouse rests on it.
};

// Points with coordinates from 0 to 1, beside the line on which both are equal.
std::string SharePlot(const std::vector<SharePoint>& points, std::string_view x_label,
                      std::string_view y_label);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_SVG_PLOT_H_
