#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::bundles {

// The flags of clustr-bundles.
std::vector<rpc::Flag> BundlesFlags();

// Makes the bundles service over the database and the two services that the flags name. Error
// messages are meant for an operator. A service that cannot be reached is not an error. Borrows the
// tracer, which may be null.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeBundles(const rpc::Flags& flags,
                                                          rpc::Tracer* tracer = nullptr);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLES_H_
