#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CURSOR_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CURSOR_H_

#include <cstddef>
#include <string_view>

namespace clustr::ctl {

// Reads a text from left to right. Spaces are those of ASCII and the no-break, thin and other ones
// of UTF-8. The words it returns are part of the text. Not thread-safe.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }
  bool at_digit() const { return next() >= '0' && next() <= '9'; }
  // Whether a letter comes; every character beyond ASCII that is no space counts as one.
  bool at_letter() const;

  // Takes the character or text if it comes next.
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool TakeSpaces();

  // Takes what stands between the parts of a date with the name of a month: spaces and marks.
  void TakeFiller();

  // Takes the digits that come next, at most `max_digits`, which is up to 9, and returns their
  // value. Sets `digits` to their number.
  int TakeNumber(int* digits, int max_digits = 8);

  // Takes a number of `min_digits` to `max_digits` digits that is at most `max`; -1 if none comes.
  int TakeBounded(int min_digits, int max_digits, int max);

  // Takes all digits that come next.
  void TakeDigits() {
    while (at_digit()) rest_.remove_prefix(1);
  }

  // Takes the letters that come next.
  std::string_view TakeWord();

 private:
  std::string_view rest_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CURSOR_H_
