#include "services/bundles/scoring/intents/substitutes.h"

#include <algorithm>
#include <cmath>

namespace clustr::scoring {

using index::CoCountRow;
using index::Selection;
using index::Snapshot;

Substitutes::Substitutes(const Snapshot& snapshot, const Selection& selection,
                         absl::Span<const uint32_t> item_counts, Item original,
                         index::CoCounts& co_counts)
    : snapshot_(snapshot),
      selection_(selection),
      item_counts_(item_counts),
      original_(original),
      row_(RowOf(original, co_counts)) {
  for (size_t i = 0; i < row_->items.size(); ++i) {
    const double weight = Weight(original, row_->items[i], row_->counts[i]);
    if (weight > 0) context_.push_back({row_->items[i], weight, nullptr});
  }
  const auto heavier = [&](const Link& a, const Link& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return snapshot.sku_of(a.item) < snapshot.sku_of(b.item);
  };
  const size_t size = std::min(context_.size(), kMaxContext);
  std::partial_sort(context_.begin(), context_.begin() + static_cast<ptrdiff_t>(size),
                    context_.end(), heavier);
  context_.resize(size);
  for (Link& link : context_) {
    total_weight_ += link.weight;
    link.row = RowOf(link.item, co_counts);
  }
}

Substitutes::RowPtr Substitutes::RowOf(Item item, index::CoCounts& co_counts) const {
  if (selection_.everything) return co_counts.Get(snapshot_, item);
  return std::make_shared<const CoCountRow>(CountTogether(snapshot_, selection_, item));
}

double Substitutes::Weight(Item a, Item b, uint32_t together) const {
  constexpr double kNormal95 = 1.645;  // Exceeded with a probability of 5 %.
  const double certain = together - kNormal95 * std::sqrt(static_cast<double>(together));
  if (certain <= 0) return 0;
  const double chance = static_cast<double>(CountOf(a)) * static_cast<double>(CountOf(b)) /
                        static_cast<double>(selection_.basket_count);
  return std::max(0.0, std::log(certain / chance));
}

Substitute Substitutes::Scored(Item item, double common) const {
  Substitute scored = {.item = item, .together = row_->CountOf(item)};
  scored.expected_together = static_cast<double>(CountOf(original_)) *
                             static_cast<double>(CountOf(item)) /
                             static_cast<double>(selection_.basket_count);
  double total = total_weight_;
  for (const Link& link : context_) {
    if (link.item == item) total -= link.weight;
  }
  if (common <= 0 || total <= 0) return scored;
  scored.context_share = std::min(1.0, common / total);
  scored.score = scored.context_share * (scored.expected_together + 1) /
                 (scored.expected_together + static_cast<double>(scored.together) + 1);
  return scored;
}

void Substitutes::AddContext(size_t limit, Substitute* substitute) const {
  double total = total_weight_;
  for (const Link& link : context_) {
    if (link.item == substitute->item) {
      total -= link.weight;
      continue;
    }
    const double weight = Weight(substitute->item, link.item, link.row->CountOf(substitute->item));
    if (weight > 0) {
      substitute->context.emplace_back(link.item, std::min(weight, link.weight));
    }
  }
  for (auto& [item, part] : substitute->context) part /= total;
  std::sort(substitute->context.begin(), substitute->context.end(),
            [&](const auto& a, const auto& b) {
              if (a.second != b.second) return a.second > b.second;
              return snapshot_.sku_of(a.first) < snapshot_.sku_of(b.first);
            });
  if (substitute->context.size() > limit) substitute->context.resize(limit);
}

Substitute Substitutes::Of(Item item) const {
  if (item >= snapshot_.item_count() || CountOf(item) == 0 || item == original_) {
    return {.item = item};
  }
  double common = 0;
  for (const Link& link : context_) {
    if (link.item == item) continue;
    common += std::min(link.weight, Weight(item, link.item, link.row->CountOf(item)));
  }
  Substitute substitute = Scored(item, common);
  AddContext(kMaxContext, &substitute);
  return substitute;
}

std::vector<Substitute> Substitutes::Best(const ProductOffers& offers, size_t limit) const {
  std::vector<double> common(snapshot_.item_count());
  for (const Link& link : context_) {
    const CoCountRow& row = *link.row;
    for (size_t i = 0; i < row.items.size(); ++i) {
      common[row.items[i]] += std::min(link.weight, Weight(row.items[i], link.item, row.counts[i]));
    }
  }
  common[original_] = 0;
  std::vector<Substitute> found;
  for (Item item = 0; item < common.size(); ++item) {
    if (common[item] > 0 && offers.Has(item)) found.push_back(Scored(item, common[item]));
  }
  std::sort(found.begin(), found.end(), [&](const Substitute& a, const Substitute& b) {
    if (a.score != b.score) return a.score > b.score;
    if (CountOf(a.item) != CountOf(b.item)) return CountOf(a.item) > CountOf(b.item);
    return snapshot_.sku_of(a.item) < snapshot_.sku_of(b.item);
  });
  if (found.size() > limit) found.resize(limit);
  for (Substitute& substitute : found) AddContext(kMaxReasons, &substitute);
  return found;
}

}  // namespace clustr::scoring
