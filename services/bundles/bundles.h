#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLES_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace clustr::bundles {

// Flags of clustr-bundles.
std::vector<rpc::Flag> BundlesFlags();

// The bundles service over the database and the two services that the flags name. Errors are for an
// operator; a service that cannot be reached is none.
absl::StatusOr<std::unique_ptr<rpc::Program>> MakeBundles(const rpc::Flags& flags);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLES_H_
