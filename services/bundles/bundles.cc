#include "services/bundles/bundles.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/database/database_flags.h"
#include "common/rpc/records/store_metrics.h"
#include "common/rpc/security/tls_flags.h"
#include "common/storage/server/server_address.h"
#include "common/storage/server/server_lock.h"
#include "common/storage/store.h"
#include "common/streaming/follower.h"
#include "common/streaming/upstream.h"
#include "common/streaming/upstream_problems.h"
#include "services/bundles/models/database_models.h"
#include "services/bundles/models/folder_models.h"
#include "services/bundles/models/model_table.h"
#include "services/bundles/models/traffic.h"
#include "services/bundles/program/file_rows.h"
#include "services/bundles/program/health_signs.h"
#include "services/bundles/program/lag_watch.h"
#include "services/bundles/program/whole_files.h"
#include "services/bundles/rule_sets/database_rule_sets.h"
#include "services/bundles/rule_sets/folder_rule_sets.h"
#include "services/bundles/rules/floor_table.h"
#include "services/bundles/services.h"

namespace clustr::bundles {
namespace {

constexpr int64_t kMaxRulesLimit = 1'000'000'000;
constexpr int64_t kMaxImportedLimit = 100'000'000;
// Rule sets with this many rules are read even if fewer may be imported by now.
constexpr int64_t kMinReadRules = 2'000'000;
constexpr int64_t kMaxLagLimit = 1'000'000;
// Few searches ask for bundles of a lower confidence.
constexpr double kUsualConfidence = 0.02;

using UpstreamPtr = std::shared_ptr<const streaming::Upstream>;
using SalesFollower =
    streaming::Follower<sales::v1::StreamSalesRequest, sales::v1::StreamSalesResponse>;
using CatalogFollower =
    streaming::Follower<catalog::v1::StreamCatalogRequest, catalog::v1::StreamCatalogResponse>;

SalesFollower::Open OpenSales(UpstreamPtr sales) {
  return [sales = std::move(sales)](auto* context, const auto& request) {
    return sales::v1::SalesStreamService::NewStub(sales->channel())->StreamSales(context, request);
  };
}

CatalogFollower::Open OpenCatalog(UpstreamPtr catalog) {
  return [catalog = std::move(catalog)](auto* context, const auto& request) {
    return catalog::v1::CatalogStreamService::NewStub(catalog->channel())
        ->StreamCatalog(context, request);
  };
}

// Tells the lock for trainings apart from others of the same database.
constexpr int kTrainingLock = 1'668'051'062;

// The folder that a flag names or, if it is empty, that is beside the database.
std::string FolderOf(const rpc::Flags& flags, const char* flag, absl::string_view suffix) {
  if (!flags[flag].empty()) return flags[flag];
  return absl::StrCat(absl::StripPrefix(flags["database"], "sqlite:///"), suffix);
}

// Refuses a folder for what the servers of a shared database keep in that, so that each has all of
// it.
absl::Status CheckNoFolder(const rpc::Flags& flags, const char* flag, absl::string_view what) {
  if (flags[flag].empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", flag, "=", flags[flag],
                                                 " is for --database=sqlite:///PATH; with "
                                                 "postgresql://… the database keeps the ",
                                                 what, ": leave --", flag, " out"));
}

// The tables besides that of the rules.
std::vector<std::string> TablesOf(bool is_shared) {
  std::vector<std::string> tables = ModelTables();
  tables.push_back(TrafficTable());
  tables.push_back(rules::FloorTable());
  if (is_shared) tables.push_back(FileRowsTable());
  return tables;
}

absl::Duration AgeOf(const v1::Model& model) {
  return absl::Now() - absl::FromUnixSeconds(model.create_time().seconds());
}

// What is kept beside the database: what it is, and its path.
using Folders = std::vector<std::pair<std::string, std::string>>;

class Bundles final : public rpc::Program {
 public:
  Bundles(std::unique_ptr<BundleCalls> calls, std::unique_ptr<ThreadPool> pool,
          std::unique_ptr<storage::Store> store, std::shared_ptr<const rules::Floor> restored,
          std::unique_ptr<Models> models, std::unique_ptr<RuleSets> rule_sets,
          const UpstreamPtr& sales, const UpstreamPtr& catalog, int64_t max_rules, int64_t max_lag,
          bool train_on_its_own, std::unique_ptr<storage::ServerLock> training_lock,
          Folders folders, rpc::Tracer* tracer)
      : folders_(std::move(folders)),
        calls_(std::move(calls)),
        pool_(std::move(pool)),
        store_(std::move(store)),
        models_(std::move(models)),
        rule_sets_(std::move(rule_sets)),
        answers_(&populations_, max_rules),
        floor_(
            store_.get(), &states_, &answers_,
            [this] {
              health_.FloorReady();
              CountPairs();
            },
            std::move(restored)),
        sales_upstream_(sales),
        verifications_(parts_, sales, catalog),
        trainings_(parts_, train_on_its_own, std::move(training_lock)),
        sales_("sales", sales->address(), OpenSales(sales), replica_.sales(), tracer),
        catalog_("catalog", catalog->address(), OpenCatalog(catalog), replica_.catalog(), tracer),
        lag_watch_([this, max_lag] {
          health_.TooFarBehind(TooFarBehind(sales_.Status(), max_lag) ||
                               TooFarBehind(catalog_.Status(), max_lag));
          const StatePtr state = states_.newest();
          if (state == nullptr) return;
          const index::Snapshot& shop = *state->shop;
          using streaming::RowKind;
          // No answer depends on timeframes.
          health_.LacksTooMuch(
              LacksTooMuch(sales_.set_aside_count(RowKind::kPurchase), shop.basket_count()) ||
              LacksTooMuch(catalog_.set_aside_count(RowKind::kProduct), shop.product_count()) ||
              LacksTooMuch(catalog_.set_aside_count(RowKind::kCustomer), shop.customer_count()));
        }) {
    states_.SetUnreachable([this] {
      std::vector<std::string> names;
      if (catalog_.unreachable()) names.push_back("catalog");
      if (sales_.unreachable()) names.push_back("sales");
      return names;
    });
  }

  // The followers end before the states that ask them.
  ~Bundles() override { states_.SetUnreachable(nullptr); }

  std::vector<grpc::Service*> services() override {
    return {&rule_service_, &recommendation_service_, &model_service_};
  }

  void AddStatus(ops::v1::GetStatusResponse* status) override {
    status->set_store_id(store_->store_id());
    for (std::string& problem : store_->Problems()) status->add_problems(std::move(problem));
    auto& rows = *status->mutable_row_counts();
    rows["rules"] = answers_.floor_size().value_or(
        floor_.restored() == nullptr ? 0 : static_cast<int64_t>(floor_.restored()->rules.size()));
    rows["imported_rules"] = rule_sets_->rule_count();
    if (const StatePtr state = states_.newest()) {
      status->set_revision(state->revisions.sales);
      rows["baskets"] = state->shop->basket_count();
      rows["lines"] = state->shop->line_count();
      rows["products"] = state->shop->product_count();
      rows["customers"] = state->shop->customer_count();
    } else if (const auto restored = floor_.restored()) {
      status->set_revision(restored->sales_revision);
    }
    *status->add_upstreams() = catalog_.Status();
    *status->add_upstreams() = sales_.Status();
    AddProblems(status);
    calls_->AddStatus(status);
  }

  void AddMetrics(rpc::Metrics* metrics) override {
    rpc::AddStoreMetrics(*store_, metrics);
    calls_->AddMetrics(metrics);
    answers_.AddMetrics(metrics);
    trainings_.AddMetrics(metrics);
    metrics->Gauge("clustr_model_age_seconds",
                   "Time since the active model was trained, or first stored in this database.",
                   absl::ToDoubleSeconds(AgeOf(models_->InfoOf(*models_->active()))));
  }

  void Started(std::function<void(const std::string&, bool)> set_serving) override {
    health_.Started(std::move(set_serving));
    store_->OnDamage([this] { health_.Damaged(); });
  }

  void Drain() override {
    draining_ = true;
    calls_->Drain();
    trainings_.Drain();
    states_.Drain();
    floor_.Drain();
  }

  void EndCalls() override { calls_->EndAll(); }
  // By then the floor is written, and what still computes holds nothing that has to be stored.
  absl::Duration last_patience() const override { return absl::Milliseconds(500); }

 private:
  void AddProblems(ops::v1::GetStatusResponse* status) const {
    std::vector<std::string> problems;
    for (const auto& upstream : status->upstreams()) {
      for (std::string& problem : streaming::ProblemsOf(upstream)) {
        problems.push_back(std::move(problem));
      }
    }
    if (!health_.caught_up()) {
      problems.push_back(
          "still reading the contents of sales and catalog; wait until the lag of both upstreams "
          "is 0");
    }
    problems.push_back(floor_.problem());
    problems.push_back(sales_upstream_->Problem());
    for (std::string& problem : models_->Problems()) problems.push_back(std::move(problem));
    for (std::string& problem : rule_sets_->Problems()) problems.push_back(std::move(problem));
    for (const auto& [what, path] : folders_) problems.push_back(ProblemOfFolder(path, what));
    for (const std::string& problem : problems) {
      if (!problem.empty()) status->add_problems(problem);
    }
  }

  // Counts the pairs of all baskets, so that no search has to be the first to do it: searches in
  // any population begin with these, or with those of the rest of the shop.
  void CountPairs() {
    const StatePtr state = states_.newest();
    if (state == nullptr) return;
    const auto wanted = [this] { return draining_ ? absl::CancelledError() : absl::OkStatus(); };
    const auto everything = populations_.Get(state, {});
    // What goes wrong here goes wrong again in the search that needs it, and is told there.
    everything->reference(wanted).status().IgnoreError();
    const ModelPtr model = models_->active();
    if (!model->bundles) return;
    const auto rates = everything->rates(model->bundles->shape);
    rates->Rarer({.min_count = 2, .min_confidence = kUsualConfidence}, wanted)
        .status()
        .IgnoreError();
  }

  const Folders folders_;
  const std::unique_ptr<BundleCalls> calls_;
  // Of the store, and for calls that waited for a revision, on their way to the queue of their
  // class.
  const std::unique_ptr<ThreadPool> pool_;
  const std::unique_ptr<storage::Store> store_;
  const std::unique_ptr<Models> models_;
  const std::unique_ptr<RuleSets> rule_sets_;
  HealthSigns health_;
  std::atomic<bool> draining_{false};
  PublishedStates states_{pool_.get(), &calls_->parked, [this] { health_.CaughtUp(); }};
  ShopReplica replica_{&states_};
  PopulationViews populations_{[this] { return calls_->SpareThreads(); }};
  RuleAnswers answers_;
  FloorKeeper floor_;
  const Parts parts_{*calls_, states_, replica_, populations_, answers_, floor_, *models_};
  RuleLister lister_{parts_, rule_sets_.get()};
  RuleImports rule_imports_{parts_, rule_sets_.get()};
  Recommender recommender_{parts_};
  ProductRecommender product_recommender_{parts_};
  const UpstreamPtr sales_upstream_;
  Verifications verifications_;
  AssociationRuleServiceImpl rule_service_{parts_, &lister_, &rule_imports_, &verifications_};
  RecommendationServiceImpl recommendation_service_{parts_, &recommender_, &product_recommender_};
  Trainings trainings_;
  ModelServiceImpl model_service_{parts_, &trainings_};
  SalesFollower sales_;
  CatalogFollower catalog_;
  LagWatch lag_watch_;
};

}  // namespace

std::vector<rpc::Flag> BundlesFlags() {
  std::vector<rpc::Flag> flags = rpc::DatabaseFlags(
      "sqlite:///data/bundles.db", "rules, and with postgresql://… also models and rule sets,");
  const std::vector<rpc::Flag> own = {
      {"catalog", "127.0.0.1:50051", "HOST:PORT of clustr-catalog"},
      {"sales", "127.0.0.1:50052", "HOST:PORT of clustr-sales"},
      {"models", "",
       "folder in which trained models are kept; empty: beside the database, its path with .models "
       "appended. Not with postgresql://…, where they are in the database"},
      {"train", "auto",
       "auto: train in the background when the shop has grown, and activate what is better; off: "
       "train only when asked to"},
      {"keep-models", "5",
       "number of trained models that are kept; the active one is always among them"},
      {"max-rules", "2000000", "maximum number of rules in one answer"},
      {"rule-sets", "",
       "folder in which imported rule sets are kept; empty: beside the database, its path with "
       ".rules appended. Not with postgresql://…, where they are in the database"},
      {"max-imported-rules", "2000000",
       "maximum number of rules in all imported rule sets together"},
      {"max-lag", "60",
       "seconds that this server may be behind sales or catalog, while connected, before it "
       "reports that it is not ready; 0 for no limit"}};
  flags.insert(flags.end(), own.begin(), own.end());
  flags.push_back(rpc::UpstreamTlsFlag());
  for (rpc::Flag& flag : BundleCalls::Flags()) flags.push_back(std::move(flag));
  return flags;
}

absl::StatusOr<std::unique_ptr<rpc::Program>> MakeBundles(const rpc::Flags& flags,
                                                          rpc::Tracer* tracer) {
  CLUSTR_ASSIGN_OR_RETURN(const int64_t max_rules, flags.Integer("max-rules", 1, kMaxRulesLimit));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t max_lag, flags.Integer("max-lag", 0, kMaxLagLimit));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t keep_models, flags.Integer("keep-models", 1, 1'000));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t max_imported,
                          flags.Integer("max-imported-rules", 1, kMaxImportedLimit));
  const std::string& train = flags["train"];
  if (train != "auto" && train != "off") {
    return absl::InvalidArgumentError(
        absl::StrCat("--train=", train, " is not known; give auto or off"));
  }
  CLUSTR_ASSIGN_OR_RETURN(const auto certificates,
                          rpc::OpenUpstreamCertificates(flags, {"catalog", "sales"}));
  CLUSTR_ASSIGN_OR_RETURN(auto calls, BundleCalls::Make(flags));
  const bool is_shared = storage::IsServerAddress(flags["database"]);
  if (is_shared) {
    CLUSTR_RETURN_IF_ERROR(CheckNoFolder(flags, "models", "models"));
    CLUSTR_RETURN_IF_ERROR(CheckNoFolder(flags, "rule-sets", "rule sets"));
  }
  auto pool = std::make_unique<ThreadPool>(1);
  CLUSTR_ASSIGN_OR_RETURN(auto store, rpc::OpenStore(flags, {v1::BundleRule::descriptor()},
                                                     TablesOf(is_shared), 1, pool.get()));
  if (store == nullptr) return nullptr;
  CLUSTR_ASSIGN_OR_RETURN(auto restored, FloorKeeper::Read(store.get()));
  std::unique_ptr<ModelKeeper> model_keeper;
  std::unique_ptr<RuleSetKeeper> rule_set_keeper;
  Folders folders;
  std::unique_ptr<storage::ServerLock> training_lock;
  if (is_shared) {
    model_keeper = std::make_unique<DatabaseModels>();
    rule_set_keeper = std::make_unique<DatabaseRuleSets>(store.get());
    CLUSTR_ASSIGN_OR_RETURN(training_lock,
                            storage::ServerLock::Make(flags["database"], kTrainingLock));
  } else {
    const std::string model_folder = FolderOf(flags, "models", ".models");
    const std::string rule_set_folder = FolderOf(flags, "rule-sets", ".rules");
    folders = {{"the folder of models", model_folder},
               {"the folder of rule sets", rule_set_folder}};
    model_keeper = std::make_unique<FolderModels>(model_folder);
    rule_set_keeper =
        std::make_unique<FolderRuleSets>(rule_set_folder, std::max(max_imported, kMinReadRules));
  }
  CLUSTR_ASSIGN_OR_RETURN(auto models,
                          Models::Load(store.get(), std::move(model_keeper), keep_models));
  CLUSTR_ASSIGN_OR_RETURN(auto rule_sets, RuleSets::Load(store.get(), std::move(rule_set_keeper),
                                                         {.max_rules = max_imported}));
  return std::make_unique<Bundles>(
      std::move(calls), std::move(pool), std::move(store), std::move(restored), std::move(models),
      std::move(rule_sets),
      std::make_shared<const streaming::Upstream>(flags["sales"], certificates),
      std::make_shared<const streaming::Upstream>(flags["catalog"], certificates), max_rules,
      max_lag, train == "auto", std::move(training_lock), std::move(folders), tracer);
}

}  // namespace clustr::bundles
