#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Splits the text of a filter into tokens.
namespace clustr::schema {

struct FilterToken {
  enum class Kind { kEnd, kOpen, kClose, kMinus, kOperator, kWord, kQuoted, kBad };
  Kind kind = Kind::kEnd;
  // The word or operator. For kQuoted, the text between the quotes with its escapes resolved. For
  // kBad, the error with its remedy.
  std::string text;
  size_t begin = 0;  // Offset of the first byte in the filter.
};

// Scans one filter from start to end. Borrows the text. Not thread-safe.
class FilterScanner {
 public:
  explicit FilterScanner(absl::string_view text) : text_(text) {}

  // Returns the next token; at the end of the text, kEnd on every call. After kBad the scanner must
  // not be used. If `value_expected`, a word may begin with `-`, which otherwise is kMinus.
  FilterToken Next(bool value_expected);

 private:
  FilterToken Quoted();
  FilterToken Take(FilterToken::Kind kind, size_t length);

  const absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_
