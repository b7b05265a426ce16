#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

// The part of AIP-160 that lists understand; docs/filters.md is its manual.
namespace clustr::schema {

enum class FilterOp {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kContains,  // The value is a part of the text, byte for byte.
  kIsSet,     // Any value.
  kNever,     // No value: what `price = 1.005` comes to.
};

// One field against one value of its column's type. False for a row in which the field is unset
// (NULL), whatever the operator.
struct Comparison {
  Column column;
  FilterOp op;
  Cell value;  // As stored: cents for money. Without meaning for kIsSet and kNever.
};

// What a row must satisfy. NOT stands at comparisons only, where the parser has pushed it: it is
// true for a row in which the field is unset.
struct Filter {
  enum class Kind { kAllOf, kAnyOf, kComparison };
  Kind kind = Kind::kAllOf;
  std::vector<Filter> parts;  // Of kAllOf and kAnyOf; no part of kAllOf is true.
  bool negated = false;       // Of kComparison.
  Comparison comparison{};

  bool MatchesAll() const { return kind == Kind::kAllOf && parts.empty(); }
};

// Reads `text` as a filter over the fields of a model; nothing but spaces matches every row.
// Appends a violation of `filter`, reason FILTER_INVALID, with the position in code points from 1,
// where it is none; the result is without meaning then. Pure. O(length of text); recursion is
// bounded by 20 parentheses, the tree by 500 comparisons: no database's limits are reached.
Filter ParseFilter(absl::string_view text, const google::protobuf::Descriptor& model,
                   std::vector<Violation>* violations);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_
