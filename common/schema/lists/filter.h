#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

// The subset of AIP-160 filters that list calls support. The manual is docs/filters.md.
namespace clustr::schema {

enum class FilterOp {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kContains,  // The text contains the value, compared byte by byte.
  kIsSet,     // True for any value.
  kNever,     // True for no value, for example `price = 1.005`.
};

// Compares one field with one value of its column's type. It is false for a row in which the field
// is unset (NULL), whatever the operator.
struct Comparison {
  Column column;
  FilterOp op;
  Cell value;  // In stored units: cents for money. Unused by kIsSet and kNever.
};

// A condition on rows, as a tree. The parser pushes NOT down to the comparisons, so only those are
// negated; a negated comparison is true for a row in which the field is unset.
struct Filter {
  enum class Kind { kAllOf, kAnyOf, kComparison };
  Kind kind = Kind::kAllOf;
  std::vector<Filter> parts;  // Used by kAllOf and kAnyOf; kAllOf without parts is true.
  bool negated = false;       // Used by kComparison.
  Comparison comparison{};    // Used by kComparison.

  bool MatchesAll() const { return kind == Kind::kAllOf && parts.empty(); }
};

// Replaces each comparison with a key of a reference (ReferenceKeys, such as customer_external_id)
// by a comparison with the id that it stands for: `id_of(field, key)`, which is 0 if no row has the
// key. Such a comparison is only ever = or !=, and asks which row is meant.
void ReplaceKeys(const google::protobuf::Descriptor& model,
                 absl::FunctionRef<int64_t(const google::protobuf::FieldDescriptor& field,
                                           const std::string& key)>
                     id_of,
                 Filter* filter);
// True if there is any.
bool ComparesKeys(const Filter& filter);

// Parses `text` as a filter over the fields of a model and the keys of its references; ReplaceKeys
// must follow if there are any. An empty text, or one of spaces only,
// matches every row. If the text is not a filter, appends a violation of the field `filter` with
// reason FILTER_INVALID, whose description begins with the 1-based position in code points; the
// returned filter must not be used then. Pure. O(length of text). At most 20 nested parentheses and
// 500 comparisons are accepted, which bounds the recursion and stays below the limits of databases.
Filter ParseFilter(absl::string_view text, const google::protobuf::Descriptor& model,
                   std::vector<Violation>* violations);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_H_
