#ifndef CLUSTR_SERVICES_SALES_SALES_H_
#define CLUSTR_SERVICES_SALES_SALES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::sales {

// The flags of clustr-sales beyond those of every server.
std::vector<rpc::Flag> SalesFlags();

// Makes the sales service over the database that the flags name, which follows the catalog that
// they name. Catalog need not be running. Error messages are meant for operators. Borrows the
// tracer, which may be null.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeSales(const rpc::Flags& flags,
                                                        rpc::Tracer* tracer = nullptr);

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SALES_H_
