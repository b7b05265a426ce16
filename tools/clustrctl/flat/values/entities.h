#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_ENTITIES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_ENTITIES_H_

#include <string>
#include <string_view>

namespace clustr::ctl {

// `text` with the characters that HTML writes as `&amp;`, `&quot;`, `&lt;`, `&gt;`, `&apos;`,
// `&nbsp;`, `&#233;` or `&#xE9;`; all else stays. Shops that show names on web pages also export
// them so. `text` must be UTF-8, and so is the result. Pure function, thread-safe, O(length).
std::string WithoutEntities(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_ENTITIES_H_
