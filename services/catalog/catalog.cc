#include "services/catalog/catalog.h"

#include <thread>

#include "common/base/status_macros.h"
#include "services/catalog/change_rows.h"
#include "services/catalog/services.h"
#include "services/catalog/timeframe_rules.h"

namespace clustr::catalog {
namespace {

class Catalog final : public rpc::Program {
 public:
  Catalog(std::unique_ptr<ThreadPool> pool, std::unique_ptr<storage::Store> store)
      : pool_(std::move(pool)),
        store_(std::move(store)),
        products_(store_.get(), pool_.get()),
        customers_(store_.get(), pool_.get()),
        timeframes_(store_.get(), pool_.get(), [] { return std::make_unique<TimeframeRules>(); }),
        tables_({&products_.table(), &customers_.table(), &timeframes_.table()}),
        feed_(store_.get(), pool_.get(), tables_,
              [this](auto& session, const auto& request, const auto& places, auto* response) {
                return FillCatalogChanges(tables_, session, request, places, response);
              }) {}

  std::vector<grpc::Service*> services() override {
    return {&product_service_, &customer_service_, &timeframe_service_, &stream_service_};
  }

  void AddStatus(ops::v1::GetStatusResponse* status) override {
    status->set_revision(store_->head_revision());
    status->set_store_id(store_->store_id());
    for (std::string& problem : store_->Problems()) status->add_problems(std::move(problem));
    for (const storage::Table* table : tables_) {
      (*status->mutable_row_counts())[table->name()] = store_->RowCount(table->name());
    }
  }

  void Started(std::function<void(const std::string&, bool)> set_serving) override {
    const auto set_all = [set_serving = std::move(set_serving)](bool serving) {
      for (const char* name :
           {v1::ProductService::service_full_name(), v1::CustomerService::service_full_name(),
            v1::TimeframeService::service_full_name(),
            v1::CatalogStreamService::service_full_name(), ""}) {
        set_serving(name, serving);
      }
    };
    set_all(true);
    store_->OnDamage([set_all] { set_all(false); });
  }

  void Drain() override { feed_.Drain(); }

 private:
  const std::unique_ptr<ThreadPool> pool_;
  const std::unique_ptr<storage::Store> store_;
  resource::Resource<v1::Product> products_;
  resource::Resource<v1::Customer> customers_;
  resource::Resource<v1::Timeframe> timeframes_;
  const std::vector<const storage::Table*> tables_;
  CatalogFeed feed_;
  ProductServiceImpl product_service_{&products_};
  CustomerServiceImpl customer_service_{&customers_};
  TimeframeServiceImpl timeframe_service_{&timeframes_};
  CatalogStreamServiceImpl stream_service_{&feed_, store_.get()};
};

}  // namespace

std::vector<rpc::Flag> CatalogFlags() {
  return {{"database", "sqlite:///data/catalog.db",
           "where products, customers and timeframes are kept: sqlite:///PATH"}};
}

absl::StatusOr<std::unique_ptr<rpc::Program>> MakeCatalog(const rpc::Flags& flags) {
  const int threads = 2 * static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  auto pool = std::make_unique<ThreadPool>(threads);
  CLUSTR_ASSIGN_OR_RETURN(
      auto store, storage::Store::Open(flags["database"],
                                       {v1::Product::descriptor(), v1::Customer::descriptor(),
                                        v1::Timeframe::descriptor()},
                                       threads, pool.get()));
  return std::make_unique<Catalog>(std::move(pool), std::move(store));
}

}  // namespace clustr::catalog
