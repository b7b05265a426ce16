#ifndef CLUSTR_TOOLS_CLUSTRCTL_NEAREST_NAME_H_
#define CLUSTR_TOOLS_CLUSTRCTL_NEAREST_NAME_H_

#include <string>
#include <string_view>
#include <vector>

namespace clustr::ctl {

// What to add to the error about an unknown name: `; did you mean "rules"?` if one of `names` is so
// similar that `given` is probably a mistyped form or a beginning of it, else an empty text. Of
// several, the first that is most similar. Pure, O(total length of the names).
std::string DidYouMean(std::string_view given, const std::vector<std::string>& names);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_NEAREST_NAME_H_
