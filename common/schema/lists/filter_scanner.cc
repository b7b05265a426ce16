#include "common/schema/lists/filter_scanner.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::schema {

using Kind = FilterToken::Kind;

namespace {

bool EndsWord(char c) { return absl::StrContains(" ()\"'<>=!:,\\", absl::string_view(&c, 1)); }

// Length of the operator at the start of `text` in bytes; 0 if there is none.
size_t OperatorLength(absl::string_view text) {
  for (const char* two : {"<=", ">=", "!="}) {
    if (absl::StartsWith(text, two)) return 2;
  }
  return absl::StrContains("=<>:", text.substr(0, 1)) ? 1 : 0;
}

}  // namespace

FilterToken FilterScanner::Take(Kind kind, size_t length) {
  FilterToken token{kind, std::string(text_.substr(at_, length)), at_};
  at_ += length;
  return token;
}

FilterToken FilterScanner::Next(bool value_expected) {
  while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  if (at_ == text_.size()) return {Kind::kEnd, "", at_};
  const char first = text_[at_];
  if (first == '(') return Take(Kind::kOpen, 1);
  if (first == ')') return Take(Kind::kClose, 1);
  if (first == '-' && !value_expected) return Take(Kind::kMinus, 1);
  if (first == '"' || first == '\'') return Quoted();
  if (const size_t length = OperatorLength(text_.substr(at_)); length > 0) {
    return Take(Kind::kOperator, length);
  }
  if (EndsWord(first)) {
    return {Kind::kBad,
            absl::StrCat("`", text_.substr(at_, 1),
                         "` has no meaning here; put a text that contains it in quotes"),
            at_};
  }
  const auto rest = text_.substr(at_);
  return Take(Kind::kWord, std::find_if(rest.begin(), rest.end(), EndsWord) - rest.begin());
}

FilterToken FilterScanner::Quoted() {
  FilterToken token{Kind::kQuoted, "", at_};
  const char quote = text_[at_];
  for (size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == quote) {
      at_ = i + 1;
      return token;
    }
    if (text_[i] == '\\') {
      ++i;
      if (i < text_.size() && !absl::StrContains("\\\"'", text_.substr(i, 1))) {
        return {Kind::kBad,
                "a backslash is allowed only before a quote or a backslash; write `\\\\` for a backslash",
                i - 1};
      }
    }
    if (i < text_.size()) token.text.push_back(text_[i]);
  }
  return {Kind::kBad,
          absl::StrCat("this quote is never closed; close it with `", text_.substr(at_, 1), "`"),
          at_};
}

}  // namespace clustr::schema
