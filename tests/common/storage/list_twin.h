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

// Filters and orders once more, on plain values in memory: what lists are compared with.
namespace clustr::storage {

// Text, number, double, or cents (as the wrapped number).
struct TwinCents {
  int64_t cents;
  auto operator<=>(const TwinCents&) const = default;
};
using TwinValue = std::variant<std::string, int64_t, double, TwinCents, bool>;
// A row: a field that is unset is not in it.
using TwinRow = std::map<std::string, TwinValue>;

// A filter as a tree, from which its text is made.
struct TwinFilter {
  enum class Kind { kAnd, kOr, kNot, kCompare };
  Kind kind;
  std::vector<TwinFilter> parts;
  // Of kCompare.
  std::string field;
  std::string op;   // `*` asks for presence.
  TwinValue value;  // Of money: thousandths of a cent, as int64_t.
  bool money = false;

  bool Matches(const TwinRow& row) const;
  // With parentheses where AIP-160 needs them, and here and there where it does not.
  std::string Text(std::mt19937_64& random) const;
};

// A field and whether it is descending.
using TwinOrder = std::vector<std::pair<std::string, bool>>;

// True if `a` comes before `b`; the last field of the order is never unset.
bool ComesBefore(const TwinRow& a, const TwinRow& b, const TwinOrder& order);

}  // namespace clustr::storage

#endif  // CLUSTR_TESTS_COMMON_STORAGE_LIST_TWIN_H_
