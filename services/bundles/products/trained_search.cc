#include "services/bundles/products/trained_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "services/bundles/products/cold_products.h"
#include "services/bundles/products/due_products.h"
#include "services/bundles/products/product_parts.h"
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
  std::optional<ExplainedProduct> Explain(Item item);

 private:
  // Finds the evidence and the task that it calls for; false if there is none.
  bool ReadEvidence();
  void ReadBasket();
  void ReadHistory(int64_t customer_id);
  // If the products were ranked, `*ranking` says how; otherwise it has no candidates.
  void Score(std::vector<float>* scores, const Ranking** ranking) const;
  void NarrowToPopulation(std::vector<float>* scores) const;
  // `unknown` has the score of each product that the model does not know; empty: they score 0.
  // `ranking` is how the products with the highest scores were found, if any.
  std::vector<RankedProduct> Best(absl::Span<const float> scores, absl::Span<const double> unknown,
                                  const Ranking& ranking) const;
  std::vector<double> ScoresOfUnknown() const;
  scoring::Basis BasisOf(const RankedProduct& product) const;
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
  std::vector<Item> cold_;  // The products of the basket for which those in basket_ stand in.
  std::vector<OwnProduct> own_;
  OwnHistory history_;  // Only if the task has a ranker.
  std::vector<Item> barred_;  // Ascending.
};

void TrainedSearch::ReadBasket() {
  bool has_links = false;
  const ProductLinks& links = model_.completion().task().basket_links;
  for (const Item item : query_.basket) {
    const ProductNumber product = binding_->product_of[item];
    if (product == kNoProduct) continue;
    basket_.push_back(product);
    has_links = has_links || !links.row(product).targets.empty();
  }
  if (!has_links && links.size() > 0) {
    const TaskModel& task = model_.completion().task();
    const std::vector<Item> cold = ColdItems(task, *binding_, snapshot_, query_.basket);
    std::vector<ProductNumber> stand_ins =
        cold.empty() ? std::vector<ProductNumber>() : StandInsFor(task, *binding_, snapshot_, cold);
    if (!stand_ins.empty()) {
      basket_ = std::move(stand_ins);
      cold_ = cold;
    }
  }
  std::sort(basket_.begin(), basket_.end());
  basket_.erase(std::unique(basket_.begin(), basket_.end()), basket_.end());
}

bool TrainedSearch::ReadEvidence() {
  const bool uses_basket =
      query_.intent == ProductIntent::kBasket || query_.intent == ProductIntent::kDiscover;
  if (uses_basket && !query_.basket_is_history) ReadBasket();
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
  const bool has_ranker = scorer_->task().ranker.has_value();
  const bool is_used = weights.own != 0 || weights.similar != 0 || has_ranker;
  if (!barred && !basket_.empty() && !is_used) return;
  own_ = HistoryOf(model_, *binding_, scorer_->task(), snapshot_, customer_id);
  if (has_ranker) history_ = DetailedHistoryOf(model_, *binding_, snapshot_, customer_id);
  if (!barred) return;
  for (const OwnProduct& own : own_) barred_.push_back(binding_->item_of[own.product]);
  std::sort(barred_.begin(), barred_.end());
}

void TrainedSearch::Score(std::vector<float>* scores, const Ranking** ranking) const {
  // Each thread keeps it: some 50 bytes per product, which are costly to allocate for each call.
  static thread_local ProductScorer::Scratch scratch;
  scratch.ranking.candidates.clear();
  *ranking = &scratch.ranking;
  if (query_.intent == ProductIntent::kBuyAgain) {
    scores->assign(model_.model().skus.size(), 0);
    for (const OwnProduct& own : own_) (*scores)[own.product] = own.times;
    return;
  }
  scorer_->Score({basket_, own_, &history_}, &scratch, scores);
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

std::vector<RankedProduct> TrainedSearch::Best(absl::Span<const float> scores,
                                               absl::Span<const double> unknown,
                                               const Ranking& ranking) const {
  const scoring::ProductOffers offers(snapshot_, query_);
  const bool due_only = query_.intent == ProductIntent::kBuyAgain;
  std::vector<RankedProduct> best;  // A heap, the worst in front.
  const auto offer = [&](Item item, double score) {
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
  // Mostly, enough of those that were ranked may be offered, and no other product comes near.
  // (Products that stand in for a basket were not ranked and may be offered.)
  if (selection_.everything && unknown.empty() && cold_.empty()) {
    for (const ProductNumber product : ranking.candidates) {
      offer(binding_->item_of[product], scores[product]);
    }
    if (best.size() == query_.limit && best.front().score > ranking.rest_bound) {
      std::sort_heap(best.begin(), best.end());
      return best;
    }
    best.clear();
  }
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    offer(binding_->item_of[product], scores[product]);
  }
  for (size_t i = 0; i < binding_->unknown.size(); ++i) {
    offer(binding_->unknown[i], unknown.empty() ? 0 : unknown[i]);
  }
  std::sort_heap(best.begin(), best.end());
  return best;
}

std::vector<double> TrainedSearch::ScoresOfUnknown() const {
  std::vector<Item> evidence;
  if (basket_.empty()) {
    std::vector<OwnProduct> own = own_;
    std::stable_sort(own.begin(), own.end(),
                     [](const OwnProduct& a, const OwnProduct& b) { return a.times > b.times; });
    for (const OwnProduct& one : own) evidence.push_back(binding_->item_of[one.product]);
  } else {
    evidence = query_.basket;
  }
  std::vector<double> scores = LikenessToAny(snapshot_, binding_->unknown, evidence);
  for (double& score : scores) score *= kLikenessScore;
  return scores;
}

scoring::Basis TrainedSearch::BasisOf(const RankedProduct& product) const {
  if (!cold_.empty() || binding_->product_of[product.item] == kNoProduct) {
    return scoring::Basis::kAttributes;
  }
  const bool few = !selection_.everything && selection_.basket_count < kMinPopulationBaskets;
  return few ? scoring::Basis::kAllBaskets : scoring::Basis::kPopulation;
}

std::vector<Item> TrainedSearch::Reasons(ProductNumber product) const {
  if (query_.intent == ProductIntent::kBuyAgain) return {binding_->item_of[product]};
  if (!cold_.empty()) {
    return {cold_.begin(), cold_.begin() + std::min(cold_.size(), scoring::kMaxReasons)};
  }
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
  const Ranking* ranking = nullptr;
  Score(&scores, &ranking);
  NarrowToPopulation(&scores);
  std::vector<RankedProduct> best = Best(scores, {}, *ranking);
  const bool has_room = best.size() < query_.limit || best.back().score <= 0;
  if (has_room && query_.intent != ProductIntent::kBuyAgain && !binding_->unknown.empty()) {
    best = Best(scores, ScoresOfUnknown(), *ranking);
  }
  std::vector<ScoredProduct> products;
  for (const RankedProduct& one : best) {
    const ProductNumber product = binding_->product_of[one.item];
    products.push_back({one.item, one.score,
                        product == kNoProduct ? std::vector<Item>() : Reasons(product),
                        BasisOf(one)});
  }
  return products;
}

std::optional<ExplainedProduct> TrainedSearch::Explain(Item item) {
  if (!ReadEvidence()) return std::nullopt;
  const bool due_only = query_.intent == ProductIntent::kBuyAgain;
  ExplainedProduct explained;
  explained.scored = {.item = item, .basis = BasisOf({.item = item})};
  const ProductNumber product = binding_->product_of[item];
  explained.kept_out = due_only || std::binary_search(barred_.begin(), barred_.end(), item);
  if (product == kNoProduct) {
    if (due_only) return explained;
    const std::vector<Item>& unknown = binding_->unknown;
    const auto place = std::lower_bound(unknown.begin(), unknown.end(), item) - unknown.begin();
    explained.scored.score = ScoresOfUnknown()[static_cast<size_t>(place)];
    if (explained.scored.score > 0) {
      explained.parts.push_back(
          {"likeness", explained.scored.score / kLikenessScore, explained.scored.score, {}});
    }
    return explained;
  }
  std::vector<float> scores;
  const Ranking* ranking = nullptr;
  Score(&scores, &ranking);
  const double unnarrowed = scores[product];
  NarrowToPopulation(&scores);
  explained.scored.score = scores[product];
  explained.scored.because = Reasons(product);
  if (unnarrowed > 0) explained.population_factor = scores[product] / unnarrowed;
  if (due_only) {
    explained.kept_out = scores[product] <= 0;
    if (unnarrowed > 0) explained.parts.push_back({"due", unnarrowed, unnarrowed, item});
    return explained;
  }
  for (const TaskPart& part : PartsOf(model_.model(), scorer_->task(), {basket_, own_, &history_}, product)) {
    ProductPart& added = explained.parts.emplace_back();
    added.feature = part.feature;
    added.value = part.value;
    added.contribution = part.contribution;
    if (part.from != kNoProduct) added.from = binding_->item_of[part.from];
  }
  return explained;
}

}  // namespace

std::optional<ExplainedProduct> ExplainTrained(const ServedModel& model,
                                               const index::Snapshot& snapshot,
                                               const index::Selection& selection,
                                               absl::Span<const uint32_t> item_counts,
                                               const ProductQuery& query, Item item) {
  return TrainedSearch(model, snapshot, selection, item_counts, query).Explain(item);
}

std::optional<std::vector<ScoredProduct>> RecommendTrained(const ServedModel& model,
                                                           const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           absl::Span<const uint32_t> item_counts,
                                                           const ProductQuery& query) {
  return TrainedSearch(model, snapshot, selection, item_counts, query).Run();
}

}  // namespace clustr::products
