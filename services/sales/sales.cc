#include "services/sales/sales.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "services/sales/basket_changes.h"
#include "services/sales/services.h"

namespace clustr::sales {
namespace {

// These threads mostly wait for catalog, or for one of its revisions.
constexpr int kCatalogThreads = 8;
// The figures of a large shop take seconds. They have their own threads and sessions, so that other
// reads and the answers of writes never wait behind them.
constexpr int kScanThreads = 2;

using CatalogFollower =
    streaming::Follower<catalog::v1::StreamCatalogRequest, catalog::v1::StreamCatalogResponse>;

class Sales final : public rpc::Program {
 public:
  Sales(std::unique_ptr<ThreadPool> pool, std::unique_ptr<storage::Store> store,
        std::unique_ptr<CatalogHistory> catalog_history, const std::string& catalog_address)
      : pool_(std::move(pool)),
        store_(std::move(store)),
        catalog_history_(std::move(catalog_history)),
        channel_(streaming::ConnectTo(catalog_address)),
        catalog_stream_(catalog::v1::CatalogStreamService::NewStub(channel_)),
        follower_(
            "catalog", catalog_address,
            [this](grpc::ClientContext* context, const auto& request) {
              // Not to follow a catalog before it is known whether it went back.
              if (!catalog_history_->Compare(*catalog_stream_).ok()) context->TryCancel();
              return catalog_stream_->StreamCatalog(context, request);
            },
            &replica_) {}

  std::vector<grpc::Service*> services() override {
    return {&transaction_service_, &sale_service_, &analytics_service_, &stream_service_};
  }

  void AddStatus(ops::v1::GetStatusResponse* status) override {
    status->set_revision(store_->head_revision());
    status->set_store_id(store_->store_id());
    for (std::string& problem : store_->Problems()) status->add_problems(std::move(problem));
    for (const storage::Table* table : {&transactions_.table(), &sales_.table()}) {
      (*status->mutable_row_counts())[table->name()] = store_->RowCount(table->name());
    }
    const ops::v1::Upstream catalog = follower_.Status();
    if (!catalog.connected()) {
      status->add_problems(
          absl::StrCat("catalog at ", catalog.address(),
                       " is not connected; start clustr-catalog or check --catalog"));
    }
    if (std::string problem = catalog_history_->Problem(); !problem.empty()) {
      status->add_problems(std::move(problem));
    }
    *status->add_upstreams() = catalog;
  }

  void Started(std::function<void(const std::string&, bool)> set_serving) override {
    const auto set_all = [set_serving = std::move(set_serving)](bool serving) {
      for (const char* name :
           {v1::TransactionService::service_full_name(), v1::SaleService::service_full_name(),
            v1::AnalyticsService::service_full_name(), v1::SalesStreamService::service_full_name(),
            ""}) {
        set_serving(name, serving);
      }
    };
    set_all(true);
    store_->OnDamage([set_all] { set_all(false); });
  }

  void Drain() override { feed_.Drain(); }

 private:
  // Members are destroyed in reverse order: services before what they use, the store before the
  // pools.
  const std::unique_ptr<ThreadPool> pool_;
  const std::unique_ptr<storage::Store> store_;
  const std::unique_ptr<CatalogHistory> catalog_history_;
  // Not one of the other pools: their threads may wait for what the gate runs.
  ThreadPool gate_pool_{1};
  rpc::RevisionGate gate_{&gate_pool_};
  CatalogReplica replica_{&gate_, catalog_history_.get()};
  resource::Resource<v1::Sale> sales_{store_.get(), pool_.get(), [this] {
                                        return std::make_unique<SaleRules>(&replica_, WriteFacts());
                                      }};
  resource::Resource<v1::Transaction> transactions_{store_.get(), pool_.get(), [this] {
                                                      return std::make_unique<TransactionRules>(
                                                          &replica_, &sales_.table(), WriteFacts());
                                                    }};
  const PurchaseWriter purchases_{&replica_, &transactions_.writer(), &sales_.table()};
  SalesFeed feed_{store_.get(),
                  pool_.get(),
                  {&transactions_.table()},
                  [](auto& session, const auto& request, const auto& places, auto* response) {
                    return FillBasketChanges(session, places, response);
                  }};
  const std::shared_ptr<grpc::Channel> channel_;
  CatalogClient client_{channel_, &replica_, &gate_};
  ThreadPool catalog_pool_{kCatalogThreads};
  ThreadPool scan_pool_{kScanThreads};
  const Parts parts_{store_.get(), pool_.get(), &catalog_pool_, &scan_pool_, &replica_,
                     &client_,     &gate_,      &transactions_, &sales_,     &purchases_};
  TransactionServiceImpl transaction_service_{parts_};
  SaleServiceImpl sale_service_{parts_};
  AnalyticsServiceImpl analytics_service_{parts_};
  SalesStreamServiceImpl stream_service_{&feed_};
  const std::unique_ptr<catalog::v1::CatalogStreamService::Stub> catalog_stream_;
  CatalogFollower follower_;
};

}  // namespace

std::vector<rpc::Flag> SalesFlags() {
  return {{"database", "sqlite:///data/sales.db",
           "where transactions and their lines are kept: sqlite:///PATH"},
          {"catalog", "127.0.0.1:50051", "HOST:PORT of clustr-catalog"},
          {"accept-catalog", "",
           "after catalog was restored from an older copy: the store id that GetStatus names, to "
           "accept its rows as those that purchases refer to"}};
}

absl::StatusOr<std::unique_ptr<rpc::Program>> MakeSales(const rpc::Flags& flags) {
  const int threads = 2 * static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  auto pool = std::make_unique<ThreadPool>(threads);
  CLUSTR_ASSIGN_OR_RETURN(
      auto store, storage::Store::Open(flags["database"],
                                       {v1::Transaction::descriptor(), v1::Sale::descriptor()},
                                       threads + kScanThreads, pool.get()));
  CLUSTR_ASSIGN_OR_RETURN(auto history, CatalogHistory::Load(store.get(), flags["accept-catalog"]));
  return std::make_unique<Sales>(std::move(pool), std::move(store), std::move(history),
                                 flags["catalog"]);
}

}  // namespace clustr::sales
