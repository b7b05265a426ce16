#ifndef CLUSTR_COMMON_SCHEMA_MONEY_H_
#define CLUSTR_COMMON_SCHEMA_MONEY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/numeric/int128.h"

// Money is a double on the wire and whole cents inside: no sum is ever off by a cent.
namespace clustr::schema {

// 10^10 in cents: the first amount that is refused.
inline constexpr int64_t kMoneyLimitCents = 1'000'000'000'000;

// The cents of an amount that is within 0.00001 of a whole cent, at least 0 and below 10^10: 0.1 +
// 0.2 is 30. Unset for any other number, NaN and infinity too. -0.0 is 0.
std::optional<int64_t> CentsOf(double amount);

// The double nearest to the amount: cents / 100, one IEEE division of two exact integers.
double AmountOf(int64_t cents);

// The same for a sum of any size, at least 0: the nearest double there too.
double AmountOfSum(absl::int128 cents);

// Why CentsOf refuses `amount`, with the remedy; empty if it does not.
std::string WhyNotMoney(double amount);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_MONEY_H_
