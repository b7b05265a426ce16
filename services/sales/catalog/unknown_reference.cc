#include "services/sales/catalog/unknown_reference.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::sales {

namespace {

std::string Shown(absl::string_view kind, const std::string& value) {
  return absl::EndsWith(kind, "external_id") ? Quoted(value) : value;
}

}  // namespace

Violation UnknownReference(std::string path, absl::string_view kind, std::string value,
                           absl::string_view remedy, CatalogAnswer answer) {
  if (answer == CatalogAnswer::kUnreachable) {
    return {std::move(path),
            absl::StrCat("catalog cannot be reached to look for ", kind, " ", Shown(kind, value),
                         "; try again"),
            common::v1::ERROR_REASON_UPSTREAM,
            {{"service", "catalog"}, {"value", Shortened(value)}}};
  }
  return {std::move(path),
          absl::StrCat("catalog has no ", kind, " ", Shown(kind, value), "; ", remedy),
          common::v1::ERROR_REASON_REFERENCE_MISSING,
          {{"value", Shortened(value)}}};
}

Violation HeldReference(std::string path, absl::string_view kind, std::string value) {
  return {std::move(path),
          absl::StrCat("catalog was restored from an older copy, and ", kind, " ", value,
                       " may be another one than before; GetStatus of sales says what to do"),
          common::v1::ERROR_REASON_CATALOG_WENT_BACK,
          {{"value", Shortened(value)}}};
}

}  // namespace clustr::sales
