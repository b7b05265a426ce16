#include "services/sales/sales.h"

#include <string>
#include <utility>

#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/database/database_flags.h"
#include "common/rpc/database/store_readiness.h"
#include "common/rpc/records/store_metrics.h"
#include "common/rpc/security/tls_flags.h"
#include "common/rpc/tracing/tracer.h"
#include "common/streaming/upstream.h"
#include "common/streaming/upstream_problems.h"
#include "services/sales/basket_changes.h"
#include "services/sales/row_keys.h"
#include "services/sales/services.h"

namespace clustr::sales {
namespace {

// These threads mostly wait for catalog, or for one of its revisions.
constexpr int kCatalogThreads = 8;
constexpr int64_t kParkedBytes = 16 << 20;

std::string DefaultLimits() {
  return absl::StrCat(rpc::RowCalls::kDefaults, ",analytics=64,verifications=8,parked=1024");
}

// As many as there are threads that read, so that none of them waits for another: those of the
// point reads, the scans, the figures and the change streams, the one that dispatches changes,
// the one that keeps the sums and the one that verifies them.
int ReadSessions() { return 4 * rpc::CoreCount() + 3; }

constexpr char kFiguresMemory[] = "figures-memory-mb";
constexpr int64_t kMostFiguresMemory = 1'000'000;

void AddSumsMetrics(const SumsFollower::Measures& measures, rpc::Metrics* metrics) {
  metrics->Gauge(
      "clustr_sums_ready",
      "1 if AnalyticsService answers from sums; 0 if it reads all sales for each answer.",
      measures.ready ? 1 : 0);
  metrics->Gauge("clustr_sums_lines", "Lines that the sums count.",
                 static_cast<double>(measures.lines));
  metrics->Gauge("clustr_sums_bytes", "Memory that the sums take, about.",
                 static_cast<double>(measures.bytes));
}

using CatalogFollower =
    streaming::Follower<catalog::v1::StreamCatalogRequest, catalog::v1::StreamCatalogResponse>;

class Sales final : public rpc::Program {
 public:
  Sales(std::unique_ptr<ThreadPool> acknowledgements, std::unique_ptr<storage::Store> store,
        std::unique_ptr<CatalogHistory> catalog_history, const rpc::CallLimits& limits,
        std::shared_ptr<const streaming::Upstream> catalog, int64_t figures_memory_mb,
        rpc::Tracer* tracer)
      : acknowledgements_(std::move(acknowledgements)),
        calls_(limits),
        analytics_(limits.Of("analytics", "questions for figures", kParkedBytes), rpc::CoreCount(),
                   limits.max_call(), "ask for fewer days at once"),
        verifications_(limits.Of("verifications", "verifications of figures", kParkedBytes), 1,
                       limits.max_call(), "verify fewer days at once"),
        parked_(limits.Of("parked", "calls that wait for a revision", kParkedBytes)),
        store_(std::move(store)),
        catalog_history_(std::move(catalog_history)),
        sums_(figures_memory_mb == 0
                  ? nullptr
                  : std::make_unique<SumsFollower>(store_.get(), &replica_, &transactions_.table(),
                                                   figures_memory_mb << 20)),
        catalog_(std::move(catalog)),
        follower_(
            "catalog", catalog_->address(),
            [this, tracer](grpc::ClientContext* context, const auto& request) {
              // Not to follow a catalog before it is known whether it went back.
              const rpc::Trace trace = rpc::BeginTrace(tracer);
              if (!catalog_history_->Compare(*catalog_, trace).ok()) context->TryCancel();
              return catalog::v1::CatalogStreamService::NewStub(catalog_->channel())
                  ->StreamCatalog(context, request);
            },
            &replica_, tracer) {
    store_->OnRestore([this] {
      catalog_history_->Reload();
      if (sums_ != nullptr) sums_->StartOver();
      feed_.EndStreams();
      follower_.Reconnect();  // Which compares the histories.
    });
  }

  ~Sales() override { store_->OnRestore(nullptr); }

  std::vector<grpc::Service*> services() override {
    return {&transaction_service_, &sale_service_, &analytics_service_, &stream_service_};
  }

  storage::Store* store() override { return store_.get(); }

  void AddStatus(ops::v1::GetStatusResponse* status) override {
    status->set_revision(store_->head_revision());
    status->set_store_id(store_->store_id());
    for (std::string& problem : store_->Problems()) status->add_problems(std::move(problem));
    for (const storage::Table* table : {&transactions_.table(), &sales_.table()}) {
      (*status->mutable_row_counts())[table->name()] = store_->RowCount(table->name());
    }
    const ops::v1::Upstream& catalog = *status->add_upstreams() = follower_.Status();
    for (std::string& problem : streaming::ProblemsOf(catalog)) {
      status->add_problems(std::move(problem));
    }
    for (std::string problem : {catalog_history_->Problem(), catalog_->Problem(),
                                sums_ == nullptr ? "" : sums_->Problem()}) {
      if (!problem.empty()) status->add_problems(std::move(problem));
    }
    watch_.AddStatus(status);
  }

  void AddMetrics(rpc::Metrics* metrics) override {
    rpc::AddStoreMetrics(*store_, metrics);
    watch_.AddMetrics(metrics);
    if (sums_ != nullptr) AddSumsMetrics(sums_->measures(), metrics);
  }

  void Started(std::function<void(const std::string&, bool)> set_serving) override {
    rpc::ReportReadiness(
        store_.get(),
        {v1::TransactionService::service_full_name(), v1::SaleService::service_full_name(),
         v1::AnalyticsService::service_full_name(), v1::SalesStreamService::service_full_name()},
        std::move(set_serving));
  }

  void Drain() override { feed_.Drain(); }

 private:
  // Members are destroyed in reverse order: services before what they use, the store before the
  // pool of its acknowledgements.
  const std::unique_ptr<ThreadPool> acknowledgements_;
  rpc::RowCalls calls_;
  CallQueue analytics_;
  CallQueue verifications_;  // One at a time, as each reads all sales.
  CallSlots parked_;
  const std::unique_ptr<storage::Store> store_;
  const std::unique_ptr<CatalogHistory> catalog_history_;
  // Not one of the other pools: their threads may wait for what the gate runs.
  ThreadPool gate_pool_{1};
  rpc::RevisionGate gate_{&gate_pool_, &parked_};
  CatalogReplica replica_{&gate_, catalog_history_.get()};
  ThreadPool catalog_pool_{kCatalogThreads};
  ThreadPool stream_pool_{rpc::CoreCount()};
  const TransactionKeys transaction_keys_{&replica_};
  const SaleKeys sale_keys_{&replica_};
  resource::Resource<v1::Sale> sales_{
      store_.get(), &calls_, &catalog_pool_,
      [this] { return std::make_unique<SaleRules>(&replica_, WriteFacts()); }, &sale_keys_};
  resource::Resource<v1::Transaction> transactions_{store_.get(), &calls_, &catalog_pool_,
                                                    [this] {
                                                      return std::make_unique<TransactionRules>(
                                                          &replica_, &sales_.table(), WriteFacts());
                                                    },
                                                    &transaction_keys_};
  const PurchaseWriter purchases_{&replica_, &transactions_.writer(), &sales_.writer()};
  SalesFeed feed_{store_.get(),
                  &stream_pool_,
                  &calls_.streams,
                  {&transactions_.table()},
                  [](auto& session, const auto& request, const auto& places, auto* response) {
                    return FillBasketChanges(session, places, response);
                  }};
  const std::unique_ptr<SumsFollower> sums_;  // Null if nobody wants sums.
  const std::shared_ptr<const streaming::Upstream> catalog_;
  CatalogClient client_{catalog_, &replica_, &gate_};
  const Parts parts_{store_.get(),   &calls_,    &analytics_, &verifications_,
                     &catalog_pool_, &replica_,  &client_,    &gate_,
                     &transactions_, &sales_,    &purchases_, &transaction_keys_,
                     &sale_keys_,    sums_.get()};
  TransactionServiceImpl transaction_service_{parts_};
  SaleServiceImpl sale_service_{parts_};
  AnalyticsServiceImpl analytics_service_{parts_};
  SalesStreamServiceImpl stream_service_{&feed_};
  CatalogFollower follower_;
  const rpc::CallWatch watch_{
      {&calls_.reads, &calls_.scans, &analytics_, &verifications_},
      {&calls_.writes, &calls_.imports, &calls_.exports, &calls_.streams, &parked_}};
};

}  // namespace

std::vector<rpc::Flag> SalesFlags() {
  std::vector<rpc::Flag> flags =
      rpc::DatabaseFlags("sqlite:///data/sales.db", "transactions and their lines");
  flags.push_back({"catalog", "127.0.0.1:50051", "HOST:PORT of clustr-catalog"});
  flags.push_back({"accept-catalog", "",
                   "after catalog was restored from an older copy: the store id that GetStatus "
                   "names, to accept its rows as those that purchases refer to"});
  flags.push_back(
      {kFiguresMemory, "512",
       "MiB for the sums from which AnalyticsService answers at once, about 25 bytes a line; 0 for "
       "none. Without them, or where they need more, it reads all sales for each answer"});
  flags.push_back(rpc::UpstreamTlsFlag());
  for (rpc::Flag& flag : rpc::CallLimits::FlagsOf(DefaultLimits())) {
    flags.push_back(std::move(flag));
  }
  return flags;
}

absl::StatusOr<std::unique_ptr<rpc::Program>> MakeSales(const rpc::Flags& flags,
                                                        rpc::Tracer* tracer) {
  CLUSTR_ASSIGN_OR_RETURN(const rpc::CallLimits limits,
                          rpc::CallLimits::Read(flags, DefaultLimits()));
  CLUSTR_ASSIGN_OR_RETURN(const int64_t figures_memory_mb,
                          flags.Integer(kFiguresMemory, 0, kMostFiguresMemory));
  CLUSTR_ASSIGN_OR_RETURN(auto certificates, rpc::OpenUpstreamCertificates(flags, {"catalog"}));
  auto acknowledgements = std::make_unique<ThreadPool>(rpc::CoreCount());
  CLUSTR_ASSIGN_OR_RETURN(
      auto store, rpc::OpenStore(flags, {v1::Transaction::descriptor(), v1::Sale::descriptor()},
                                 CatalogHistory::Tables(), ReadSessions(), acknowledgements.get()));
  if (store == nullptr) return nullptr;
  CLUSTR_ASSIGN_OR_RETURN(auto history, CatalogHistory::Load(store.get(), flags["accept-catalog"]));
  return std::make_unique<Sales>(
      std::move(acknowledgements), std::move(store), std::move(history), limits,
      std::make_shared<const streaming::Upstream>(flags["catalog"], std::move(certificates)),
      figures_memory_mb, tracer);
}

}  // namespace clustr::sales
