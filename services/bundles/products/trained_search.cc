#include "services/bundles/products/trained_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "services/bundles/products/due_products.h"
#include "services/bundles/products/purchase_history.h"
#include "services/bundles/scoring/product_offers.h"
#include "services/bundles/scoring/ranked_product.h"

namespace clustr::products {
namespace {

using scoring::ProductIntent;
using scoring::ProductQuery;
using scoring::RankedProduct;
using scoring::ScoredProduct;

// What one search works with.
class TrainedSearch {
 public:
  TrainedSearch(const ServedModel& model, const index::Snapshot& snapshot,
                const index::Selection& selection, absl::Span<const uint32_t> item_counts,
                const ProductQuery& query)
      : model_(model),
        snapshot_(snapshot),
        selection_(selection),
        item_counts_(item_counts),
        query_(query),
        binding_(model.Bind(snapshot)) {}

  std::optional<std::vector<ScoredProduct>> Run();

 private:
  // Finds the evidence and the task that it calls for; false if there is none.
  bool ReadEvidence();
  void ReadHistory(int64_t customer_id);
  void Score(std::vector<float>* scores) const;
  void NarrowToPopulation(std::vector<float>* scores) const;
  std::vector<RankedProduct> Best(absl::Span<const float> scores) const;
  std::vector<Item> Reasons(ProductNumber product) const;

  int64_t CountOf(Item item) const {
    return selection_.everything ? snapshot_.live_count(item) : item_counts_[item];
  }

  const ServedModel& model_;
  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const absl::Span<const uint32_t> item_counts_;
  const ProductQuery& query_;
  const std::shared_ptr<const ModelBinding> binding_;
  const ProductScorer* scorer_ = nullptr;
  std::vector<ProductNumber> basket_;
  std::vector<OwnProduct> own_;
  std::vector<Item> barred_;  // Ascending.
};

bool TrainedSearch::ReadEvidence() {
  const bool uses_basket =
      query_.intent == ProductIntent::kBasket || query_.intent == ProductIntent::kDiscover;
  if (uses_basket && !query_.basket_is_history) {
    for (const Item item : query_.basket) {
      if (binding_->product_of[item] != kNoProduct) basket_.push_back(binding_->product_of[item]);
    }
    std::sort(basket_.begin(), basket_.end());
    basket_.erase(std::unique(basket_.begin(), basket_.end()), basket_.end());
  }
  scorer_ = basket_.empty() ? &model_.next_basket() : &model_.completion();
  if (query_.customer_id) ReadHistory(*query_.customer_id);
  return !basket_.empty() || !own_.empty();
}

void TrainedSearch::ReadHistory(int64_t customer_id) {
  if (query_.intent == ProductIntent::kBuyAgain) {
    own_ = DueProducts(model_, *binding_, snapshot_, customer_id);
    return;
  }
  const TaskWeights& weights = scorer_->task().weights;
  const bool barred = query_.intent == ProductIntent::kDiscover;
  if (!barred && !basket_.empty() && weights.own == 0 && weights.similar == 0) return;
  own_ = HistoryOf(model_, *binding_, scorer_->task(), snapshot_, customer_id);
  if (!barred) return;
  for (const OwnProduct& own : own_) barred_.push_back(binding_->item_of[own.product]);
  std::sort(barred_.begin(), barred_.end());
}

void TrainedSearch::Score(std::vector<float>* scores) const {
  if (query_.intent == ProductIntent::kBuyAgain) {
    scores->assign(model_.model().skus.size(), 0);
    for (const OwnProduct& own : own_) (*scores)[own.product] = own.times;
    return;
  }
  ProductScorer::Scratch scratch;
  scorer_->Score({basket_, own_}, &scratch, scores);
}

void TrainedSearch::NarrowToPopulation(std::vector<float>* scores) const {
  if (selection_.everything || selection_.basket_count == 0) return;
  const double share =
      static_cast<double>(selection_.basket_count) / static_cast<double>(snapshot_.basket_count());
  for (ProductNumber product = 0; product < scores->size(); ++product) {
    const Item item = binding_->item_of[product];
    float& score = (*scores)[product];
    if (item >= snapshot_.item_count() || score <= 0) continue;
    const double bought = static_cast<double>(item_counts_[item]) + kShareBaskets * share;
    const double by_all = static_cast<double>(snapshot_.live_count(item)) + kShareBaskets;
    score *= static_cast<float>(bought / by_all / share);
  }
}

std::vector<RankedProduct> TrainedSearch::Best(absl::Span<const float> scores) const {
  const scoring::ProductOffers offers(snapshot_, query_);
  const bool due_only = query_.intent == ProductIntent::kBuyAgain;
  std::vector<RankedProduct> best;  // A heap, the worst in front.
  const auto offer = [&](Item item, float score) {
    const bool full = best.size() == query_.limit;
    if (full && score < best.front().score) return;
    if (item >= snapshot_.item_count() || (due_only && score <= 0)) return;
    const RankedProduct candidate = {item, score, CountOf(item), snapshot_.sku_of(item)};
    if (full && !(candidate < best.front())) return;
    if (!offers.Has(item) || std::binary_search(barred_.begin(), barred_.end(), item)) return;
    if (full) {
      std::pop_heap(best.begin(), best.end());
      best.pop_back();
    }
    best.push_back(candidate);
    std::push_heap(best.begin(), best.end());
  };
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    offer(binding_->item_of[product], scores[product]);
  }
  for (const Item item : binding_->unknown) offer(item, 0);
  std::sort_heap(best.begin(), best.end());
  return best;
}

std::vector<Item> TrainedSearch::Reasons(ProductNumber product) const {
  if (query_.intent == ProductIntent::kBuyAgain) return {binding_->item_of[product]};
  absl::InlinedVector<std::pair<float, ProductNumber>, 16> parts;
  for (const ProductNumber from : basket_) {
    const float part = scorer_->BasketPart(from, product);
    if (part > 0) parts.emplace_back(part, from);
  }
  for (const OwnProduct& own : own_) {
    const float part =
        own.product == product ? scorer_->OwnPart(own) : scorer_->SimilarPart(own.product, product);
    if (part > 0) parts.emplace_back(part, own.product);
  }
  const size_t count = std::min(parts.size(), scoring::kMaxReasons);
  std::partial_sort(parts.begin(), parts.begin() + static_cast<ptrdiff_t>(count), parts.end(),
                    [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  std::vector<Item> because;
  for (size_t i = 0; i < count; ++i) because.push_back(binding_->item_of[parts[i].second]);
  return because;
}

std::optional<std::vector<ScoredProduct>> TrainedSearch::Run() {
  if (!ReadEvidence()) return std::nullopt;
  if (query_.limit == 0) return std::vector<ScoredProduct>();
  std::vector<float> scores;
  Score(&scores);
  NarrowToPopulation(&scores);
  const bool few = !selection_.everything && selection_.basket_count < kMinPopulationBaskets;
  std::vector<ScoredProduct> products;
  for (const RankedProduct& candidate : Best(scores)) {
    const ProductNumber product = binding_->product_of[candidate.item];
    products.push_back({candidate.item, candidate.score,
                        product == kNoProduct ? std::vector<Item>() : Reasons(product),
                        few ? scoring::Basis::kAllBaskets : scoring::Basis::kPopulation});
  }
  return products;
}

}  // namespace

std::optional<std::vector<ScoredProduct>> RecommendTrained(const ServedModel& model,
                                                           const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           absl::Span<const uint32_t> item_counts,
                                                           const ProductQuery& query) {
  return TrainedSearch(model, snapshot, selection, item_counts, query).Run();
}

}  // namespace clustr::products
