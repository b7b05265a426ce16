#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_PRESETS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_PRESETS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/roles.h"

namespace clustr::ctl {

// The form in which a shop system exports order lines.
struct Preset {
  struct Column {
    Role role;
    std::vector<std::string> names;  // The first that the file has is the role's column.
  };
  std::string name;  // As the report names it: `Shopify`.
  // A file has this form if it has one column of each of these lists.
  std::vector<std::vector<std::string>> signature;
  std::vector<Column> columns;
  // Columns that say whether an order came about, and the words in them that say that it did not,
  // or that all of it was paid back.
  struct Status {
    std::vector<std::string> names;  // Of the column; the first that the file has.
    std::vector<std::string> words;  // An empty list stands for any text.
  };
  std::vector<Status> statuses;

  // The names of the role's column; empty if the form has none.
  const std::vector<std::string>& NamesOf(Role role) const;
};

// The preset whose signature `header` has; null if there is none. Names are compared without regard
// to case and surrounding spaces. The presets live for ever.
const Preset* FindPreset(absl::Span<const std::string> header);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_PRESETS_H_
