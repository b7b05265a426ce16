#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_OTHER_ENCODING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_OTHER_ENCODING_H_

#include <string>
#include <string_view>

namespace clustr::ctl {

// In which encoding a text file that begins with `head` seems to be, with the remedy, if it is
// neither UTF-8 nor Windows-1252: the Japanese, Chinese and Korean ones, which have two bytes for a
// character, and those of other alphabets, whose words consist of bytes beyond ASCII. Empty if it
// may be UTF-8 or Windows-1252. Pure, O(length).
std::string WhyOtherEncoding(std::string_view head);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_OTHER_ENCODING_H_
