#include "services/bundles/mining/rules/top_splitter.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace clustr::mining {

void TopSplitter::Split(absl::Span<const Item> set, int64_t count) {
  if (set.size() < 2) return;
  set_ = set;
  count_ = count;
  max_ = limits_.For(count);
  const auto asked = static_cast<size_t>(thresholds_.max_consequents);
  max_consequents_ = asked == 0 ? set.size() - 1 : std::min(asked, set.size() - 1);
  antecedents_.assign(set.begin(), set.end());
  if (max_.ties && !ComesEarly()) return;
  if (max_consequents_ == 1) {
    SplitOneConsequent();
  } else if (CountWithoutEach()) {
    if (max_.max_b < max_.max_a) {
      antecedents_.clear();
      consequents_.assign(set.begin(), set.end());
      GrowAntecedents(0, count, count);
      consequents_.clear();
    } else {
      GrowConsequents(0, count, count);
    }
  }
}

bool TopSplitter::Proceed() {
  constexpr int kChecked = 1024;
  if (--until_check_ > 0) return !control_.stopped();
  until_check_ = kChecked;
  return control_.CheckTime();
}

// The lexicographically smallest antecedent that keeps the first `kept` of the current antecedents
// and may lose others of them to the consequent.
absl::Span<const Item> TopSplitter::MinAntecedents(size_t kept) const {
  return absl::MakeConstSpan(antecedents_)
      .first(std::max({kept, set_.size() - max_consequents_, size_t{1}}));
}

// False if every antecedent whose count may be low enough is too late in the order to win a tie.
bool TopSplitter::ComesEarly() {
  for (size_t kept = 1;; ++kept) {
    const absl::Span<const Item> antecedents = MinAntecedents(kept);
    if (!best_.MayTakeTie(antecedents)) return false;
    const absl::Span<const Item> rest = set_.subspan(antecedents.size());
    if (rest.size() == 1 || sides_.Count(antecedents, rest, count_, max_.max_a) <= max_.max_a) {
      return true;
    }
  }
}

void TopSplitter::SplitOneConsequent() {
  for (size_t place = 0; place < set_.size(); ++place) {
    const int64_t count_b = sides_.item_count(set_[place]);
    if (count_b > max_.max_b) continue;
    antecedents_.assign(set_.begin(), set_.end());
    antecedents_.erase(antecedents_.begin() + static_cast<ptrdiff_t>(place));
    if (!limits_.MayTake(count_, count_b, count_, antecedents_)) continue;
    const RuleCounts counts = {
        sides_.Count(antecedents_, set_.subspan(place, 1), count_, max_.max_a), count_b, count_,
        basket_count_};
    if (limits_.MayTake(counts.count_a, count_b, count_, antecedents_) &&
        MeetsThresholds(counts, thresholds_)) {
      best_.Offer({antecedents_, set_.subspan(place, 1), counts}, limits_.Score(counts));
    }
  }
}

// Returns false if some item can be on neither side, or none in the consequent.
bool TopSplitter::CountWithoutEach() {
  // The rarest item comes first, because the set without it has the highest count. None of these
  // sets has a higher count than the second rarest item.
  places_.resize(set_.size());
  by_count_.resize(set_.size());
  std::iota(by_count_.begin(), by_count_.end(), size_t{0});
  std::sort(by_count_.begin(), by_count_.end(), [&](size_t a, size_t b) {
    return sides_.item_count(set_[a]) < sides_.item_count(set_[b]);
  });
  const int64_t second = sides_.item_count(set_[by_count_[1]]);
  const auto [lower, higher] = std::minmax(max_.max_a, max_.max_b);
  counted_to_ = higher < second ? higher : lower;
  bool any_consequent = false;
  for (const size_t place : by_count_) {
    antecedents_.assign(set_.begin(), set_.end());
    antecedents_.erase(antecedents_.begin() + static_cast<ptrdiff_t>(place));
    const int64_t without = sides_.Count(antecedents_, set_.subspan(place, 1), count_, counted_to_);
    places_[place] = {without, without <= max_.max_b, without <= max_.max_a};
    if (!places_[place].may_be_antecedent && !places_[place].may_be_consequent) return false;
    any_consequent |= places_[place].may_be_consequent;
  }
  antecedents_.assign(set_.begin(), set_.end());
  return any_consequent;
}

// Extends the current consequent by each item of the set from number `first` on. Whatever is added
// to it, the antecedent has at least `min_a` baskets and the consequent at least `min_b`.
void TopSplitter::GrowConsequents(size_t first, int64_t min_a, int64_t min_b) {
  if (consequents_.size() == max_consequents_) return;
  for (size_t place = first; place < set_.size(); ++place) {
    if (!Proceed()) return;
    const Place& at = places_[place];
    const auto kept = place - consequents_.size();  // Number of antecedents that stay.
    if (at.may_be_consequent) {
      const Item item = set_[place];
      antecedents_.erase(antecedents_.begin() + static_cast<ptrdiff_t>(kept));
      consequents_.push_back(item);
      const int64_t new_min_a = std::max(min_a, at.without);
      if (limits_.MayTake(new_min_a, min_b, count_, MinAntecedents(kept))) {
        const int64_t count_a = consequents_.size() == 1 && at.without <= counted_to_
                                    ? at.without
                                    : sides_.Count(antecedents_, consequents_, count_, max_.max_a);
        if (limits_.MayTake(count_a, min_b, count_, MinAntecedents(kept))) {
          OfferWithCountA(count_a);
          GrowConsequents(place + 1, count_a, min_b);
        }
      }
      consequents_.pop_back();
      antecedents_.insert(antecedents_.begin() + static_cast<ptrdiff_t>(kept), item);
    }
    // From here on, the item is an antecedent.
    if (!at.may_be_antecedent) return;
    min_b = std::max(min_b, at.without);
    if (!limits_.MayTake(min_a, min_b, count_, MinAntecedents(kept + 1))) return;
  }
}

// The same for the antecedent, starting from an empty one. Extending it only makes it
// lexicographically larger.
void TopSplitter::GrowAntecedents(size_t first, int64_t min_a, int64_t min_b) {
  if (consequents_.size() == 1) return;
  for (size_t place = first; place < set_.size(); ++place) {
    if (!Proceed()) return;
    const Place& at = places_[place];
    const auto kept = place - antecedents_.size();  // Number of consequents that stay.
    if (at.may_be_antecedent) {
      const Item item = set_[place];
      consequents_.erase(consequents_.begin() + static_cast<ptrdiff_t>(kept));
      antecedents_.push_back(item);
      const int64_t new_min_b = std::max(min_b, at.without);
      if (limits_.MayTake(min_a, new_min_b, count_, antecedents_)) {
        const int64_t count_b = antecedents_.size() == 1 && at.without <= counted_to_
                                    ? at.without
                                    : sides_.Count(consequents_, antecedents_, count_, max_.max_b);
        if (limits_.MayTake(min_a, count_b, count_, antecedents_)) {
          OfferWithCountB(count_b);
          GrowAntecedents(place + 1, min_a, count_b);
        }
      }
      antecedents_.pop_back();
      consequents_.insert(consequents_.begin() + static_cast<ptrdiff_t>(kept), item);
    }
    // From here on, the item is a consequent.
    if (!at.may_be_consequent) return;
    min_a = std::max(min_a, at.without);
    if (!limits_.MayTake(min_a, min_b, count_, antecedents_)) return;
  }
}

// A lower bound for the count of the other side: the highest count of the set without one item of
// `side`. Unset if some item of `side` may not be on it.
template <class MayBe>
std::optional<int64_t> TopSplitter::MaxWithout(absl::Span<const Item> side, MayBe may_be) const {
  int64_t max_without = count_;
  size_t next = 0;
  for (size_t place = 0; place < set_.size() && next < side.size(); ++place) {
    if (side[next] != set_[place]) continue;
    if (!may_be(places_[place])) return std::nullopt;
    max_without = std::max(max_without, places_[place].without);
    ++next;
  }
  return max_without;
}

void TopSplitter::OfferWithCountA(int64_t count_a) {
  const auto min_b = MaxWithout(antecedents_, [](const Place& at) { return at.may_be_antecedent; });
  if (!min_b || !limits_.MayTake(count_a, *min_b, count_, antecedents_)) return;
  Offer({count_a, sides_.Count(consequents_, antecedents_, count_, max_.max_b), count_,
         basket_count_});
}

void TopSplitter::OfferWithCountB(int64_t count_b) {
  if (consequents_.size() > max_consequents_) return;
  const auto min_a = MaxWithout(consequents_, [](const Place& at) { return at.may_be_consequent; });
  if (!min_a || !limits_.MayTake(*min_a, count_b, count_, antecedents_)) return;
  Offer({sides_.Count(antecedents_, consequents_, count_, max_.max_a), count_b, count_,
         basket_count_});
}

// Offers a rule whose counts are exact unless they exceed the limits.
void TopSplitter::Offer(const RuleCounts& counts) {
  if (limits_.MayTake(counts.count_a, counts.count_b, count_, antecedents_) &&
      MeetsThresholds(counts, thresholds_)) {
    best_.Offer({antecedents_, consequents_, counts}, limits_.Score(counts));
  }
}

}  // namespace clustr::mining
