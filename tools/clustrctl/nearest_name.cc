#include "tools/clustrctl/nearest_name.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace clustr::ctl {
namespace {

// The number of letters to insert, remove, replace or swap with the next to make `b` of `a`.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> two_above(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t k = 1; k <= b.size(); ++k) {
      row[k] =
          std::min({above[k] + 1, row[k - 1] + 1, above[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1)});
      const bool swapped = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (swapped) row[k] = std::min(row[k], two_above[k - 2] + 1);
    }
    std::swap(two_above, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// The dashes of a flag say nothing about what it is like.
std::string_view WithoutDashes(std::string_view name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

}  // namespace

std::string DidYouMean(std::string_view given, const std::vector<std::string>& names) {
  given = WithoutDashes(given);
  size_t lowest = SIZE_MAX;
  std::string nearest;
  for (const std::string& name : names) {
    const std::string_view word = WithoutDashes(name);
    const bool begins = given.size() >= 3 && word.starts_with(given);
    const size_t distance = begins ? 0 : Distance(given, word);
    // One wrong letter in three is a typing error, more is another word.
    const bool similar = begins || 3 * distance <= std::max(given.size(), word.size());
    if (!similar || distance >= lowest) continue;
    lowest = distance;
    nearest = name;
  }
  return nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?");
}

}  // namespace clustr::ctl
