#include "services/bundles/products/cold_products.h"

#include <algorithm>
#include <utility>

#include "services/bundles/products/likeness.h"

namespace clustr::products {
namespace {

// The traits of the first kMaxCompared items that catalog knows.
std::vector<ProductTraits> TraitsOf(const index::Snapshot& snapshot, absl::Span<const Item> items) {
  std::vector<ProductTraits> traits;
  for (const Item item : items) {
    if (traits.size() == kMaxCompared) break;
    if (const index::Product* product = snapshot.product(item)) traits.emplace_back(*product);
  }
  return traits;
}

// The best few products for one cold one.
class StandIns {
 public:
  void Offer(double likeness, ProductNumber product) {
    if (likeness < kMinLikeness) return;
    const std::pair<double, ProductNumber> one = {-likeness, product};
    best_.insert(std::upper_bound(best_.begin(), best_.end(), one), one);
    if (best_.size() > kStandIns) best_.pop_back();
  }
  void AddTo(std::vector<ProductNumber>* products) const {
    for (const auto& [likeness, product] : best_) products->push_back(product);
  }

 private:
  std::vector<std::pair<double, ProductNumber>> best_;  // The likeness negated; ascending.
};

}  // namespace

std::vector<Item> ColdItems(const TaskModel& task, const ModelBinding& binding,
                            const index::Snapshot& snapshot, absl::Span<const Item> basket) {
  std::vector<Item> cold;
  for (const Item item : basket) {
    if (cold.size() == kMaxCompared) break;
    if (snapshot.product(item) == nullptr || snapshot.live_count(item) >= kFewBaskets) continue;
    const ProductNumber product = binding.product_of[item];
    const bool has_links = product != kNoProduct && !task.basket_links.row(product).targets.empty();
    if (!has_links) cold.push_back(item);
  }
  return cold;
}

std::vector<ProductNumber> StandInsFor(const TaskModel& task, const ModelBinding& binding,
                                       const index::Snapshot& snapshot,
                                       absl::Span<const Item> cold) {
  const std::vector<ProductTraits> wanted = TraitsOf(snapshot, cold);
  std::vector<StandIns> found(wanted.size());
  for (ProductNumber product = 0; product < binding.item_of.size(); ++product) {
    if (task.basket_links.row(product).targets.empty()) continue;
    const index::Product* known = snapshot.product(binding.item_of[product]);
    if (known == nullptr) continue;
    const ProductTraits traits(*known);
    for (size_t i = 0; i < wanted.size(); ++i) {
      found[i].Offer(Likeness(wanted[i], traits), product);
    }
  }
  std::vector<ProductNumber> products;
  for (const StandIns& one : found) one.AddTo(&products);
  std::sort(products.begin(), products.end());
  products.erase(std::unique(products.begin(), products.end()), products.end());
  return products;
}

std::vector<double> LikenessToAny(const index::Snapshot& snapshot, absl::Span<const Item> items,
                                  absl::Span<const Item> evidence) {
  const std::vector<ProductTraits> compared = TraitsOf(snapshot, evidence);
  std::vector<double> likeness(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const index::Product* product = snapshot.product(items[i]);
    if (product == nullptr) continue;
    const ProductTraits traits(*product);
    for (const ProductTraits& other : compared) {
      likeness[i] = std::max(likeness[i], Likeness(traits, other));
    }
  }
  return likeness;
}

}  // namespace clustr::products
