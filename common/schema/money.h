#ifndef CLUSTR_COMMON_SCHEMA_MONEY_H_
#define CLUSTR_COMMON_SCHEMA_MONEY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/numeric/int128.h"

// Money is a double in units of the currency on the wire and integer cents inside, so sums are
// exact. Pure functions, thread-safe.
namespace clustr::schema {

// 10^10 in cents, the smallest amount that is refused.
inline constexpr int64_t kMoneyLimitCents = 1'000'000'000'000;

// Converts an amount to cents: 0.1 + 0.2 becomes 30, and -0.0 becomes 0. The amount must be within
// 0.00001 of a whole number of cents that is at least 0 and less than 10^10 in currency units;
// otherwise, and for NaN and infinity, the result is unset.
std::optional<int64_t> CentsOf(double amount);

// The double nearest to cents / 100 (one IEEE division of two exact integers). |cents| must be at
// most 2^53.
double AmountOf(int64_t cents);

// Like AmountOf for a sum of any size that is at least 0; also returns the nearest double.
double AmountOfSum(absl::int128 cents);

// Why CentsOf refuses `amount`, with the remedy; empty if it accepts the amount.
std::string WhyNotMoney(double amount);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_MONEY_H_
