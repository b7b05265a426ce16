#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_

#include <cstdint>
#include <optional>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/index/co_counts.h"

namespace clustr::bundles {

// The number of baskets of the population that hold the product. O(1) once the population has
// counted its items.
int64_t CountIn(const PopulationView& population, mining::Item item);

// What v1.ProductScorePart says of a part, with `from` as the product that it is about.
struct PartOfScore {
  const char* feature;
  double value;
  double contribution;
  std::optional<mining::Item> from = std::nullopt;
};

// Adds the parts of the score of one product to a response, each with the counts of the product
// that it is about. O(lines of the baskets that hold the product) in all. Borrows its arguments.
class PartMessages {
 public:
  PartMessages(const PopulationView& population, mining::Item item,
               v1::ExplainProductResponse* response);

  void Add(const PartOfScore& part);

 private:
  const PopulationView& population_;
  const mining::Item item_;
  const index::CoCountRow together_;
  v1::ExplainProductResponse* const response_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_
