#ifndef CLUSTR_SERVICES_BUNDLES_STATE_STATE_H_
#define CLUSTR_SERVICES_BUNDLES_STATE_STATE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/revision_gate.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::bundles {

// The shop exactly as it was at a pair of revisions. Immutable.
struct State {
  uint64_t serial = 0;  // Number of the state, counted from 1. Identifies it within this process.
  rpc::Revisions revisions;
  std::string sales_store_id;
  std::string catalog_store_id;
  std::shared_ptr<const index::Snapshot> shop;
};

using StatePtr = std::shared_ptr<const State>;

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_STATE_STATE_H_
