#ifndef CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_
#define CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace clustr::sales {

// What may be said of a reference that the replica of catalog does not know.
inline constexpr char kReferenceMissing[] = "REFERENCE_MISSING";  // Catalog was asked: not there.
inline constexpr char kUpstream[] = "UPSTREAM";                   // Catalog could not be asked.

// The violation for such a reference: `what` is for example `customer 7`, `remedy` what helps if
// it is missing.
inline Violation UnknownReference(std::string path, absl::string_view what,
                                  absl::string_view remedy, absl::string_view reason) {
  return {std::move(path),
          reason == kUpstream
              ? absl::StrCat("catalog cannot be reached to look for ", what, "; try again")
              : absl::StrCat("catalog has no ", what, "; ", remedy),
          ReasonNamed(reason)};
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_
