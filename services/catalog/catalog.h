#ifndef CLUSTR_SERVICES_CATALOG_CATALOG_H_
#define CLUSTR_SERVICES_CATALOG_CATALOG_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::catalog {

// The flags of clustr-catalog beyond those of every server.
std::vector<rpc::Flag> CatalogFlags();

// Makes the catalog service over the database that the flags name. The texts of errors are for an
// operator.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeCatalog(const rpc::Flags& flags);

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_CATALOG_H_
