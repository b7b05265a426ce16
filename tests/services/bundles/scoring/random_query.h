#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_RANDOM_QUERY_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_RANDOM_QUERY_H_

#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "tests/services/bundles/index/model_shop.h"

namespace clustr::scoring {

// A query, and its excluded products and anchors by SKU.
struct QueryWithSkus {
  BundleQuery query;
  index::ModelShop::SkuSet excluded;
  index::ModelShop::SkuSet anchors;
};

// A random query for bundles of the shop that `random` makes.
QueryWithSkus MakeQuery(index::RandomShop& random, const index::Snapshot& snapshot);

}  // namespace clustr::scoring

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_RANDOM_QUERY_H_
