#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_BUNDLE_BRUTE_FORCE_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_BUNDLE_BRUTE_FORCE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "services/bundles/index/population.h"
#include "services/bundles/scoring/bundle_query.h"
#include "tests/services/bundles/index/model_shop.h"

namespace clustr::scoring {

// Counts, scores and recommends bundles by their definitions, taken literally, over plain sets.
// Borrows the model.
class BruteForce {
 public:
  using SkuSet = index::ModelShop::SkuSet;
  using ScoredSet = std::pair<double, SkuSet>;

  BruteForce(const index::ModelShop& model, const index::Population& population);

  // The number of baskets of the population, and of those that hold all of `skus`.
  double n() const { return static_cast<double>(baskets_.size()); }
  double Count(const SkuSet& skus) const {
    return static_cast<double>(index::ModelShop::Count(baskets_, skus));
  }

  double Score(const SkuSet& bundle) const;

  // The bundles that `query` admits, with their scores, best first. `excluded` and `anchors` are
  // those of the query, as SKUs.
  std::vector<ScoredSet> Recommend(const BundleQuery& query, const SkuSet& excluded,
                                   const SkuSet& anchors) const;

 private:
  std::vector<double> Measures(int64_t a, int64_t b) const;
  double Strength(int64_t a, int64_t b) const;
  // Appends the admitted bundles among `bundle` and its extensions by skus_[from] and later ones.
  void Search(const BundleQuery& query, const SkuSet& excluded, const SkuSet& anchors, size_t from,
              const SkuSet& bundle, std::vector<ScoredSet>& found) const;
  bool Admits(const BundleQuery& query, const SkuSet& excluded, const SkuSet& anchors,
              const SkuSet& bundle) const;

  const index::ModelShop& model_;
  const std::map<int64_t, SkuSet> baskets_;
  std::vector<int64_t> skus_;
  std::vector<double> maxima_ = std::vector<double>(5);
};

}  // namespace clustr::scoring

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_SCORING_BUNDLE_BRUTE_FORCE_H_
