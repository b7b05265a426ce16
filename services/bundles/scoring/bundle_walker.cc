#include "services/bundles/scoring/bundle_walker.h"

#include <algorithm>
#include <utility>

namespace clustr::scoring {
namespace {

constexpr uint32_t kStart = UINT32_MAX;  // Precedes each basket in codes_.
constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kWorkBetweenChecks = size_t{1} << 18;

absl::Status TooMany() {
  return absl::ResourceExhaustedError("more bundles satisfy the bounds than max_candidates");
}

}  // namespace

BundleWalker::Product BundleWalker::Describe(Item item) {
  const index::Product& product = *snapshot_.product(item);
  Product description = {.item = item,
                         .single_count = single_counts_[item],
                         .category = 0,
                         .price_cents = product.price_cents,
                         .margin_cents = std::nullopt};
  if (product.unit_cost_cents) {
    description.margin_cents = product.price_cents - *product.unit_cost_cents;
  }
  if (query_.cross_category_only) {
    description.category =
        categories_.emplace(product.category, static_cast<uint32_t>(categories_.size()))
            .first->second;
  }
  return description;
}

std::vector<uint32_t> BundleWalker::Load(const index::Projection& projection) {
  const mining::BasketView baskets = projection.view();
  std::vector<uint32_t> counts(projection.counts.size());
  for (Item item : baskets.items) ++counts[item];
  for (Item item = 0; item < counts.size(); ++item) {
    if (counts[item] >= min_count_) products_.push_back(Describe(item));
  }
  std::stable_sort(products_.begin(), products_.end(), [&](const Product& a, const Product& b) {
    return counts[a.item] > counts[b.item];
  });
  std::vector<uint32_t> code_of(counts.size(), kNone);
  for (uint32_t code = 0; code < products_.size(); ++code) code_of[products_[code].item] = code;

  std::vector<uint32_t> ends;
  ends.reserve(baskets.size());
  codes_.reserve(baskets.items.size() + baskets.size());
  for (size_t i = 0; i < baskets.size(); ++i) {
    codes_.push_back(kStart);
    const size_t begin = codes_.size();
    for (Item item : baskets[i]) {
      if (code_of[item] != kNone) codes_.push_back(code_of[item]);
    }
    std::sort(codes_.begin() + static_cast<ptrdiff_t>(begin), codes_.end());
    ends.push_back(static_cast<uint32_t>(codes_.size()));
  }
  tally_.assign(products_.size(), 0);
  extension_of_.assign(products_.size(), kNone);
  return ends;
}

absl::Status BundleWalker::Run(const index::Projection& projection, int64_t basket_count) {
  if (projection.view().items.size() + projection.basket_count >= UINT32_MAX) return TooMany();
  Node bundle = {.code = kNone, .count = basket_count, .largest_single = 0, .price_cents = 0};
  for (Item anchor : query_.anchors) {
    const Product product = Describe(anchor);
    if (!Admits(bundle, product, basket_count, &bundle)) return absl::OkStatus();
    bundle_.push_back(product);
  }
  if (!VisitIfSatisfied(bundle) || bundle_.size() == static_cast<size_t>(query_.max_items))
    return status_;
  levels_.resize(query_.max_items - bundle_.size());
  const std::vector<uint32_t> ends = Load(projection);
  Extend(0, bundle, ends);
  return status_;
}

bool BundleWalker::StillWanted(size_t work) {
  work_ += work;
  if (work_ < kWorkBetweenChecks) return true;
  work_ = 0;
  status_ = wanted_();
  return status_.ok();
}

bool BundleWalker::Extend(size_t depth, const Node& bundle, absl::Span<const uint32_t> places) {
  if (!StillWanted(1 + places.size())) return false;
  Level& level = levels_[depth];
  level.nodes.clear();
  Count(places);
  for (const uint32_t code : touched_) {
    Node node;
    const int64_t count = std::exchange(tally_[code], 0);
    if (count < min_count_ || !Admits(bundle, products_[code], count, &node)) continue;
    node.code = code;
    level.nodes.push_back(node);
  }
  touched_.clear();
  std::sort(level.nodes.begin(), level.nodes.end(),
            [](const Node& a, const Node& b) { return a.code < b.code; });

  const bool extendable = depth + 1 < levels_.size();
  if (extendable) Deliver(places, &level);
  for (size_t i = 0; i < level.nodes.size(); ++i) {
    const Node& node = level.nodes[i];
    bundle_.push_back(products_[node.code]);
    if (!VisitIfSatisfied(node)) return false;
    // No product precedes the first one, so it has no extensions.
    if (extendable && i > 0 && worth_(Items()) &&
        !Extend(depth + 1, node,
                absl::MakeConstSpan(level.places)
                    .subspan(level.begins[i], level.begins[i + 1] - level.begins[i]))) {
      return false;
    }
    bundle_.pop_back();
  }
  return true;
}

void BundleWalker::Count(absl::Span<const uint32_t> places) {
  for (uint32_t place : places) {
    for (uint32_t code; (code = codes_[--place]) != kStart;) {
      if (tally_[code]++ == 0) touched_.push_back(code);
    }
  }
}

void BundleWalker::Deliver(absl::Span<const uint32_t> places, Level* level) {
  level->begins.assign(1, 0);
  for (uint32_t i = 0; i < level->nodes.size(); ++i) {
    extension_of_[level->nodes[i].code] = i;
    level->begins.push_back(level->begins.back() + static_cast<uint32_t>(level->nodes[i].count));
  }
  level->places.resize(level->begins.back());
  // Filling advances each begin to the end of its list, where the next list begins.
  for (uint32_t place : places) {
    for (uint32_t code; (code = codes_[--place]) != kStart;) {
      const uint32_t extension = extension_of_[code];
      if (extension != kNone) level->places[level->begins[extension]++] = place;
    }
  }
  for (size_t i = level->nodes.size(); i > 0; --i) level->begins[i] = level->begins[i - 1];
  level->begins[0] = 0;
  for (const Node& node : level->nodes) extension_of_[node.code] = kNone;
}

bool BundleWalker::Admits(const Node& bundle, const Product& product, int64_t count,
                          Node* node) const {
  const uint32_t largest_single = std::max(bundle.largest_single, product.single_count);
  if (static_cast<double>(count) / largest_single < query_.min_confidence) return false;
  const int64_t price_cents = bundle.price_cents + product.price_cents;
  if (price_cents > query_.max_total_price_cents.value_or(INT64_MAX)) return false;
  if (query_.min_margin_ratio && !product.margin_cents) return false;
  if (query_.cross_category_only &&
      std::any_of(bundle_.begin(), bundle_.end(),
                  [&](const Product& other) { return other.category == product.category; })) {
    return false;
  }
  *node = {
      .code = kNone, .count = count, .largest_single = largest_single, .price_cents = price_cents};
  return true;
}

bool BundleWalker::VisitIfSatisfied(const Node& bundle) {
  if (bundle_.size() < 2) return true;
  if (!StillWanted(1)) return false;
  if (met_count_++ == query_.max_candidates) {
    status_ = TooMany();
    return false;
  }
  if (bundle_.size() < static_cast<size_t>(query_.min_items)) return true;
  if (bundle.price_cents < query_.min_total_price_cents.value_or(INT64_MIN)) return true;
  if (query_.min_margin_ratio) {
    int64_t margin_cents = 0;
    for (const Product& product : bundle_) margin_cents += *product.margin_cents;
    if (!MeetsMargin(margin_cents, bundle.price_cents, *query_.min_margin_ratio)) return true;
  }
  return visit_(Items(), bundle.count);
}

absl::Span<const Item> BundleWalker::Items() {
  items_.clear();
  for (const Product& product : bundle_) items_.push_back(product.item);
  return items_;
}

}  // namespace clustr::scoring
