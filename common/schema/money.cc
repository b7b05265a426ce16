#include "common/schema/money.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clustr::schema {
namespace {

constexpr double kTolerance = 0.00001;  // In units of the currency: a thousandth of a cent.
constexpr double kLimit = 1e10;

bool IsWholeCents(double amount, double* cents) {
  *cents = std::nearbyint(amount * 100);
  // A double near 10^10 is spaced 2e-6 apart, well below the tolerance.
  return std::fabs(amount - *cents / 100) <= kTolerance;
}

}  // namespace

std::optional<int64_t> CentsOf(double amount) {
  double cents;
  if (!std::isfinite(amount) || std::fabs(amount) > 2 * kLimit || !IsWholeCents(amount, &cents) ||
      cents < 0 || cents >= kMoneyLimitCents) {
    return std::nullopt;
  }
  return static_cast<int64_t>(cents);
}

double AmountOf(int64_t cents) { return static_cast<double>(cents) / 100.0; }

double AmountOfSum(absl::int128 cents) {
  constexpr int64_t kExactInDouble = int64_t{1} << 53;
  if (cents <= kExactInDouble) return AmountOf(static_cast<int64_t>(cents));
  double amount = 0;
  // Parsing a decimal rounds once; dividing a sum that was already rounded would round twice.
  const std::string text = absl::StrFormat("%d.%02d", cents / 100, static_cast<int>(cents % 100));
  return absl::SimpleAtod(text, &amount) ? amount : 0;
}

std::string WhyNotMoney(double amount) {
  if (CentsOf(amount).has_value()) return "";
  const std::string value = absl::StrFormat("%.15g", amount);
  if (!std::isfinite(amount)) return absl::StrCat(value, " is not an amount; give a number");
  double cents;
  if (amount < 0 && !(IsWholeCents(amount, &cents) && cents == 0)) {
    return absl::StrCat(value, " is below 0; give at least 0");
  }
  if (amount >= kLimit - 0.005)
    return absl::StrCat(value, " is too large; give less than 10000000000");
  return absl::StrCat(value, " has a fraction of a cent; give at most two decimals");
}

}  // namespace clustr::schema
