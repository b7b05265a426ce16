#include "services/sales/catalog/unknown_reference.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clustr::sales {

Violation UnknownReference(std::string path, absl::string_view kind, std::string value,
                           absl::string_view remedy, CatalogAnswer answer) {
  if (answer == CatalogAnswer::kUnreachable) {
    return {std::move(path),
            absl::StrCat("catalog cannot be reached to look for ", kind, " ", value, "; try again"),
            common::v1::ERROR_REASON_UPSTREAM,
            {{"service", "catalog"}, {"value", std::move(value)}}};
  }
  return {std::move(path),
          absl::StrCat("catalog has no ", kind, " ", value, "; ", remedy),
          common::v1::ERROR_REASON_REFERENCE_MISSING,
          {{"value", std::move(value)}}};
}

Violation HeldReference(std::string path, absl::string_view kind, std::string value) {
  return {std::move(path),
          absl::StrCat("catalog was restored from an older copy, and ", kind, " ", value,
                       " may be another one than before; GetStatus of sales says what to do"),
          common::v1::ERROR_REASON_CATALOG_WENT_BACK,
          {{"value", std::move(value)}}};
}

}  // namespace clustr::sales
