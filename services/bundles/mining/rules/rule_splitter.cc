#include "services/bundles/mining/rules/rule_splitter.h"

#include "services/bundles/mining/measures/p_value.h"

namespace clustr::mining {

bool MeetsBounds(const RuleCounts& counts, const Thresholds& thresholds) {
  return Confidence(counts) >= thresholds.min_confidence && Lift(counts) >= thresholds.min_lift &&
         (thresholds.min_leverage <= -1 || Leverage(counts) >= thresholds.min_leverage) &&
         (thresholds.min_conviction <= 0 ||
          Conviction(counts).value_or(thresholds.min_conviction) >= thresholds.min_conviction);
}

bool MeetsThresholds(const RuleCounts& counts, const Thresholds& thresholds) {
  return MeetsBounds(counts, thresholds) &&
         (!thresholds.max_p_value || FisherPValue(counts).value <= *thresholds.max_p_value);
}

bool RuleSplitter::Split(absl::Span<const Item> set, int64_t count, RuleSink sink) {
  if (set.size() < 2) return true;
  set_ = set;
  count_ = count;
  key_ = counts_.key(set);
  for (const Item item : set) counts_.Prefetch(key_ - counts_.key(item));
  return Grow(0, key_, 0, sink);
}

// Extends the current consequent by each of the items from index `first` on.
bool RuleSplitter::Grow(size_t first, uint64_t antecedent_key, uint64_t consequent_key,
                        RuleSink sink) {
  const size_t size = consequent_positions_.size() + 1;
  if (size == set_.size()) return true;
  const bool last =
      thresholds_.max_consequents > 0 && size == static_cast<size_t>(thresholds_.max_consequents);
  for (size_t place = first; place < set_.size(); ++place) {
    const uint64_t key = counts_.key(set_[place]);
    RuleCounts counts = {.count_a = counts_.Count(antecedent_key - key),
                         .count_ab = count_,
                         .basket_count = basket_count_};
    if (Confidence(counts) < thresholds_.min_confidence) continue;
    consequent_positions_.push_back(place);
    counts.count_b = counts_.Count(consequent_key + key);
    bool go_on = !MeetsThresholds(counts, thresholds_) || Offer(counts, consequent_key + key, sink);
    if (go_on && !last) go_on = Grow(place + 1, antecedent_key - key, consequent_key + key, sink);
    consequent_positions_.pop_back();
    if (!go_on) return false;
  }
  return true;
}

bool RuleSplitter::Offer(const RuleCounts& counts, uint64_t consequent_key, RuleSink sink) {
  antecedents_.clear();
  consequents_.clear();
  size_t next = 0;
  for (size_t place = 0; place < set_.size(); ++place) {
    const bool is_consequent =
        next < consequent_positions_.size() && consequent_positions_[next] == place;
    (is_consequent ? consequents_ : antecedents_).push_back(set_[place]);
    next += is_consequent ? 1 : 0;
  }
  if (only_improving_ && !Improves(0, antecedents_.size(), key_ - consequent_key, consequent_key,
                                   Confidence(counts))) {
    return true;
  }
  return sink({antecedents_, consequents_, counts});
}

// False if a non-empty proper part of the antecedent has at least this confidence. Tries the parts
// that result from removing some of the items from index `first` on; `antecedent_size` items are
// left now.
bool RuleSplitter::Improves(size_t first, size_t antecedent_size, uint64_t antecedent_key,
                            uint64_t consequent_key, double confidence) const {
  if (antecedent_size == 1) return true;
  for (size_t i = first; i < antecedents_.size(); ++i) {
    const uint64_t smaller = antecedent_key - counts_.key(antecedents_[i]);
    const RuleCounts counts = {.count_a = counts_.Count(smaller),
                               .count_ab = counts_.Count(smaller + consequent_key),
                               .basket_count = basket_count_};
    if (Confidence(counts) >= confidence ||
        !Improves(i + 1, antecedent_size - 1, smaller, consequent_key, confidence)) {
      return false;
    }
  }
  return true;
}

}  // namespace clustr::mining
