#include "services/bundles/mining/top_splitter.h"

#include <algorithm>

namespace clustr::mining {

bool TopSplitter::MayTake(int64_t least_a, int64_t least_b, int64_t count, Item first) const {
  const RuleCounts counts = {least_a, least_b, count, basket_count_};
  return MeetsBounds(counts, thresholds_) && best_.MayTake(measure_(counts), count, first);
}

void TopSplitter::Split(absl::Span<const Item> set, int64_t count) {
  if (set.size() < 2) return;
  set_ = set;
  count_ = count;
  antecedents_.assign(set.begin(), set.end());
  Grow(0, count);
}

// Tries the consequent so far with each of the items of the set from number `first` on. At least
// `least_a` baskets hold the antecedents that are left.
void TopSplitter::Grow(size_t first, int64_t least_a) {
  const size_t size = consequents_.size() + 1;
  if (size == set_.size()) return;
  const bool last =
      thresholds_.max_consequents > 0 && size == static_cast<size_t>(thresholds_.max_consequents);
  for (size_t place = first; place < set_.size(); ++place) {
    const Item item = set_[place];
    const auto at = std::lower_bound(antecedents_.begin(), antecedents_.end(), item);
    const auto taken = at - antecedents_.begin();
    antecedents_.erase(at);
    consequents_.push_back(item);
    const int64_t least_b = size == 1 && last ? count_side_(consequents_) : count_;
    if (MayTake(least_a, least_b, count_, set_[0])) {
      const int64_t count_a = count_side_(antecedents_);
      if (MayTake(count_a, least_b, count_, set_[0])) {
        const RuleCounts counts = {count_a, count_side_(consequents_), count_, basket_count_};
        if (MayTake(counts.count_a, counts.count_b, count_, antecedents_[0]) &&
            MeetsThresholds(counts, thresholds_)) {
          best_.Offer({antecedents_, consequents_, counts}, measure_(counts));
        }
        if (!last) Grow(place + 1, count_a);
      }
    }
    consequents_.pop_back();
    antecedents_.insert(antecedents_.begin() + taken, item);
  }
}

}  // namespace clustr::mining
