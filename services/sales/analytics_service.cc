#include <algorithm>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/schema/money.h"
#include "common/storage/changes.h"
#include "services/sales/analytics/revenue_groups.h"
#include "services/sales/services.h"

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

// Runs `read(call, session)` in the queue for figures and replies.
template <class Call, class Read>
void Answer(const Parts& parts, Call* call, Read read) {
  call->RunIn(*parts.analytics, [&parts, call, read] {
    const auto answer = [&](storage::Session& session) -> absl::Status {
      call->response().set_revision(storage::HeadRevision(session));
      return read(call, session);
    };
    call->Reply(parts.store->Read(answer, call->caller()));
  });
}

// A read of sales that needs names or attributes of catalog: calls Answer once min_catalog_revision
// is reached. If the replica was never complete, it is first brought to what catalog holds, so that
// products that did not arrive yet are not taken for deleted ones.
template <class Request, class Response, class Read>
grpc::ServerUnaryReactor* JointRead(const Parts& parts, grpc::CallbackServerContext* context,
                                    const Request* request, Response* response, Read read) {
  const auto when_visible = [&parts, read](auto* call, const absl::Status& visible) {
    if (!visible.ok()) return call->Reply(visible);
    if (parts.replica->complete()) return Answer(parts, call, read);
    parts.catalog_pool->Run([&parts, call, read] {
      const absl::Status asked = parts.client->CatchUp(call->deadline(), call->trace());
      asked.ok() ? Answer(parts, call, read) : call->Reply(asked);
    });
  };
  return rpc::BeginCall(context, request, response, [&parts, when_visible](auto* call) {
    parts.gate->Wait(
        {.catalog = call->request().min_catalog_revision()}, call->caller(),
        [call] { return call->origin(); },
        [call, when_visible](const absl::Status& visible) { when_visible(call, visible); });
  });
}

// The attribute of catalog that the values of a dimension come from; only the revision for a
// dimension that is a field of the transaction.
CatalogReplica::Attribute AttributeOf(const CatalogReplica& replica,
                                      v1::RevenueDimension dimension) {
  switch (dimension) {
    case v1::REVENUE_DIMENSION_PRODUCT_CATEGORY:
      return replica.ProductCategories();
    case v1::REVENUE_DIMENSION_PRODUCT_BRAND:
      return replica.ProductBrands();
    case v1::REVENUE_DIMENSION_CUSTOMER_SEGMENT:
      return replica.CustomerSegments();
    default:
      return replica.Nothing();
  }
}

void AddTopProducts(const ProductTotals& products, const CatalogReplica& replica,
                    const v1::ListTopProductsRequest& request,
                    v1::ListTopProductsResponse* response) {
  std::vector<int64_t> skus;
  for (const auto& [sku, totals] : products.Best(Limit(request.limit(), kDefaultProducts))) {
    skus.push_back(sku);
    v1::TopProduct* top = response->add_top_products();
    top->set_product_sku(sku);
    top->set_revenue(schema::AmountOfSum(totals.revenue_cents));
    top->set_unit_count(totals.unit_count);
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

// Adds the external_ids of customers to groups whose keys are customers.
void AddCustomerKeys(const CatalogReplica& replica, v1::QueryRevenueResponse* response) {
  for (v1::RevenueGroup& group : *response->mutable_groups()) {
    int64_t customer_id = 0;
    if (!absl::SimpleAtoi(group.key(), &customer_id)) continue;
    const std::string key = replica.CustomerKeyOf(customer_id);
    if (!key.empty()) group.set_customer_external_id(key);
  }
}

}  // namespace

grpc::ServerUnaryReactor* AnalyticsServiceImpl::ListTopProducts(
    grpc::CallbackServerContext* context, const v1::ListTopProductsRequest* request,
    v1::ListTopProductsResponse* response) {
  return JointRead(parts_, context, request, response,
                   [this](auto* call, storage::Session& session) -> absl::Status {
                     ProductTotals products;
                     CLUSTR_RETURN_IF_ERROR(Scan(*call, session, LineDetail::kEach,
                                                 [&](const KeptPurchase& p) { products.Add(p); }));
                     AddTopProducts(products, *parts_.replica, call->request(), &call->response());
                     return absl::OkStatus();
                   });
}

grpc::ServerUnaryReactor* AnalyticsServiceImpl::QueryRevenue(grpc::CallbackServerContext* context,
                                                             const v1::QueryRevenueRequest* request,
                                                             v1::QueryRevenueResponse* response) {
  return JointRead(
      parts_, context, request, response,
      [this](auto* call, storage::Session& session) -> absl::Status {
        const v1::RevenueDimension dimension = call->request().dimension();
        RevenueGroups groups(dimension, AttributeOf(*parts_.replica, dimension));
        CLUSTR_RETURN_IF_ERROR(
            Scan(*call, session, groups.detail(), [&](const KeptPurchase& p) { groups.Add(p); }));
        groups.Report(Limit(call->request().limit(), kDefaultGroups), &call->response());
        if (dimension == v1::REVENUE_DIMENSION_CUSTOMER) {
          AddCustomerKeys(*parts_.replica, &call->response());
        }
        call->response().set_catalog_revision(groups.catalog_revision());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AnalyticsServiceImpl::GetSalesSummary(
    grpc::CallbackServerContext* context, const v1::GetSalesSummaryRequest* request,
    v1::GetSalesSummaryResponse* response) {
  return rpc::BeginCall(context, request, response, [this](auto* call) {
    Answer(parts_, call, [](auto* asked, storage::Session& session) -> absl::Status {
      Summary summary;
      CLUSTR_RETURN_IF_ERROR(
          Scan(*asked, session, LineDetail::kEach, [&](const KeptPurchase& p) { summary.Add(p); }));
      summary.Report(&asked->response());
      return absl::OkStatus();
    });
  });
}

}  // namespace clustr::sales
