#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORTS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORTS_H_

#include "absl/time/time.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "common/base/pause_watch.h"
#include "common/base/thread_pool.h"
#include "common/rpc/arrival.h"
#include "common/rpc/call.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/rule_service/rule_import_stream.h"
#include "services/bundles/rule_sets/rule_sets.h"

namespace clustr::bundles {

// Answers ImportRules and DeleteRuleSet, on a thread of its own, as both wait for the disk.
// Thread-safe; borrows its arguments.
class RuleImports {
 public:
  RuleImports(const Parts& parts, RuleSets* rule_sets) : parts_(parts), rule_sets_(*rule_sets) {}

  const RuleSets& rule_sets() const { return rule_sets_; }

  // Starts an import. One beyond the limits of its class ends with QUOTA.
  grpc::ServerReadReactor<grpc::ByteBuffer>* Start(grpc::CallbackServerContext* context,
                                                   grpc::ByteBuffer* response) {
    return new RuleImportStream(
        *context, response, parts_, &rule_sets_, &pool_,
        rpc::PlaceFor<v1::ImportRulesRequest>(*context, parts_.calls.rule_imports), &pauses_);
  }

  void Delete(rpc::Call<v1::DeleteRuleSetRequest, v1::DeleteRuleSetResponse>* call) {
    pool_.Run([this, call] {
      const auto removed = rule_sets_.Remove(call->request().name());
      if (removed.ok()) *call->response().mutable_rule_set() = *(*removed)->info;
      call->Reply(removed.status());
    });
  }

 private:
  // How long an import waits for its next message: places are few.
  static constexpr absl::Duration kMaxPause = absl::Seconds(30);

  const Parts parts_;
  RuleSets& rule_sets_;
  ThreadPool pool_{1};
  PauseWatch pauses_{kMaxPause};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORTS_H_
