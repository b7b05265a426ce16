#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_KNOWN_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_KNOWN_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/roles.h"

namespace clustr::ctl {

// The columns without a role that shops in many languages call as the role is meant, such as `Order
// ID`, `Bestellnummer` or `N° de commande` for the order. Case, accents, white space, punctuation
// and brackets, as in `Price (EUR)`, do not count. Names of one role are ranked: a SKU is a better
// code than a barcode. Only the columns of the best rank are returned; if there are several, the
// user has to choose. Names that may mean two things, such as `Amount`, are not known. `is_taken`
// says whether a column has a role already.
std::vector<size_t> ColumnsKnownAs(Role role, absl::Span<const std::string> header,
                                   absl::FunctionRef<bool(size_t)> is_taken);

// Whether a column with this name may number lines as well as orders: `sale_id`, `Transaction no`.
bool MayNumberLines(std::string_view name);

// The currency at the end of a column's name, as CurrencyOf names it: `€` of `Price (EUR)`. Empty
// if there is none. Only codes and signs count.
std::string_view CurrencyInName(std::string_view name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_KNOWN_NAMES_H_
