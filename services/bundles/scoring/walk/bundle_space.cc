#include "services/bundles/scoring/walk/bundle_space.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::scoring {

using index::Selection;
using index::Snapshot;

namespace {

// Sums of gains are rounded; a bundle this close to the bound is left to the exact test.
constexpr double kGainRounding = 0.5;

}  // namespace

BundleSpace::BundleSpace(const Snapshot& snapshot, const Selection& selection,
                         const BundleQuery& query, std::vector<uint32_t> single_counts)
    : snapshot_(snapshot),
      query_(query),
      min_count_(std::max<int64_t>(
          1, mining::MinCount(query.min_support, selection.basket_count, query.min_count))),
      single_counts_(std::move(single_counts)),
      allowed_(ProductFilter(query.products).AllowedItems(snapshot)),
      has_sum_bounds_(query.min_total_price_cents || query.max_total_price_cents ||
                      query.min_margin_ratio) {
  // A bundle that was never sold together has no count, so a product that was never sold is in
  // none.
  for (Item item = 0; item < allowed_.size(); ++item) {
    allowed_[item] = allowed_[item] && single_counts_[item] >= min_count_ &&
                     (!query.min_margin_ratio || snapshot.product(item)->unit_cost_cents);
  }
  const bool anchors_allowed =
      std::all_of(query.anchors.begin(), query.anchors.end(),
                  [&](Item item) { return item < allowed_.size() && allowed_[item]; });
  empty_ = !anchors_allowed || query.limit == 0 ||
           query.anchors.size() > static_cast<size_t>(query.max_items);
  if (empty_) return;
  searched_ = Narrow(snapshot, selection, query.anchors);
  empty_ = searched_.basket_count < min_count_;
  if (empty_) return;
  if (!query.anchors.empty()) {
    const std::vector<uint32_t> counts = CountItems(snapshot, searched_);
    for (Item item = 0; item < allowed_.size(); ++item) {
      allowed_[item] = allowed_[item] && counts[item] >= min_count_;
    }
  }
  empty_ = std::count(allowed_.begin(), allowed_.end(), 1) < query.min_items;
  if (!empty_) Describe();
}

bool BundleSpace::has_few_products() const {
  const auto count = std::count(allowed_.begin(), allowed_.end(), 1);
  return query_.anchors.empty() ? count * 4 < std::ssize(allowed_)
                                : count * 10 < std::ssize(allowed_) * 7;
}

void BundleSpace::Forbid(Item item) {
  allowed_[item] = 0;
  if (std::find(query_.anchors.begin(), query_.anchors.end(), item) != query_.anchors.end()) {
    empty_ = true;
  }
}

void BundleSpace::Describe() {
  absl::flat_hash_map<std::string, uint32_t> categories;
  products_.resize(allowed_.size());
  for (Item item = 0; item < allowed_.size(); ++item) {
    if (!allowed_[item]) continue;
    const index::Product& product = *snapshot_.product(item);
    Product& description = products_[item];
    description.single_count = single_counts_[item];
    description.price_cents = product.price_cents;
    if (query_.cross_category_only) {
      description.category =
          categories.emplace(product.category, static_cast<uint32_t>(categories.size()))
              .first->second;
    }
    if (!query_.min_margin_ratio) continue;
    const auto margin = static_cast<double>(product.price_cents - *product.unit_cost_cents);
    description.gain =
        product.price_cents == 0
            ? std::max(margin, 0.0)
            : margin - *query_.min_margin_ratio * static_cast<double>(product.price_cents);
  }
}

bool BundleSpace::MayHave(int64_t lowest, int64_t highest, double gain) const {
  return highest >= query_.min_total_price_cents.value_or(INT64_MIN) &&
         lowest <= query_.max_total_price_cents.value_or(INT64_MAX) &&
         (!query_.min_margin_ratio || gain >= -kGainRounding - 1e-9 * std::abs(gain));
}

bool BundleSpace::MeetsSumBounds(absl::Span<const Item> items) const {
  if (!has_sum_bounds_) return true;
  const BundleMoney money = MoneyOf(snapshot_, items);
  return money.total_price_cents >= query_.min_total_price_cents.value_or(INT64_MIN) &&
         money.total_price_cents <= query_.max_total_price_cents.value_or(INT64_MAX) &&
         (!query_.min_margin_ratio ||
          MeetsMargin(money.total_margin_cents, money.total_price_cents, *query_.min_margin_ratio));
}

}  // namespace clustr::scoring
