#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/schema/money.h"
#include "common/storage/changes.h"
#include "services/sales/analytics/revenue_groups.h"
#include "services/sales/services.h"
#include "services/sales/sums/sums_figures.h"
#include "services/sales/sums/sums_verification.h"

namespace clustr::sales {
namespace {

constexpr int32_t kMaxRows = 1000;
constexpr int32_t kDefaultProducts = 10;
constexpr int32_t kDefaultGroups = 50;

size_t Limit(int32_t asked, int32_t default_rows) {
  return static_cast<size_t>(asked == 0 ? default_rows : std::min(asked, kMaxRows));
}

template <class Request>
Days DaysOf(const Request& request) {
  return {request.start_date(), request.end_date()};
}

// Visits the sales that a call asks for, as long as somebody waits for its answer.
template <class Call>
absl::Status Scan(const Call& call, storage::Session& session, LineDetail detail,
                  absl::FunctionRef<void(const KeptPurchase&)> visit) {
  return ScanSales(
      session, DaysOf(call.request()), detail, [&] { return call.Wanted(); }, visit);
}

// Runs a question for figures in their queue and replies. `from_sums(call, sums, period, state)`
// answers it from the sums, all but the revision; where they cannot tell, `scan(call, session)`
// does.
template <class Call, class FromSums, class ByScan>
void Answer(const Parts& parts, Call* call, FromSums from_sums, ByScan scan) {
  call->RunIn(*parts.analytics, [&parts, call, from_sums, scan] {
    const auto from = [&](const SalesSums& sums, const SumsFollower::State& state) {
      from_sums(call, sums, PeriodOf(DaysOf(call->request())), state);
      call->response().set_revision(state.revision);
    };
    const auto read = [&](storage::Session& session) -> absl::Status {
      call->response().set_revision(storage::HeadRevision(session));
      return scan(call, session);
    };
    absl::StatusOr<bool> answered = false;
    if (parts.sums != nullptr) answered = parts.sums->Ask(call->caller(), from);
    if (answered.ok() && !*answered) return call->Reply(parts.store->Read(read, call->caller()));
    call->Reply(answered.status());
  });
}

// A read of sales that needs names or attributes of catalog: calls Answer once min_catalog_revision
// is reached. If the replica was never complete, it is first brought to what catalog holds, so that
// products that did not arrive yet are not taken for deleted ones.
template <class Request, class Response, class FromSums, class ByScan>
grpc::ServerUnaryReactor* JointRead(const Parts& parts, grpc::CallbackServerContext* context,
                                    const Request* request, Response* response, FromSums from_sums,
                                    ByScan scan) {
  const auto when_visible = [&parts, from_sums, scan](auto* call, const absl::Status& visible) {
    if (!visible.ok()) return call->Reply(visible);
    if (parts.replica->complete()) return Answer(parts, call, from_sums, scan);
    parts.catalog_pool->Run([&parts, call, from_sums, scan] {
      const absl::Status asked = parts.client->CatchUp(call->deadline(), call->trace());
      asked.ok() ? Answer(parts, call, from_sums, scan) : call->Reply(asked);
    });
  };
  return rpc::BeginCall(context, request, response, [&parts, when_visible](auto* call) {
    parts.gate->Wait(
        {.catalog = call->request().min_catalog_revision()}, call->caller(),
        [call] { return call->origin(); },
        [call, when_visible](const absl::Status& visible) { when_visible(call, visible); });
  });
}

void AddTopProducts(std::vector<ProductFigures> products, const CatalogReplica& replica,
                    const v1::ListTopProductsRequest& request,
                    v1::ListTopProductsResponse* response) {
  KeepBestProducts(Limit(request.limit(), kDefaultProducts), &products);
  std::vector<int64_t> skus;
  for (const ProductFigures& product : products) {
    skus.push_back(product.product_sku);
    v1::TopProduct* top = response->add_top_products();
    top->set_product_sku(product.product_sku);
    top->set_revenue(schema::AmountOfSum(product.revenue_cents));
    top->set_unit_count(product.unit_count);
  }
  int64_t catalog_revision = 0;
  const auto names = replica.NamesOf(skus, &catalog_revision);
  for (size_t i = 0; i < names.size(); ++i) {
    if (!names[i].has_value()) continue;
    v1::TopProduct* top = response->mutable_top_products(i);
    top->set_product_name(names[i]->name);
    if (!names[i]->external_id.empty()) top->set_external_id(names[i]->external_id);
  }
  response->set_catalog_revision(catalog_revision);
}

// Adds the best groups, and the external_ids of customers to those that are customers.
void AddGroups(std::vector<GroupFigures> groups, const CatalogReplica& replica,
               const v1::QueryRevenueRequest& request, v1::QueryRevenueResponse* response) {
  KeepBestGroups(request.dimension(), Limit(request.limit(), kDefaultGroups), &groups);
  for (const GroupFigures& figures : groups) {
    v1::RevenueGroup* group = response->add_groups();
    group->set_key(figures.key);
    group->set_revenue(schema::AmountOfSum(figures.revenue_cents));
    group->set_transaction_count(figures.transaction_count);
    group->set_unit_count(figures.unit_count);
    int64_t customer_id = 0;
    if (request.dimension() != v1::REVENUE_DIMENSION_CUSTOMER ||
        !absl::SimpleAtoi(group->key(), &customer_id)) {
      continue;
    }
    const std::string key = replica.CustomerKeyOf(customer_id);
    if (!key.empty()) group->set_customer_external_id(key);
  }
}

}  // namespace

grpc::ServerUnaryReactor* AnalyticsServiceImpl::ListTopProducts(
    grpc::CallbackServerContext* context, const v1::ListTopProductsRequest* request,
    v1::ListTopProductsResponse* response) {
  return JointRead(
      parts_, context, request, response,
      [this](auto* call, const SalesSums& sums, SalesSums::Period period, const auto&) {
        AddTopProducts(ProductsOf(sums, period), *parts_.replica, call->request(),
                       &call->response());
      },
      [this](auto* call, storage::Session& session) -> absl::Status {
        ProductTotals products;
        CLUSTR_RETURN_IF_ERROR(Scan(*call, session, LineDetail::kEach,
                                    [&](const KeptPurchase& p) { products.Add(p); }));
        AddTopProducts(products.All(), *parts_.replica, call->request(), &call->response());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AnalyticsServiceImpl::QueryRevenue(grpc::CallbackServerContext* context,
                                                             const v1::QueryRevenueRequest* request,
                                                             v1::QueryRevenueResponse* response) {
  return JointRead(
      parts_, context, request, response,
      [this](auto* call, const SalesSums& sums, SalesSums::Period period, const auto& state) {
        const v1::QueryRevenueRequest& asked = call->request();
        AddGroups(GroupsOf(sums, asked.dimension(), period, Limit(asked.limit(), kDefaultGroups)),
                  *parts_.replica, asked, &call->response());
        call->response().set_catalog_revision(state.catalog_revision);
      },
      [this](auto* call, storage::Session& session) -> absl::Status {
        const v1::RevenueDimension dimension = call->request().dimension();
        RevenueGroups groups(dimension, AttributeOf(*parts_.replica, dimension));
        CLUSTR_RETURN_IF_ERROR(
            Scan(*call, session, groups.detail(), [&](const KeptPurchase& p) { groups.Add(p); }));
        AddGroups(groups.All(), *parts_.replica, call->request(), &call->response());
        call->response().set_catalog_revision(groups.catalog_revision());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AnalyticsServiceImpl::GetSalesSummary(
    grpc::CallbackServerContext* context, const v1::GetSalesSummaryRequest* request,
    v1::GetSalesSummaryResponse* response) {
  return rpc::BeginCall(context, request, response, [this](auto* call) {
    Answer(
        parts_, call,
        [](auto* asked, const SalesSums& sums, SalesSums::Period period, const auto&) {
          sums.SummaryOf(period).Report(&asked->response());
        },
        [](auto* asked, storage::Session& session) -> absl::Status {
          Summary summary;
          CLUSTR_RETURN_IF_ERROR(Scan(*asked, session, LineDetail::kEach,
                                      [&](const KeptPurchase& p) { summary.Add(p); }));
          summary.Figures().Report(&asked->response());
          return absl::OkStatus();
        });
  });
}

grpc::ServerUnaryReactor* AnalyticsServiceImpl::VerifySalesFigures(
    grpc::CallbackServerContext* context, const v1::VerifySalesFiguresRequest* request,
    v1::VerifySalesFiguresResponse* response) {
  return rpc::BeginCall(context, request, response, [this](auto* call) {
    call->RunIn(*parts_.verifications, [this, call] {
      if (parts_.sums == nullptr) return call->Reply(absl::OkStatus());
      call->Reply(VerifySums(*parts_.sums, *parts_.replica, DaysOf(call->request()), call->caller(),
                             &call->response()));
    });
  });
}

}  // namespace clustr::sales
