#ifndef CLUSTR_SERVICES_BUNDLES_SERVICES_H_
#define CLUSTR_SERVICES_BUNDLES_SERVICES_H_

#include <string>
#include <utility>
#include <vector>

#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/rpc/call.h"
#include "services/bundles/recommend/products/many.h"
#include "services/bundles/recommend/products/product_recommender.h"
#include "services/bundles/recommend/recommender.h"
#include "services/bundles/request/shop_ids.h"
#include "services/bundles/rule_service/population_values.h"
#include "services/bundles/rule_service/rule_explainer.h"
#include "services/bundles/rule_service/rule_imports.h"
#include "services/bundles/rule_service/rule_lister.h"
#include "services/bundles/train/trainings.h"
#include "services/bundles/verify/verifications.h"

// The gRPC services of bundles. Each method only names the class or function that answers it. All
// are thread-safe and borrow their arguments.
namespace clustr::bundles {

class AssociationRuleServiceImpl final
    : public v1::AssociationRuleService::WithRawCallbackMethod_ImportRules<
          v1::AssociationRuleService::CallbackService> {
 public:
  AssociationRuleServiceImpl(const Parts& parts, RuleLister* lister, RuleImports* imports,
                             Verifications* verifications)
      : parts_(parts), lister_(*lister), imports_(*imports), verifications_(*verifications) {}

  grpc::ServerUnaryReactor* ListAssociationRules(
      grpc::CallbackServerContext* context, const v1::ListAssociationRulesRequest* request,
      v1::ListAssociationRulesResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { lister_.List(call); },
        [](const auto& r, auto* violations) { RuleLister::Check(r, violations); });
  }
  grpc::ServerUnaryReactor* GetAssociationRule(grpc::CallbackServerContext* context,
                                               const v1::GetAssociationRuleRequest* request,
                                               v1::GetAssociationRuleResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { lister_.Get(call); },
        [](const auto& r, auto* violations) { RuleLister::Check(r, violations); });
  }
  grpc::ServerUnaryReactor* ExplainAssociationRule(
      grpc::CallbackServerContext* context, const v1::ExplainAssociationRuleRequest* request,
      v1::ExplainAssociationRuleResponse* response) override {
    return rpc::BeginCall(
        context, request, response,
        [this](auto* call) {
          const bool is_quick = !call->request().has_population();
          CallQueue& queue = is_quick ? parts_.calls.reads : parts_.calls.lookups;
          WhenVisible(parts_, call, queue, [this, call] {
            const StatePtr state = parts_.states.newest();
            const auto by_id = RequestById<v1::ExplainAssociationRuleRequest>::Make(
                *state->shop, call->request(), CheckExplain);
            if (!by_id.ok()) return call->Reply(by_id.status());
            const auto population =
                parts_.populations.Get(state, PopulationOf(call->request().population()));
            Explain(*population, **by_id, &call->response());
            FillProvenance(parts_, population->state().revisions,
                           population->selection().basket_count,
                           call->response().mutable_provenance());
            call->Reply(absl::OkStatus());
          });
        },
        CheckExplain);
  }
  grpc::ServerUnaryReactor* ListPopulationValues(
      grpc::CallbackServerContext* context, const v1::ListPopulationValuesRequest* request,
      v1::ListPopulationValuesResponse* response) override {
    return rpc::BeginCall(context, request, response, [this](auto* call) {
      WhenVisible(parts_, call, parts_.calls.lookups, [this, call] {
        const StatePtr state = parts_.states.newest();
        FillProvenance(parts_, state->revisions, state->shop->basket_count(),
                       call->response().mutable_provenance());
        call->Reply(FillPopulationValues(*state->shop, &call->response()));
      });
    });
  }
  grpc::ServerWriteReactor<v1::VerifyAssociationRulesResponse>* VerifyAssociationRules(
      grpc::CallbackServerContext* context,
      const v1::VerifyAssociationRulesRequest* request) override {
    return verifications_.Start(context, request);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportRules(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override {
    return imports_.Start(context, response);
  }
  grpc::ServerUnaryReactor* ListRuleSets(grpc::CallbackServerContext* context,
                                         const v1::ListRuleSetsRequest* request,
                                         v1::ListRuleSetsResponse* response) override {
    return rpc::ReadCall(
        context, request, response, parts_.calls.reads,
        [this](const auto& r, auto* answer) { return imports_.rule_sets().List(r, answer); });
  }
  grpc::ServerUnaryReactor* DeleteRuleSet(grpc::CallbackServerContext* context,
                                          const v1::DeleteRuleSetRequest* request,
                                          v1::DeleteRuleSetResponse* response) override {
    return rpc::StartCall(context, request, response, parts_.calls.reads,
                          [this](auto* call) { imports_.Delete(call); });
  }

 private:
  const Parts parts_;
  RuleLister& lister_;
  RuleImports& imports_;
  Verifications& verifications_;
};

class RecommendationServiceImpl final : public v1::RecommendationService::CallbackService {
 public:
  RecommendationServiceImpl(const Parts& parts, Recommender* recommender,
                            ProductRecommender* products)
      : parts_(parts), recommender_(*recommender), products_(*products) {}

  grpc::ServerUnaryReactor* RecommendBundles(grpc::CallbackServerContext* context,
                                             const v1::RecommendBundlesRequest* request,
                                             v1::RecommendBundlesResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { recommender_.Bundles(call); },
        [](const auto& r, auto* violations) { Recommender::Check(r, violations); });
  }
  grpc::ServerUnaryReactor* RecommendProducts(grpc::CallbackServerContext* context,
                                              const v1::RecommendProductsRequest* request,
                                              v1::RecommendProductsResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { products_.Products(call); },
        [](const auto& r, auto* violations) { ProductRecommender::Check(r, violations); },
        [this](const auto& r, auto* answer) { return products_.ProductsAtHand(r, answer); });
  }
  grpc::ServerUnaryReactor* ExplainProduct(grpc::CallbackServerContext* context,
                                           const v1::ExplainProductRequest* request,
                                           v1::ExplainProductResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { products_.Explain(call); },
        [](const auto& r, auto* violations) { ProductRecommender::Check(r, violations); });
  }
  grpc::ServerWriteReactor<v1::RecommendForManyResponse>* RecommendForMany(
      grpc::CallbackServerContext* context, const v1::RecommendForManyRequest* request) override {
    return StartMany(parts_, &products_.answers(), context, request);
  }
  grpc::ServerUnaryReactor* ScoreBundles(grpc::CallbackServerContext* context,
                                         const v1::ScoreBundlesRequest* request,
                                         v1::ScoreBundlesResponse* response) override {
    return rpc::BeginCall(context, request, response,
                          [this](auto* call) { recommender_.Score(call); });
  }
  grpc::ServerUnaryReactor* ExplainBundle(grpc::CallbackServerContext* context,
                                          const v1::ExplainBundleRequest* request,
                                          v1::ExplainBundleResponse* response) override {
    return rpc::BeginCall(
        context, request, response, [this](auto* call) { recommender_.Explain(call); },
        [](const auto& r, auto* violations) { Recommender::Check(r, violations); });
  }

 private:
  const Parts parts_;
  Recommender& recommender_;
  ProductRecommender& products_;
};

class ModelServiceImpl final : public v1::ModelService::CallbackService {
 public:
  ModelServiceImpl(const Parts& parts, Trainings* trainings)
      : parts_(parts), trainings_(*trainings) {}

  grpc::ServerUnaryReactor* ListModels(grpc::CallbackServerContext* context,
                                       const v1::ListModelsRequest* request,
                                       v1::ListModelsResponse* response) override {
    return rpc::ReadCall(
        context, request, response, parts_.calls.reads,
        [this](const auto& r, auto* answer) { return parts_.models.List(r, answer); });
  }
  grpc::ServerUnaryReactor* GetModel(grpc::CallbackServerContext* context,
                                     const v1::GetModelRequest* request,
                                     v1::GetModelResponse* response) override {
    return rpc::StartCall(context, request, response, parts_.calls.reads, [this](auto* call) {
      const std::string& model_id = call->request().model_id();
      parts_.models.WhenKnown({model_id}, [this, call](const absl::Status& known) {
        const auto model = parts_.models.Find(call->request().model_id());
        if (!known.ok() || !model.ok()) return call->Reply(known.ok() ? model.status() : known);
        *call->response().mutable_model() = parts_.models.InfoOf(**model);
        call->Reply(absl::OkStatus());
      });
    });
  }
  grpc::ServerWriteReactor<v1::TrainModelResponse>* TrainModel(
      grpc::CallbackServerContext* context, const v1::TrainModelRequest* request) override {
    return trainings_.Start(context, request);
  }
  grpc::ServerUnaryReactor* ActivateModel(grpc::CallbackServerContext* context,
                                          const v1::ActivateModelRequest* request,
                                          v1::ActivateModelResponse* response) override {
    return rpc::StartCall(context, request, response, parts_.calls.reads, [this](auto* call) {
      const std::string& model_id = call->request().model_id();
      parts_.models.Activate(model_id, [this, call](const absl::StatusOr<std::string>& previous) {
        if (!previous.ok()) return call->Reply(previous.status());
        call->response().set_previous_model_id(*previous);
        const auto activated = parts_.models.Find(call->request().model_id());
        if (activated.ok()) {
          *call->response().mutable_model() = parts_.models.InfoOf(**activated);
        }
        call->Reply(absl::OkStatus());
      });
    });
  }
  grpc::ServerUnaryReactor* SetTraffic(grpc::CallbackServerContext* context,
                                       const v1::SetTrafficRequest* request,
                                       v1::SetTrafficResponse* response) override {
    return rpc::StartCall(
        context, request, response, parts_.calls.reads,
        [this](auto* call) {
          std::vector<TrafficShare> shares;
          for (const v1::ModelShare& share : call->request().shares()) {
            shares.push_back({share.model_id(), share.percent()});
          }
          parts_.models.SetTraffic(std::move(shares), [call](const absl::Status& status) {
            if (status.ok()) *call->response().mutable_shares() = call->request().shares();
            call->Reply(status);
          });
        },
        CheckTraffic);
  }

 private:
  const Parts parts_;
  Trainings& trainings_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_SERVICES_H_
