#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_LINK_FITTER_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_LINK_FITTER_H_

#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_links.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/learned.h"
#include "services/bundles/training/links/cosine_links.h"

namespace clustr::training {

// Fits the links that candidates have, each kind once: what was fitted before is returned again.
// The links belong to the fitter. Errors are those of `wanted`; then nothing is kept. Not
// thread-safe; borrows its arguments. Besides the links of three kinds from all products, it holds
// one set of links per regularisation that was tried, at most 8 bytes * max_linear_products *
// max_links each.
class LinkFitter {
 public:
  using Links = absl::StatusOr<const products::ProductLinks*>;

  LinkFitter(const Learned& learned, const TrainingLimits& limits, const Wanted& wanted)
      : learned_(learned), limits_(limits), wanted_(wanted) {}
  LinkFitter(const LinkFitter&) = delete;
  LinkFitter& operator=(const LinkFitter&) = delete;

  Links Rule(RuleMeasure measure);
  // Cosine links between products of the same baskets, and between those of the same customers.
  Links OfBaskets();
  Links OfCustomers();
  // See LinearOptions.
  Links Linear(double size_exponent, double regularisation);
  // Those of the blend: linear ones, with cosine links where those are wanted.
  absl::StatusOr<products::ProductLinks> Blended(const Settings& settings);

  const Learned& learned() const { return learned_; }
  const TrainingLimits& limits() const { return limits_; }
  const Wanted& wanted() const { return wanted_; }

 private:
  size_t product_count() const { return learned_.purchases.skus.size(); }

  const Learned& learned_;
  const TrainingLimits& limits_;
  const Wanted& wanted_;
  std::map<RuleMeasure, products::ProductLinks> rules_;
  std::map<const ProductSets*, products::ProductLinks> cosines_;
  std::map<std::pair<double, double>, products::ProductLinks> linears_;
};

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_LINK_FITTER_H_
