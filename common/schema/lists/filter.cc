#include "common/schema/lists/filter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "common/schema/lists/filter_scanner.h"
#include "common/schema/lists/filter_value.h"
#include "common/schema/lists/list_columns.h"
#include "common/schema/text.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using Kind = FilterToken::Kind;

namespace {

constexpr int kMaxParentheses = 20;
constexpr int kMaxComparisons = 500;

bool IsKey(const Comparison& comparison) {
  return !FieldOptions(*comparison.column.field).key_of().empty();
}

// Recursive descent over
//   filter = [all]; all = any {["AND"] any}; any = term {"OR" term};
//   term = {"NOT" | "-"} ("(" all ")" | field operator value)
// A parsing function returns false after an error. Only the first error is reported.
class Parser {
 public:
  Parser(absl::string_view text, const Descriptor& model)
      : text_(text), model_(model), columns_(ListColumns(model)), scanner_(text) {
    Advance();
  }

  bool Parse(Filter* filter) {
    if (Is(Kind::kEnd)) return true;
    if (!All(/*negated=*/false, /*depth=*/0, filter)) return false;
    return Is(Kind::kEnd) || Fail("this parenthesis was never opened; remove it");
  }

  std::string TakeError() { return std::move(error_); }
  size_t error_position() const { return position_; }

 private:
  bool Is(Kind kind) const { return token_.kind == kind; }
  bool IsWord(absl::string_view word) const { return Is(Kind::kWord) && token_.text == word; }
  void Advance(bool value_expected = false) { token_ = scanner_.Next(value_expected); }

  // Records an error at the current token and returns false.
  bool Fail(absl::string_view why) {
    position_ = CodePoints(text_.substr(0, token_.begin)) + 1;
    error_ = absl::StrCat("position ", position_, ": ", Is(Kind::kBad) ? token_.text : why);
    return false;
  }
  bool FailExpecting(absl::string_view what) {
    return Fail(absl::StrCat(
        Is(Kind::kEnd) ? "the filter ends here" : absl::StrCat("unexpected ", Quoted(token_.text)),
        "; give ", what));
  }

  // Combines several parts in a group; a single part needs no group.
  static Filter Group(Filter::Kind kind, std::vector<Filter> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Filter group;
    group.kind = kind;
    group.parts = std::move(parts);
    return group;
  }

  bool All(bool negated, int depth, Filter* filter) {
    std::vector<Filter> parts;
    do {
      if (IsWord("AND") && !parts.empty()) Advance();
      if (!Any(negated, depth, &parts.emplace_back())) return false;
    } while (!Is(Kind::kEnd) && !Is(Kind::kClose));
    *filter = Group(negated ? Filter::Kind::kAnyOf : Filter::Kind::kAllOf, std::move(parts));
    return true;
  }

  bool Any(bool negated, int depth, Filter* filter) {
    std::vector<Filter> parts;
    do {
      if (!parts.empty()) Advance();
      if (!Term(negated, depth, &parts.emplace_back())) return false;
    } while (IsWord("OR"));
    *filter = Group(negated ? Filter::Kind::kAllOf : Filter::Kind::kAnyOf, std::move(parts));
    return true;
  }

  bool Term(bool negated, int depth, Filter* filter) {
    for (; IsWord("NOT") || Is(Kind::kMinus); Advance()) negated = !negated;
    if (!Is(Kind::kOpen)) return Compare(negated, filter);
    if (depth == kMaxParentheses) {
      return Fail(
          absl::StrCat("more than ", kMaxParentheses, " nested parentheses; simplify the filter"));
    }
    const size_t open = token_.begin;
    Advance();
    if (!All(negated, depth + 1, filter)) return false;
    if (!Is(Kind::kClose)) {
      token_.begin = open;
      return Fail("this parenthesis is never closed; close it");
    }
    Advance();
    return true;
  }

  bool Compare(bool negated, Filter* filter) {
    if (++comparisons_ > kMaxComparisons) {
      return Fail(absl::StrCat("more than ", kMaxComparisons,
                               " comparisons; split the filter over several calls"));
    }
    filter->kind = Filter::Kind::kComparison;
    filter->negated = negated;
    Comparison& comparison = filter->comparison;
    if (!Field(&comparison.column)) return false;
    if (!Is(Kind::kOperator)) return FailExpecting("an operator: = != < <= > >= or :");
    const bool has = token_.text == ":";
    comparison.op = OperatorOf(token_.text);
    if (IsKey(comparison) && comparison.op != FilterOp::kEqual &&
        comparison.op != FilterOp::kNotEqual) {
      return Fail(
          absl::StrCat(comparison.column.field->name(), " names a row; compare it with = or !="));
    }
    Advance(/*value_expected=*/true);
    if (IsWord("*") && has) {
      // A field without presence counts as set if it is neither 0 nor empty.
      comparison.op = comparison.column.nullable ? FilterOp::kIsSet : FilterOp::kNotEqual;
    } else if (!Value(&comparison)) {
      return false;
    }
    Advance();
    return true;
  }

  bool Field(Column* column) {
    if (!Is(Kind::kWord) || IsWord("AND") || IsWord("OR")) {
      return FailExpecting("a comparison, for example " + columns_.front().field->name() + " = 1");
    }
    for (const Column& candidate : columns_) {
      if (candidate.field->name() != token_.text) continue;
      *column = candidate;
      Advance();
      return true;
    }
    for (const ReferenceKey& reference : ReferenceKeys(model_)) {
      if (reference.key->name() != token_.text) continue;
      *column = {reference.key,     reference.key->name(), CellType::kText, /*money=*/false,
                 /*nullable=*/true, /*output_only=*/false};
      Advance();
      return true;
    }
    for (const char* word : {"AND", "OR", "NOT"}) {
      if (absl::EqualsIgnoreCase(token_.text, word)) {
        return Fail(absl::StrCat(Quoted(token_.text), " is not a field; write ", word));
      }
    }
    return Fail(WhyNotListColumn(token_.text, model_));
  }

  bool Value(Comparison* comparison) {
    if (Is(Kind::kWord)) {
      if (IsWord("AND") || IsWord("OR") || IsWord("NOT")) {
        return FailExpecting("a value, in quotes if the word itself is meant");
      }
      if (IsWord("*")) return Fail("`*` asks whether a field is set; write `field:*`");
      if (absl::StrContains(token_.text, "*")) {
        return Fail(absl::StrCat(Quoted(token_.text), " contains a `*`, which is not a wildcard; ",
                                 "use `field:text` to find a part of a text, or put it in quotes"));
      }
    } else if (!Is(Kind::kQuoted)) {
      return FailExpecting("a value");
    }
    const std::string why = ReadFilterValue(token_.text, comparison);
    return why.empty() || Fail(absl::StrCat(comparison->column.field->name(), ": ", why));
  }

  static FilterOp OperatorOf(absl::string_view text) {
    if (text == "=") return FilterOp::kEqual;
    if (text == "!=") return FilterOp::kNotEqual;
    if (text == "<") return FilterOp::kLess;
    if (text == "<=") return FilterOp::kLessEqual;
    if (text == ">") return FilterOp::kGreater;
    return text == ">=" ? FilterOp::kGreaterEqual : FilterOp::kContains;
  }

  const absl::string_view text_;
  const Descriptor& model_;
  const std::vector<Column> columns_;
  FilterScanner scanner_;
  FilterToken token_;
  int comparisons_ = 0;
  size_t position_ = 0;  // Of the error, in code points from 1.
  std::string error_;
};

}  // namespace

Filter ParseFilter(absl::string_view text, const Descriptor& model,
                   std::vector<Violation>* violations) {
  Filter filter;
  Parser parser(text, model);
  if (!parser.Parse(&filter)) {
    violations->push_back({"filter",
                           parser.TakeError(),
                           common::v1::ERROR_REASON_FILTER_INVALID,
                           {{"position", absl::StrCat(parser.error_position())}}});
  }
  return filter;
}

bool ComparesKeys(const Filter& filter) {
  if (filter.kind == Filter::Kind::kComparison) return IsKey(filter.comparison);
  return std::any_of(filter.parts.begin(), filter.parts.end(), ComparesKeys);
}

void ReplaceKeys(
    const Descriptor& model,
    absl::FunctionRef<int64_t(const google::protobuf::FieldDescriptor&, const std::string&)> id_of,
    Filter* filter) {
  for (Filter& part : filter->parts) ReplaceKeys(model, id_of, &part);
  if (filter->kind != Filter::Kind::kComparison || !IsKey(filter->comparison)) return;
  Comparison& comparison = filter->comparison;
  const int64_t id = id_of(*comparison.column.field, comparison.value.text);
  const std::string& id_name = FieldOptions(*comparison.column.field).key_of();
  for (Column& column : ColumnsOf(model)) {
    if (column.field->name() == id_name) comparison.column = std::move(column);
  }
  comparison.value = {};
  comparison.value.integer = id;
  if (id != 0) return;
  // No row refers to a row that does not exist: none is equal, and all are different.
  if (comparison.op == FilterOp::kNotEqual) filter->negated = !filter->negated;
  comparison.op = FilterOp::kNever;
}

}  // namespace clustr::schema
