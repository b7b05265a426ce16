#include "services/bundles/training/link_fitter.h"

#include "services/bundles/training/links/linear_links.h"

namespace clustr::training {
namespace {

using products::ProductLinks;

// The links under `key`, which are fitted if they are not there.
template <class Key, class Fit>
LinkFitter::Links Kept(std::map<Key, ProductLinks>* kept, const Key& key, Fit fit) {
  auto known = kept->find(key);
  if (known == kept->end()) {
    absl::StatusOr<ProductLinks> fitted = fit();
    if (!fitted.ok()) return fitted.status();
    known = kept->emplace(key, *std::move(fitted)).first;
  }
  return &known->second;
}

}  // namespace

LinkFitter::Links LinkFitter::Rule(RuleMeasure measure) {
  return Kept(&rules_, measure, [&] {
    return RuleLinks(learned_.baskets, product_count(), measure, limits_.max_links, wanted_);
  });
}

LinkFitter::Links LinkFitter::OfBaskets() {
  return Kept(&cosines_, &learned_.baskets, [&] {
    return CosineLinks(learned_.baskets, product_count(), 1, limits_.max_links, wanted_);
  });
}

LinkFitter::Links LinkFitter::OfCustomers() {
  return Kept(&cosines_, &learned_.customers, [&] {
    return CosineLinks(learned_.customers, product_count(), 1, limits_.max_links, wanted_);
  });
}

LinkFitter::Links LinkFitter::Linear(double size_exponent, double regularisation) {
  return Kept(&linears_, {size_exponent, regularisation}, [&] {
    return LinearLinks(learned_.baskets, product_count(),
                       {.size_exponent = size_exponent,
                        .regularisation = regularisation,
                        .max_products = limits_.max_linear_products,
                        .max_links = limits_.max_links},
                       wanted_);
  });
}

absl::StatusOr<ProductLinks> LinkFitter::Blended(const Settings& settings) {
  const Links linear = Linear(settings.size_exponent, settings.regularisation);
  if (!linear.ok()) return linear.status();
  if (settings.cosine_scale == 0) return **linear;
  const Links cosine = OfBaskets();
  if (!cosine.ok()) return cosine.status();
  return WithCosine(**linear, **cosine, settings.cosine_scale, limits_.max_links);
}

}  // namespace clustr::training
