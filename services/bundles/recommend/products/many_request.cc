#include "services/bundles/recommend/products/many_request.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/bundles/recommend/products/counted_intent.h"
#include "services/bundles/recommend/scored_answer.h"
#include "services/bundles/recommend/scoring_query.h"
#include "services/bundles/request/from_request.h"

namespace clustr::bundles {
namespace {

using index::Subject;

constexpr int kMaxGiven = 100'000;

bool ForProducts(const v1::RecommendForManyRequest& request) {
  return request.subjects() == v1::MANY_SUBJECTS_PRODUCTS;
}

void CheckUnset(bool set, const char* field, std::vector<Violation>* violations) {
  if (!set) return;
  violations->push_back({field,
                         "is set, but the call sets it for each of its customers or "
                         "products; leave it unset"});
}

// The request as it is for one customer, or for one product.
v1::RecommendProductsRequest Sample(const v1::RecommendForManyRequest& request) {
  v1::RecommendProductsRequest sample = request.request();
  if (ForProducts(request)) {
    sample.clear_basket_external_ids();
    sample.clear_basket_skus();
    sample.add_basket_skus(1);
  } else {
    sample.clear_customer_external_id();
    sample.set_customer_id(1);
  }
  return sample;
}

void CheckConditions(const v1::RecommendForManyRequest& request,
                     std::vector<Violation>* violations) {
  if (!request.has_customers()) return;
  const v1::Population& customers = request.customers();
  const auto refuse = [&](bool set, const char* field) {
    if (!set) return;
    violations->push_back({absl::StrCat("customers.", field),
                           "is a condition on baskets, but customers are selected here; put it "
                           "into request.population, or leave it unset"});
  };
  refuse(!customers.channels().empty(), "channels");
  refuse(!customers.payment_types().empty(), "payment_types");
  refuse(!customers.start_date().empty(), "start_date");
  refuse(!customers.end_date().empty(), "end_date");
  if (!request.ids().empty() || !request.external_ids().empty() || ForProducts(request)) {
    violations->push_back({"customers",
                           "selects among all customers; leave it unset, or leave "
                           "ids, external_ids and subjects unset"});
  }
}

}  // namespace

void CheckMany(const v1::RecommendForManyRequest& request, std::vector<Violation>* violations) {
  const v1::RecommendProductsRequest& asked = request.request();
  if (ForProducts(request)) {
    CheckUnset(!asked.basket_skus().empty(), "request.basket_skus", violations);
    CheckUnset(!asked.basket_external_ids().empty(), "request.basket_external_ids", violations);
  } else {
    CheckUnset(asked.has_customer_id(), "request.customer_id", violations);
    CheckUnset(!asked.customer_external_id().empty(), "request.customer_external_id", violations);
  }
  const v1::RecommendProductsRequest sample = Sample(request);
  CheckIntent(sample, "request.", violations);
  CheckCounted(sample, "request.", violations);
  CheckConstraints(sample.constraints(), "request.constraints", NamesCustomer(sample), violations);
  CheckConditions(request, violations);
  const int given = request.ids_size() + request.external_ids_size();
  if (given > kMaxGiven) {
    violations->push_back(
        {"ids", absl::StrCat(given, " entries, with external_ids; give at most ", kMaxGiven)});
  }
}

absl::StatusOr<std::vector<Subject>> SubjectsOf(const index::Snapshot& shop,
                                                const v1::RecommendForManyRequest& request) {
  const bool products = ForProducts(request);
  if (request.ids().empty() && request.external_ids().empty()) {
    return products
               ? index::ProductsAfter(shop, request.after_id())
               : index::CustomersAfter(shop, PopulationOf(request.customers()), request.after_id());
  }
  std::vector<Subject> subjects;
  std::vector<std::string> missing;
  for (const int64_t id : request.ids()) subjects.push_back({id, ""});
  for (const std::string& key : request.external_ids()) {
    const int64_t id = products ? shop.sku_called(key) : shop.customer_called(key);
    if (id == 0) {
      missing.push_back(key);
    } else {
      subjects.push_back({id, ""});
    }
  }
  if (!missing.empty()) {
    return NotFoundError(products ? "PRODUCT" : "CUSTOMER", {},
                         {"external_id", missing, /*are_personal=*/!products});
  }
  std::erase_if(subjects, [&](const Subject& subject) { return subject.id <= request.after_id(); });
  if (products) {
    index::CompleteProducts(shop, &subjects);
  } else {
    index::CompleteCustomers(shop, &subjects);
  }
  return subjects;
}

}  // namespace clustr::bundles
