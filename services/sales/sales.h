#ifndef CLUSTR_SERVICES_SALES_SALES_H_
#define CLUSTR_SERVICES_SALES_SALES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::sales {

// Flags of clustr-sales.
std::vector<rpc::Flag> SalesFlags();

// The sales service over the database that the flags name, following the catalog that they name.
// Errors are for an operator.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeSales(const rpc::Flags& flags);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SALES_H_
