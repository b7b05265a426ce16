#include "services/sales/catalog/unknown_reference.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clustr::sales {

Violation UnknownReference(std::string path, absl::string_view what, absl::string_view remedy,
                           CatalogAnswer answer) {
  if (answer == CatalogAnswer::kUnreachable) {
    return {std::move(path),
            absl::StrCat("catalog cannot be reached to look for ", what, "; try again"),
            common::v1::ERROR_REASON_UPSTREAM};
  }
  return {std::move(path), absl::StrCat("catalog has no ", what, "; ", remedy),
          common::v1::ERROR_REASON_REFERENCE_MISSING};
}

Violation HeldReference(std::string path, absl::string_view what) {
  return {std::move(path),
          absl::StrCat("catalog was restored from an older copy, and ", what,
                       " may be another one than before; GetStatus of sales says what to do"),
          common::v1::ERROR_REASON_CATALOG_WENT_BACK};
}

}  // namespace clustr::sales
