#include "services/bundles/verify/verifications.h"

#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/schema/validator.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/rules/rule_differences.h"
#include "services/bundles/rules/rule_message.h"
#include "services/bundles/verify/shop_copy.h"

namespace clustr::bundles {
namespace {

constexpr int64_t kChangesPerMessage = 10'000;
constexpr absl::Duration kMaxBetweenMessages = absl::Milliseconds(500);

absl::Status Valid(const v1::VerifyAssociationRulesRequest& request) {
  std::vector<Violation> violations;
  schema::ValidatorOf<v1::VerifyAssociationRulesRequest>().Check(request, "", &violations);
  CheckThresholds(request.thresholds(), &violations);
  if (request.thresholds().only_improving()) {
    violations.push_back({"thresholds.only_improving",
                          "true leaves rules out, but every rule is verified; leave it unset"});
  }
  return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
}

void FillVerdict(const State& state, const rules::SkuRules& served,
                 const std::vector<mining::ReferenceRule>& reference,
                 int64_t reference_basket_count, v1::VerifyVerdict* verdict) {
  const rules::RuleDifferences differences =
      rules::Compare(served, reference, reference_basket_count);
  verdict->set_served_rule_count(static_cast<int64_t>(served.size()));
  verdict->set_reference_rule_count(static_cast<int64_t>(reference.size()));
  verdict->set_difference_count(differences.count);
  for (size_t i = 0; i < differences.first.size(); ++i) {
    const mining::ReferenceRule& rule = differences.first[i];
    rules::FillRule(rule.antecedents, rule.consequents,
                    {rule.count_a, rule.count_b, rule.count_ab, differences.basket_counts[i]},
                    verdict->add_differences());
  }
  verdict->set_digest(rules::DigestOf(served));
  verdict->set_sales_revision(state.revisions.sales);
  verdict->set_catalog_revision(state.revisions.catalog);
}

}  // namespace

grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse>* Verifications::Start(
    grpc::CallbackServerContext* context, const v1::VerifyAssociationRulesRequest* request) {
  auto* stream = new VerifyStream(context, request);
  absl::Status begun = stream->admitted();
  if (begun.ok()) begun = Valid(*request);
  if (!begun.ok()) {
    stream->End(begun);
    return stream;
  }
  CallQueue& queue = parts_.calls.verifications;
  const auto verify = [this, stream, &queue](const absl::Status& status) {
    if (!status.ok()) return stream->End(status);
    stream->set_limit(queue.StartLimit(AnswerBy(stream->deadline())));
    v1::VerifyAssociationRulesResponse last;
    const absl::Status verified = Verify(stream, &last);
    stream->End(verified, std::move(last));
  };
  parts_.states.Await(
      RevisionsOf(*request), stream->caller(), [stream] { return stream->origin(); },
      [stream, &queue, verify](const absl::Status& visible) {
        if (!visible.ok()) return stream->End(visible);
        queue.Add(stream->origin(), stream->caller(), verify);
      });
  return stream;
}

absl::Status Verifications::Verify(VerifyStream* stream, v1::VerifyAssociationRulesResponse* last) {
  const v1::VerifyAssociationRulesRequest& request = stream->request();
  v1::VerifyAssociationRulesResponse& message = *last;
  ShopCopy copy(*sales_, *catalog_, &parts_.states, RevisionsOf(request), stream->trace());
  while (!copy.Await(kChangesPerMessage, kMaxBetweenMessages)) {
    CLUSTR_RETURN_IF_ERROR(stream->caller().Waits());
    message.set_baskets_read(copy.baskets_read());
    stream->SendProgress(message);
  }
  copy.Stop();
  CLUSTR_RETURN_IF_ERROR(copy.status());

  rules::SkuRuleQuery query = {.population = PopulationOf(request.population()),
                               .thresholds = ThresholdsOf(request.thresholds()),
                               .may_raise_support = !request.thresholds().has_min_support()};
  message.set_baskets_read(copy.baskets_read());
  message.set_basket_count(copy.shop().basket_count(query.population));
  // The served rules come first: they may be refused by a limit, which the reference miner lacks.
  CLUSTR_ASSIGN_OR_RETURN(const auto served,
                          parts_.answers.Get(copy.matched(), query, stream->caller()));
  if (served->raised_min_support()) query.thresholds.min_support = *served->raised_min_support();
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<mining::ReferenceRule> reference,
                          copy.shop().Rules(query.population, query.thresholds,
                                            [&] { return stream->caller().Waits(); }));
  FillVerdict(*copy.matched(), *served, reference, message.basket_count(),
              message.mutable_verdict());
  return absl::OkStatus();
}

}  // namespace clustr::bundles
