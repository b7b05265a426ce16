#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_FRAME_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_FRAME_H_

#include <string_view>

namespace clustr::ctl {

// What stands around the digits of an amount. Views are parts of the text, or constants.
struct AmountFrame {
  std::string_view digits;    // Digits and separators only; empty if there are none.
  std::string_view currency;  // As CurrencyOf names it; empty if none is given.
  std::string_view unknown;   // A word beside the number that is no currency; usually empty.
  bool negative = false;
  bool is_whole = false;          // A dash stands for the fraction: `5.-`, `19,--`, `500/-`.
  bool is_zero = false;           // A dash stands for the number: `$ -`.
  bool has_two_readings = false;  // `-,50`, `Fr. -.50`: a dash for no whole part, or a sign.
  bool is_good = false;           // False if anything else stands beside the digits.
};

// Finds the digits of an amount in UTF-8. Signs are the dashes of Unicode on either side, brackets
// around the number, and the triangles of Japanese accounts. Pure function, thread-safe, O(length).
AmountFrame FrameOf(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_FRAME_H_
