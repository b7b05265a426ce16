#include "tools/clustrctl/print/numbers.h"

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clustr::ctl {

std::string WithSeparators(int64_t number) {
  std::string text = absl::StrCat(number);
  const int first_digit = number < 0 ? 1 : 0;
  for (int i = static_cast<int>(text.size()) - 3; i > first_digit; i -= 3) text.insert(i, 1, ',');
  return text;
}

std::string Count(int64_t number, const char* noun) {
  return absl::StrCat(WithSeparators(number), " ", noun, number == 1 ? "" : "s");
}

std::string Money(double amount) {
  const int64_t cents = std::llround(amount * 100);
  return absl::StrFormat("%s%s.%02d", cents < 0 ? "-" : "", WithSeparators(std::abs(cents) / 100),
                         std::abs(cents) % 100);
}

std::string Ratio(double value) {
  if (value >= 10000 && value < 1e15) return WithSeparators(std::llround(value));
  return absl::StrFormat("%.4g", value);
}

std::string Percent(double share) { return absl::StrFormat("%.2f %%", share * 100); }

std::string Bytes(int64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.*f %s", unit == 0 ? 0 : 1, amount, kUnits[unit]);
}

std::string Duration(double seconds) {
  if (seconds < 1) return absl::StrFormat("%.0f ms", seconds * 1000);
  if (seconds < 60) return absl::StrFormat("%.1f s", seconds);
  const auto whole = static_cast<int64_t>(seconds);
  if (whole < 3600) return absl::StrFormat("%d min %d s", whole / 60, whole % 60);
  if (whole < 86400) return absl::StrFormat("%d h %d min", whole / 3600, whole % 3600 / 60);
  return absl::StrFormat("%d d %d h", whole / 86400, whole % 86400 / 3600);
}

}  // namespace clustr::ctl
