#include "tests/bench/service/report.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::bench {

void Report::Add(const std::string& figure, double value, const std::string& unit) {
  lines_ << absl::StrFormat("{\"figure\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"}", figure, value,
                            unit)
         << std::endl;
  table_.Add({figure,
              std::abs(value) >= 1000 ? ctl::WithSeparators(std::llround(value))
                                      : absl::StrFormat("%.4g", value),
              unit});
}

}  // namespace clustr::bench
