#ifndef CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_
#define CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace clustr::sales {

// What catalog says about a reference that the replica does not know.
enum class CatalogAnswer {
  kMissing,      // Catalog was asked and does not have it.
  kUnreachable,  // Catalog could not be asked, so the reference may exist.
};

// The violation for such a reference. `kind` and `value` are for example `customer` and `7`, or
// `product with external_id` and `CAP`, which the message has in quotes; `remedy` says what to do
// if catalog does not have it. Its reason is REFERENCE_MISSING or UPSTREAM.
Violation UnknownReference(std::string path, absl::string_view kind, std::string value,
                           absl::string_view remedy, CatalogAnswer answer);

// The violation for a reference that is held; see CatalogHistory. Its reason is CATALOG_WENT_BACK.
Violation HeldReference(std::string path, absl::string_view kind, std::string value);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_UNKNOWN_REFERENCE_H_
