#ifndef CLUSTR_TESTS_COMMON_STORAGE_LIST_TWIN_H_
#define CLUSTR_TESTS_COMMON_STORAGE_LIST_TWIN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// An independent implementation of filters and orders on plain values in memory, against which
// lists are tested.
namespace clustr::storage {

// An amount of money in cents, a type of its own so that TwinValue distinguishes it from int64_t.
struct TwinCents {
  int64_t cents;
  auto operator<=>(const TwinCents&) const = default;
};
using TwinValue = std::variant<std::string, int64_t, double, TwinCents, bool>;
// The set fields of a row, by name.
using TwinRow = std::map<std::string, TwinValue>;

// A filter as a tree, which can also be written as text.
struct TwinFilter {
  enum class Kind { kAnd, kOr, kNot, kCompare };
  Kind kind;
  std::vector<TwinFilter> parts;
  // The members below are used by kCompare.
  std::string field;
  std::string op;   // An operator as in a filter's text; `*` asks for presence.
  TwinValue value;  // For money, thousandths of a cent as int64_t.
  bool money = false;

  bool Matches(const TwinRow& row) const;
  // The filter as text, with parentheses where AIP-160 needs them and at random where it does not.
  std::string Text(std::mt19937_64& random) const;
};

// Fields, each with true if it is descending.
using TwinOrder = std::vector<std::pair<std::string, bool>>;

// True if `a` comes before `b` in the order, whose last field must be set in both.
bool ComesBefore(const TwinRow& a, const TwinRow& b, const TwinOrder& order);

}  // namespace clustr::storage

#endif  // CLUSTR_TESTS_COMMON_STORAGE_LIST_TWIN_H_
