#ifndef CLUSTR_SERVICES_CATALOG_CATALOG_H_
#define CLUSTR_SERVICES_CATALOG_CATALOG_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::catalog {

// Flags of clustr-catalog.
std::vector<rpc::Flag> CatalogFlags();

// The catalog service over the database that the flags name. Errors are for an operator.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeCatalog(const rpc::Flags& flags);

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_CATALOG_H_
