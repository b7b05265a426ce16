#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_

#include <optional>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "services/bundles/answers/population_views.h"

namespace clustr::bundles {

// What v1.ProductScorePart says of a part, with `from` as the product that it is about.
struct PartOfScore {
  const char* feature;
  double value;
  double contribution;
  std::optional<mining::Item> from = std::nullopt;
};

// Adds a part of the score of `item`, with the counts of the product that it is about. O(posting
// list of the rarer product).
void AddPart(const PopulationView& population, mining::Item item, const PartOfScore& part,
             v1::ExplainProductResponse* response);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_PART_MESSAGE_H_
