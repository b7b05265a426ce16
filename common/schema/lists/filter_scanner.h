#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// The words and signs of a filter.
namespace clustr::schema {

struct FilterToken {
  enum class Kind { kEnd, kOpen, kClose, kMinus, kOperator, kWord, kQuoted, kBad };
  Kind kind = Kind::kEnd;
  // The word or operator; of kQuoted what stands between the quotes, escapes resolved; of kBad why
  // it is none, with the remedy.
  std::string text;
  size_t begin = 0;  // First byte.
};

// Reads one filter from its start to its end. Borrows the text. Not thread-safe.
class FilterScanner {
 public:
  explicit FilterScanner(absl::string_view text) : text_(text) {}

  // The next token, kEnd at the end ever again. Where a value is expected a word may begin with
  // `-`, which negates a comparison elsewhere.
  FilterToken Next(bool value_expected);

 private:
  FilterToken Quoted();
  FilterToken Take(FilterToken::Kind kind, size_t length);

  const absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_SCANNER_H_
