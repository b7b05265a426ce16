#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_SUBJECTS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_SUBJECTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/bundles/index/population.h"
#include "services/bundles/index/snapshot.h"

namespace clustr::index {

// A customer or a product, by both of its names.
struct Subject {
  int64_t id = 0;
  std::string external_id;  // "" if it has none.

  bool operator==(const Subject&) const = default;
};

// The customers that catalog knows and that meet the conditions of `population` on customers, with
// greater ids than `after_id`, ascending. O(customers log customers).
std::vector<Subject> CustomersAfter(const Snapshot& snapshot, const Population& population,
                                    int64_t after_id);
// The products that catalog knows, likewise.
std::vector<Subject> ProductsAfter(const Snapshot& snapshot, int64_t after_id);

// Sorts customers by id, each once, and fills in what catalog calls them. O(customers of catalog).
void CompleteCustomers(const Snapshot& snapshot, std::vector<Subject>* customers);
// The same for products.
void CompleteProducts(const Snapshot& snapshot, std::vector<Subject>* products);

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_SUBJECTS_H_
