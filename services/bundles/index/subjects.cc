#include "services/bundles/index/subjects.h"

#include <algorithm>

#include "services/bundles/index/selection.h"

namespace clustr::index {
namespace {

void SortById(std::vector<Subject>* subjects) {
  std::sort(subjects->begin(), subjects->end(),
            [](const Subject& a, const Subject& b) { return a.id < b.id; });
  const auto same = [](const Subject& a, const Subject& b) { return a.id == b.id; };
  subjects->erase(std::unique(subjects->begin(), subjects->end(), same), subjects->end());
}

}  // namespace

std::vector<Subject> CustomersAfter(const Snapshot& snapshot, const Population& population,
                                    int64_t after_id) {
  const std::vector<uint64_t> passing = PassingCustomers(snapshot, population);
  std::vector<Subject> customers;
  snapshot.ForEachCustomer([&](int64_t id, uint32_t number) {
    // Beyond the words are customers that were named after the snapshot was made.
    const bool passes = number / 64 < passing.size() && (passing[number / 64] >> (number % 64) & 1);
    if (passes && id > after_id) customers.push_back({id, ""});
  });
  CompleteCustomers(snapshot, &customers);
  return customers;
}

std::vector<Subject> ProductsAfter(const Snapshot& snapshot, int64_t after_id) {
  std::vector<Subject> products;
  for (Item item = 0; item < snapshot.item_count(); ++item) {
    const int64_t sku = snapshot.sku_of(item);
    if (sku > after_id && snapshot.product(item) != nullptr) products.push_back({sku, ""});
  }
  CompleteProducts(snapshot, &products);
  return products;
}

void CompleteCustomers(const Snapshot& snapshot, std::vector<Subject>* customers) {
  SortById(customers);
  snapshot.ForEachCustomerKey([&](const std::string& external_id, int64_t id) {
    const auto it = std::lower_bound(customers->begin(), customers->end(), id,
                                     [](const Subject& a, int64_t b) { return a.id < b; });
    if (it != customers->end() && it->id == id) it->external_id = external_id;
  });
}

void CompleteProducts(const Snapshot& snapshot, std::vector<Subject>* products) {
  SortById(products);
  for (Subject& product : *products) product.external_id = snapshot.external_id_of(product.id);
}

}  // namespace clustr::index
