#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_SERVING_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_SERVING_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "clustr/bundles/v1/population.pb.h"
#include "common/base/thread_pool.h"
#include "services/bundles/answers/floor_keeper.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/answers/rule_answers.h"
#include "services/bundles/models/models.h"
#include "services/bundles/program/mining_pool.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/state/published_states.h"
#include "services/bundles/state/shop_replica.h"

namespace clustr::bundles {

// What every handler works with; borrowed from the program. All of it is thread-safe.
struct Serving {
  ThreadPool& reads;
  MiningPool& mining;
  PublishedStates& states;
  const ShopReplica& replica;
  PopulationViews& populations;
  RuleAnswers& answers;
  FloorKeeper& floor;
  const Models& models;
};

// Calls `work()` on a thread for reads once what the request of `call`, an rpc::Call, wants to see
// is published, otherwise ends the call. `work` sees to it that the call is replied to.
template <class Call, class Work>
void WhenVisible(const Serving& serving, Call* call, Work work) {
  serving.states.Await(RevisionsOf(call->request()), call->deadline(),
                       [call, work = std::move(work)](const absl::Status& visible) {
                         if (!visible.ok()) return call->Reply(visible);
                         if (absl::Status wanted = call->Wanted(); !wanted.ok()) {
                           return call->Reply(wanted);
                         }
                         work();
                       });
}

// Ends the call with what `work()`, which takes long, returns.
template <class Call, class Work>
void Compute(const Serving& serving, Call* call, Work work) {
  const absl::Status queued = serving.mining.Run([call, work = std::move(work)] {
    absl::Status wanted = call->Wanted();
    call->Reply(wanted.ok() ? work() : wanted);
  });
  if (!queued.ok()) call->Reply(queued);
}

// What an answer was computed from.
inline void FillProvenance(const Serving& serving, const rpc::Revisions& revisions,
                           int64_t basket_count, v1::Provenance* provenance) {
  provenance->set_sales_revision(revisions.sales);
  provenance->set_sales_head_revision(std::max(revisions.sales, serving.replica.sales_head()));
  provenance->set_catalog_revision(revisions.catalog);
  provenance->set_basket_count(basket_count);
}

// The floor of the server's last run, as long as it has no state of its own; otherwise nullptr.
inline std::shared_ptr<const rules::Floor> RestoredFloor(const Serving& serving,
                                                         const rpc::Revisions& wanted) {
  const auto floor = serving.floor.restored();
  if (floor == nullptr || serving.states.newest() != nullptr) return nullptr;
  const rpc::Revisions revisions = {floor->sales_revision, floor->catalog_revision};
  return revisions.Covers(wanted) ? floor : nullptr;
}

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_SERVING_H_
