#include "services/catalog/catalog.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/database/database_flags.h"
#include "common/rpc/database/store_readiness.h"
#include "common/rpc/records/store_metrics.h"
#include "services/catalog/change_rows.h"
#include "services/catalog/services.h"
#include "services/catalog/timeframe_rules.h"

namespace clustr::catalog {
namespace {

// As many as there are threads that read, so that none of them waits for another: those of the
// point reads, the scans and the change streams, and the one that dispatches the changes.
int ReadSessions() { return 3 * rpc::CoreCount() + 1; }

class Catalog final : public rpc::Program {
 public:
  Catalog(std::unique_ptr<ThreadPool> acknowledgements, std::unique_ptr<storage::Store> store,
          const rpc::CallLimits& limits)
      : acknowledgements_(std::move(acknowledgements)),
        calls_(limits),
        store_(std::move(store)),
        products_(store_.get(), &calls_, &import_pool_),
        customers_(store_.get(), &calls_, &import_pool_),
        timeframes_(store_.get(), &calls_, &import_pool_,
                    [] { return std::make_unique<TimeframeRules>(); }),
        tables_({&products_.table(), &customers_.table(), &timeframes_.table()}),
        feed_(store_.get(), &stream_pool_, &calls_.streams, tables_,
              [this](auto& session, const auto& request, const auto& places, auto* response) {
                return FillCatalogChanges(tables_, session, request, places, response);
              }) {
    store_->OnRestore([this] { feed_.EndStreams(); });
  }

  ~Catalog() override { store_->OnRestore(nullptr); }

  std::vector<grpc::Service*> services() override {
    return {&product_service_, &customer_service_, &timeframe_service_, &stream_service_};
  }

  storage::Store* store() override { return store_.get(); }

  void AddStatus(ops::v1::GetStatusResponse* status) override {
    status->set_revision(store_->head_revision());
    status->set_store_id(store_->store_id());
    for (std::string& problem : store_->Problems()) status->add_problems(std::move(problem));
    for (const storage::Table* table : tables_) {
      (*status->mutable_row_counts())[table->name()] = store_->RowCount(table->name());
    }
    watch_.AddStatus(status);
  }

  void AddMetrics(rpc::Metrics* metrics) override {
    rpc::AddStoreMetrics(*store_, metrics);
    watch_.AddMetrics(metrics);
  }

  void Started(std::function<void(const std::string&, bool)> set_serving) override {
    rpc::ReportReadiness(
        store_.get(),
        {v1::ProductService::service_full_name(), v1::CustomerService::service_full_name(),
         v1::TimeframeService::service_full_name(), v1::CatalogStreamService::service_full_name()},
        std::move(set_serving));
  }

  void Drain() override { feed_.Drain(); }

 private:
  // Members are destroyed in reverse order: the store before the pool of its acknowledgements.
  const std::unique_ptr<ThreadPool> acknowledgements_;
  rpc::RowCalls calls_;
  const std::unique_ptr<storage::Store> store_;
  ThreadPool import_pool_{rpc::CoreCount()};
  ThreadPool stream_pool_{rpc::CoreCount()};
  resource::Resource<v1::Product> products_;
  resource::Resource<v1::Customer> customers_;
  resource::Resource<v1::Timeframe> timeframes_;
  const std::vector<const storage::Table*> tables_;
  CatalogFeed feed_;
  ProductServiceImpl product_service_{&products_};
  CustomerErasure erasure_{store_.get(), &calls_, &customers_.writer()};
  CustomerServiceImpl customer_service_{&customers_, &erasure_};
  TimeframeServiceImpl timeframe_service_{&timeframes_};
  CatalogStreamServiceImpl stream_service_{&feed_, store_.get(), &calls_.writes};
  const rpc::CallWatch watch_{{&calls_.reads, &calls_.scans},
                              {&calls_.writes, &calls_.imports, &calls_.exports, &calls_.streams}};
};

}  // namespace

std::vector<rpc::Flag> CatalogFlags() {
  std::vector<rpc::Flag> flags =
      rpc::DatabaseFlags("sqlite:///data/catalog.db", "products, customers and timeframes");
  for (rpc::Flag& flag : rpc::CallLimits::FlagsOf(rpc::RowCalls::kDefaults)) {
    flags.push_back(std::move(flag));
  }
  return flags;
}

absl::StatusOr<std::unique_ptr<rpc::Program>> MakeCatalog(const rpc::Flags& flags) {
  CLUSTR_ASSIGN_OR_RETURN(const rpc::CallLimits limits,
                          rpc::CallLimits::Read(flags, rpc::RowCalls::kDefaults));
  auto acknowledgements = std::make_unique<ThreadPool>(rpc::CoreCount());
  CLUSTR_ASSIGN_OR_RETURN(
      auto store, rpc::OpenStore(flags,
                                 {v1::Product::descriptor(), v1::Customer::descriptor(),
                                  v1::Timeframe::descriptor()},
                                 /*more_tables=*/{}, ReadSessions(), acknowledgements.get()));
  if (store == nullptr) return nullptr;
  return std::make_unique<Catalog>(std::move(acknowledgements), std::move(store), limits);
}

}  // namespace clustr::catalog
