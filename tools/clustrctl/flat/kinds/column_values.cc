#include "tools/clustrctl/flat/kinds/column_values.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

constexpr size_t kNamed = 8;

}  // namespace

std::string ColumnValues::Text() const {
  const auto named = absl::MakeConstSpan(values).subspan(0, std::min(values.size(), kNamed));
  std::string text = absl::StrJoin(named, ", ", [](std::string* out, const auto& value) {
    absl::StrAppend(out, value.first, " (", WithSeparators(value.second),
                    value.second == 1 ? " row)" : " rows)");
  });
  const size_t more = values.size() - named.size();
  if (more > 0) absl::StrAppend(&text, " and ", more, more == 1 ? " other" : " others");
  return text;
}

std::string ShownText(std::string_view cell) {
  bool legacy = false;
  return OnOneLine(Utf8Text(cell, &legacy));
}

}  // namespace clustr::ctl
