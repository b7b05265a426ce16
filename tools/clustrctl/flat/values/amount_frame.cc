#include "tools/clustrctl/flat/values/amount_frame.h"

#include <array>
#include <string>

#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"

namespace clustr::ctl {
namespace {

// Minus signs, and the dashes that editors make of them.
constexpr std::array kDashes =
    std::to_array<std::string_view>({"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
                                     "\u2015", "\u2212", "\uFE58", "\uFE63", "\uFF0D"});
constexpr std::array kTriangles = std::to_array<std::string_view>({"\u25B2", "\u25B3"});

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

template <class Marks>
size_t MarkAt(const Marks& marks, std::string_view text) {
  for (const std::string_view mark : marks) {
    if (text.starts_with(mark)) return mark.size();
  }
  return 0;
}

size_t DashBefore(std::string_view text) {
  for (const std::string_view dash : kDashes) {
    if (text.ends_with(dash)) return dash.size();
  }
  return 0;
}

size_t CharacterAt(std::string_view text) {
  size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    ++length;
  }
  return length;
}

// Reads an amount from both ends towards its digits.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : text_(Trimmed(text)) {}

  AmountFrame Frame() {
    DropBrackets();
    while (!text_.empty() && !IsDigit(text_.front()) && StripFront()) {
    }
    // Brackets may also stand behind a currency: $(5.00).
    if (!frame_.negative) DropBrackets();
    while (!text_.empty() && !IsDigit(text_.back()) && StripBack()) {
    }
    frame_.is_zero = text_.empty() && dashes_ == 1 && !frame_.currency.empty();
    frame_.digits = text_;
    frame_.has_two_readings = fraction_mark_ == ',' || (fraction_mark_ == '.' && IsSwiss());
    contradicts_ = contradicts_ || frame_.has_two_readings;
    frame_.is_good = frame_.unknown.empty() && !contradicts_ && (!text_.empty() || frame_.is_zero);
    return frame_;
  }

 private:
  bool IsSwiss() const { return frame_.currency == "CHF"; }

  void DropBrackets() {
    if (text_.size() <= 2 || text_.front() != '(' || text_.back() != ')') return;
    frame_.negative = true;
    text_ = text_.substr(1, text_.size() - 2);
  }

  bool Negate(size_t dashes) {
    if (frame_.negative) return false;
    frame_.negative = true;
    dashes_ += dashes;
    return true;
  }

  // Takes a currency; false if the word is none.
  bool TakeWord(std::string_view word, bool is_front) {
    const std::string_view currency = CurrencyOf(word);
    if (currency.empty()) {
      frame_.unknown = word;
      return false;
    }
    const bool had = !frame_.currency.empty();
    frame_.currency =
        is_front && had ? std::string_view() : JoinedCurrency(frame_.currency, currency);
    contradicts_ = contradicts_ || frame_.currency.empty();
    return !contradicts_;
  }

  // Removes white space, a sign or a currency in front; false if there is none.
  bool StripFront() {
    const size_t before = text_.size();
    text_ = Trimmed(text_);
    if (text_.empty()) return false;
    const size_t dash = MarkAt(kDashes, text_);
    const size_t sign = dash > 0 ? dash : MarkAt(kTriangles, text_);
    if (sign > 0) {
      if (!Negate(1)) return false;
      text_.remove_prefix(sign);
      if (text_.starts_with('.') || text_.starts_with(',')) fraction_mark_ = text_.front();
      return true;
    }
    if (text_.front() == '+') {
      text_.remove_prefix(1);
      return true;
    }
    const size_t length = WordAtFront();
    if (length == 0) return text_.size() != before;
    std::string_view word = text_.substr(0, length);
    text_.remove_prefix(length);
    // The dot of `Rs.500` belongs to the word, that of `$.50` to the number.
    if (text_.starts_with('.') && IsAbbreviatedCurrency(word)) text_.remove_prefix(1);
    // `US $5.00` is `US$5.00`.
    const std::string_view rest = Trimmed(text_);
    if (rest.starts_with('$') && CurrencyOf(word).empty()) {
      const std::string dollars = std::string(word) + "$";
      if (!CurrencyOf(dollars).empty()) {
        text_ = rest.substr(1);
        return TakeWord(dollars, true);
      }
    }
    return TakeWord(word, true);
  }

  size_t WordAtFront() const {
    size_t length = 0;
    while (length < text_.size() && IsWordByte(text_[length])) {
      const std::string_view rest = text_.substr(length);
      if (SpaceAt(rest) > 0 || MarkAt(kDashes, rest) > 0 || MarkAt(kTriangles, rest) > 0) break;
      length += CharacterAt(rest);
    }
    if (length > 0 && text_.substr(length).starts_with('/')) ++length;
    return length;
  }

  // The same behind the digits.
  bool StripBack() {
    const size_t before = text_.size();
    text_ = Trimmed(text_);
    if (text_.empty()) return false;
    if (DashBefore(text_) > 0) return StripDashesBehind();
    std::string_view rest = text_;
    if (rest.size() > 1 && rest.back() == '.' && IsWordByte(rest[rest.size() - 2])) {
      rest.remove_suffix(1);
    }
    size_t start = rest.size();
    while (start > 0 && IsWordByte(rest[start - 1])) --start;
    // White space and signs beyond ASCII are no part of the word.
    while (start < rest.size()) {
      const std::string_view word = rest.substr(start);
      const size_t dash = MarkAt(kDashes, word);
      if (dash == 0 && SpaceAt(word) == 0) break;
      start += dash > 0 ? dash : CharacterAt(word);
    }
    const std::string_view word = rest.substr(start);
    if (word.empty()) return text_.size() != before;
    if (rest.size() != text_.size() && !IsAbbreviatedCurrency(word)) {
      frame_.unknown = text_.substr(start);
      return false;
    }
    text_ = text_.substr(0, start);
    return TakeWord(word, false);
  }

  // One dash is a sign; dashes behind a mark stand for the fraction.
  bool StripDashesBehind() {
    std::string_view rest = text_;
    size_t count = 0;
    for (size_t dash = DashBefore(rest); dash > 0; dash = DashBefore(rest)) {
      rest.remove_suffix(dash);
      ++count;
    }
    const bool has_mark =
        rest.size() > 1 && (rest.back() == '.' || rest.back() == ',' || rest.back() == '/');
    if (has_mark && IsDigit(rest[rest.size() - 2])) {
      if (frame_.is_whole) return false;
      frame_.is_whole = true;
      rest.remove_suffix(1);
    } else if (count > 1 || !Negate(count)) {
      return false;
    }
    text_ = rest;
    return true;
  }

  std::string_view text_;
  AmountFrame frame_;
  size_t dashes_ = 0;
  char fraction_mark_ = '\0';  // A mark behind a dash in front.
  bool contradicts_ = false;
};

}  // namespace

AmountFrame FrameOf(std::string_view text) {
  if (!text.empty() && IsDigit(text.front()) && IsDigit(text.back())) {
    AmountFrame frame;
    frame.digits = text;
    frame.is_good = true;
    return frame;
  }
  return Stripper(text).Frame();
}

}  // namespace clustr::ctl
