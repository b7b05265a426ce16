#ifndef CLUSTR_SERVICES_BUNDLES_REQUEST_PARTS_H_
#define CLUSTR_SERVICES_BUNDLES_REQUEST_PARTS_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "clustr/bundles/v1/population.pb.h"
#include "common/rpc/revision_gate.h"
#include "services/bundles/answers/floor_keeper.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/answers/rule_answers.h"
#include "services/bundles/models/models.h"
#include "services/bundles/program/bundle_calls.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/state/published_states.h"
#include "services/bundles/state/shop_replica.h"

namespace clustr::bundles {

// The parts of the program that every handler works with. Borrows all of them; all are thread-safe.
struct Parts {
  BundleCalls& calls;
  PublishedStates& states;
  const ShopReplica& replica;
  PopulationViews& populations;
  RuleAnswers& answers;
  FloorKeeper& floor;
  Models& models;
};

// Runs `work()` in `queue` once the revisions that the request of `call` (an rpc::Call) asks for
// are published. Otherwise ends the call with the error of PublishedStates::Await. May be called on
// any thread. `work` must make sure that the call is replied to.
template <class Call, class Work>
void WhenVisible(const Parts& parts, Call* call, CallQueue& queue, Work work);
// The same for `wanted` instead of these revisions.
template <class Call, class Work>
void WhenVisible(const Parts& parts, const rpc::Revisions& wanted, Call* call, CallQueue& queue,
                 Work work);

// Runs `work()` in `queue` and ends the call with the status that it returns.
template <class Call, class Work>
void Compute(Call* call, CallQueue& queue, Work work);

// Fills in the revisions and the population size that an answer was computed from.
void FillProvenance(const Parts& parts, const rpc::Revisions& revisions, int64_t basket_count,
                    v1::Provenance* provenance);

// The floor restored from the server's last run, as long as this run has not published a state and
// the floor covers `wanted`. Otherwise nullptr.
std::shared_ptr<const rules::Floor> RestoredFloor(const Parts& parts, const rpc::Revisions& wanted);

template <class Call, class Work>
void WhenVisible(const Parts& parts, Call* call, CallQueue& queue, Work work) {
  WhenVisible(parts, RevisionsOf(call->request()), call, queue, std::move(work));
}

template <class Call, class Work>
void WhenVisible(const Parts& parts, const rpc::Revisions& wanted, Call* call, CallQueue& queue,
                 Work work) {
  parts.states.Await(
      wanted, call->caller(), [call] { return call->origin(); },
      [call, &queue, work = std::move(work)](const absl::Status& visible) {
        if (!visible.ok()) return call->Reply(visible);
        call->RunIn(queue, work);
      });
}

template <class Call, class Work>
void Compute(Call* call, CallQueue& queue, Work work) {
  call->RunIn(queue, [call, work = std::move(work)] { call->Reply(work()); });
}

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_REQUEST_PARTS_H_
