#include "services/bundles/scoring/walk/bundle_walker.h"

#include <algorithm>
#include <cmath>

namespace clustr::scoring {
namespace {

// Steps, in nanoseconds, that one candidate costs.
constexpr int64_t kStepsToJoin = 4;
constexpr int64_t kStepsToAdd = 60;
constexpr int64_t kStepsToFollow = 40;

StrongPair Pair(Item a, Item b, const Neighbour& neighbour) {
  return {std::min(a, b), std::max(a, b), neighbour.count, neighbour.strength};
}

}  // namespace

BundleWalker::BundleWalker(const BundleSpace& space, const PairStrengths& pairs, StrongEdges* edges,
                           SpaceBaskets* baskets, StepBudget* budget, const Limits& wanted,
                           Visit visit)
    : space_(space),
      query_(space.query()),
      pairs_(pairs),
      edges_(edges),
      budget_(*budget),
      wanted_(wanted),
      visit_(visit),
      limits_{static_cast<size_t>(query_.min_items), static_cast<size_t>(query_.max_items)},
      baskets_(*baskets),
      place_of_(space.allowed().size()) {}

absl::Status BundleWalker::Run() {
  if (!query_.anchors.empty()) {
    WalkFromAnchors();
    return budget_.status();
  }
  if (!budget_.Take(static_cast<int64_t>(kStepsToJoin * pairs_.size()))) return budget_.status();
  if (limits_.min_items <= 2) WalkPairs();
  if (limits_.max_items > 2) WalkLarger();
  return budget_.status();
}

void BundleWalker::WalkPairs() {
  for (size_t i = 0; i < edges_->size() && !ended(); ++i) {
    const StrongPair& pair = edges_->At(i);
    if (!budget_.Take(kStepsToFollow) || !wanted_.worth(pair.strength)) return;
    if (!IsAllowed(pair)) continue;
    StartFrom(pair);
    VisitIfSatisfied();
  }
}

void BundleWalker::WalkLarger() {
  strongest_of_.assign(space_.allowed().size(), 0);
  edges_->ForEach([&](const StrongPair& pair) {
    for (const Item item : {pair.a, pair.b}) {
      // Rounds up, so that a float is still a bound.
      strongest_of_[item] = std::max(strongest_of_[item],
                                     std::nextafter(static_cast<float>(pair.strength), HUGE_VALF));
    }
  });
  const PairReach reach(*edges_, space_, limits_);
  for (size_t i = 0; i < edges_->size() && !ended(); ++i) {
    const StrongPair& pair = edges_->At(i);
    // No pair of a bundle that is reached from here is stronger, and so neither is their mean.
    if (!budget_.Take(kStepsToFollow) || !wanted_.worth(pair.strength)) return;
    if (!IsAllowed(pair) || !reach.MayMeet(pair)) continue;
    root_ = &pair;
    StartFrom(pair);
    if (!wanted_.admits(bundle_, limits_.max_items)) continue;
    triples_ = baskets_.Triples();
    triples_ == nullptr ? FillFromPair(pair) : FillFromTriples(pair);
    Extend();
    dead_ = SIZE_MAX;
  }
}

void BundleWalker::WalkFromAnchors() {
  bundle_.clear();
  levels_[0] = Level();
  for (const Item anchor : query_.anchors) {
    BundleCandidate pushed = {.item = anchor,
                              .count = space_.searched().basket_count,
                              .pull = 0,
                              .strongest = 0,
                              .weakest = HUGE_VAL};
    for (const Item other : bundle_) {
      const double strength = pairs_.Of(anchor, other);
      pushed.pull += strength;
      pushed.weakest = std::min(pushed.weakest, strength);
      if (query_.cross_category_only &&
          space_.product(other).category == space_.product(anchor).category) {
        return;
      }
    }
    Push(pushed);
  }
  top().counted = true;
  if (!space_.MeetsCounts(top().count, top().largest_single)) return;
  VisitIfSatisfied();
  if (ended() || bundle_.size() == limits_.max_items) return;
  FillFromAnchors();
  Extend();
}

void BundleWalker::StartFrom(const StrongPair& pair) {
  bundle_.clear();
  levels_[0] = Level();
  Push({.item = pair.a,
        .count = space_.product(pair.a).single_count,
        .pull = 0,
        .strongest = 0,
        .weakest = HUGE_VAL});
  Push({.item = pair.b,
        .count = pair.count,
        .pull = pair.strength,
        .strongest = 0,
        .weakest = pair.strength});
  top().counted = true;
}

void BundleWalker::Push(const BundleCandidate& candidate) {
  const Level& before = top();
  const BundleSpace::Product& product = space_.product(candidate.item);
  bundle_.push_back(candidate.item);
  Level& level = top();
  level.count = bundle_.size() == 1 ? candidate.count : std::min(before.count, candidate.count);
  level.counted = candidate.counted;
  level.listed = false;
  level.weakest = std::min(before.weakest, candidate.weakest);
  level.largest_single = std::max(before.largest_single, product.single_count);
  level.sums = {.size = bundle_.size(),
                .price_cents = before.sums.price_cents + product.price_cents,
                .gain = before.sums.gain + product.gain,
                .inside = before.sums.inside + candidate.pull};
}

void BundleWalker::AddCandidate(BundleCandidate candidate, int64_t count) {
  Level& level = top();
  candidate.count = std::min({candidate.count, count, level.count});
  const uint32_t single = space_.product(candidate.item).single_count;
  if (!space_.MeetsCounts(candidate.count, std::max(level.largest_single, single))) return;
  if (!MayHaveWeakest(std::min(level.weakest, candidate.weakest))) return;
  level.candidates.push_back(candidate);
}

void BundleWalker::FillFromPair(const StrongPair& pair) {
  top().candidates.clear();
  const absl::Span<const Neighbour> left = pairs_.NeighboursOf(pair.a);
  const absl::Span<const Neighbour> right = pairs_.NeighboursOf(pair.b);
  budget_.Take(kStepsToJoin * static_cast<int64_t>(left.size() + right.size()));
  const uint32_t category_a = space_.product(pair.a).category;
  const uint32_t category_b = space_.product(pair.b).category;
  for (size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    const Neighbour& l = left[i];
    const Neighbour& r = right[j];
    i += l.item <= r.item;
    j += r.item <= l.item;
    if (l.item != r.item || l.item >= place_of_.size() || !space_.allowed()[l.item]) continue;
    if (!Precedes(pair, Pair(pair.a, l.item, l)) || !Precedes(pair, Pair(pair.b, r.item, r))) {
      continue;
    }
    const uint32_t category = space_.product(l.item).category;
    if (query_.cross_category_only && (category == category_a || category == category_b)) continue;
    AddCandidate({.item = l.item,
                  .count = l.count,
                  .pull = l.strength + r.strength,
                  .strongest = std::min<double>(pair.strength, strongest_of_[l.item]),
                  .weakest = std::min(l.strength, r.strength)},
                 r.count);
  }
}

void BundleWalker::FillFromTriples(const StrongPair& pair) {
  top().candidates.clear();
  const absl::Span<const ThirdProduct> thirds = triples_->Of(pair.a, pair.b);
  budget_.Take(kStepsToAdd * static_cast<int64_t>(1 + thirds.size()));
  const uint32_t category_a = space_.product(pair.a).category;
  const uint32_t category_b = space_.product(pair.b).category;
  for (const ThirdProduct& third : thirds) {
    if (!space_.allowed()[third.item]) continue;
    const auto left = pairs_.Find(pair.a, third.item);
    const auto right = pairs_.Find(pair.b, third.item);
    if (!left || !right) continue;
    const Neighbour l = {third.item, 0, *left};
    const Neighbour r = {third.item, 0, *right};
    if (!Precedes(pair, Pair(pair.a, l.item, l)) || !Precedes(pair, Pair(pair.b, r.item, r))) {
      continue;
    }
    const uint32_t category = space_.product(third.item).category;
    if (query_.cross_category_only && (category == category_a || category == category_b)) continue;
    AddCandidate({.item = third.item,
                  .count = third.count,
                  .pull = *left + *right,
                  .strongest = std::min<double>(pair.strength, strongest_of_[third.item]),
                  .weakest = std::min(*left, *right),
                  .counted = true},
                 third.count);
  }
}

bool BundleWalker::BoundByTriples(BundleCandidate* candidate) const {
  const Item last = bundle_.back();
  for (size_t i = 0; i + 1 < bundle_.size(); ++i) {
    const int64_t count = triples_->CountOf(last, candidate->item, bundle_[i]);
    if (count == 0) return false;
    candidate->count = std::min(candidate->count, count);
  }
  return true;
}

void BundleWalker::FillFromAnchors() {
  std::vector<BundleCandidate>& candidates = top().candidates;
  candidates.clear();
  const absl::Span<const Neighbour> neighbours = pairs_.NeighboursOf(bundle_[0]);
  budget_.Take(kStepsToAdd * static_cast<int64_t>(neighbours.size() * bundle_.size()));
  for (const Neighbour& first : neighbours) {
    const Item item = first.item;
    if (item >= place_of_.size() || !space_.allowed()[item]) continue;
    double pull = first.strength;
    double weakest = first.strength;
    const bool fits = std::all_of(bundle_.begin(), bundle_.end(), [&](Item other) {
      if (other == item) return false;
      if (query_.cross_category_only &&
          space_.product(other).category == space_.product(item).category) {
        return false;
      }
      if (other == bundle_[0]) return true;
      const auto strength = pairs_.Find(other, item);
      pull += strength.value_or(0);
      weakest = std::min(weakest, strength.value_or(0));
      return strength.has_value();
    });
    if (fits) AddCandidate({item, first.count, pull, 0, weakest}, first.count);
  }
  if (bundle_.size() + 1 == limits_.max_items) return;
  for (const BundleCandidate& candidate : candidates) place_of_[candidate.item] = 1;
  for (BundleCandidate& candidate : candidates) {
    const absl::Span<const Neighbour> others = pairs_.NeighboursOf(candidate.item);
    budget_.Take(kStepsToJoin * static_cast<int64_t>(others.size()));
    for (const Neighbour& other : others) {
      if (other.item >= place_of_.size() || place_of_[other.item] == 0) continue;
      candidate.strongest = std::max(candidate.strongest, other.strength);
    }
  }
  for (const BundleCandidate& candidate : candidates) place_of_[candidate.item] = 0;
}

void BundleWalker::FillFromLater(absl::Span<const BundleCandidate> later) {
  top().candidates.clear();
  const Item last = bundle_.back();
  const absl::Span<const Neighbour> neighbours = pairs_.NeighboursOf(last);
  const uint32_t category = space_.product(last).category;
  budget_.Take(kStepsToJoin * static_cast<int64_t>(neighbours.size() + later.size()));
  for (size_t i = 0; i < neighbours.size(); ++i) {
    if (neighbours[i].item < place_of_.size()) {
      place_of_[neighbours[i].item] = static_cast<uint32_t>(i + 1);
    }
  }
  for (BundleCandidate candidate : later) {
    const uint32_t place = place_of_[candidate.item];
    if (place == 0) continue;
    const Neighbour& neighbour = neighbours[place - 1];
    if (root_ != nullptr && !Precedes(*root_, Pair(last, candidate.item, neighbour))) continue;
    if (query_.cross_category_only && space_.product(candidate.item).category == category) continue;
    candidate.pull += neighbour.strength;
    candidate.weakest = std::min(candidate.weakest, neighbour.strength);
    candidate.counted = false;
    if (triples_ != nullptr && !BoundByTriples(&candidate)) continue;
    AddCandidate(candidate, neighbour.count);
  }
  for (const Neighbour& neighbour : neighbours) {
    if (neighbour.item < place_of_.size()) place_of_[neighbour.item] = 0;
  }
}

void BundleWalker::Extend() {
  const size_t size = bundle_.size();
  Level& level = levels_[size];
  std::vector<BundleCandidate>& candidates = level.candidates;
  if (!budget_.Take(kStepsToAdd * static_cast<int64_t>(candidates.size()))) return;
  std::sort(candidates.begin(), candidates.end(),
            [](const BundleCandidate& a, const BundleCandidate& b) {
              return a.pull != b.pull ? a.pull > b.pull : a.item < b.item;
            });
  level.reach.Fill(level.sums, candidates, space_, limits_);
  const auto may = [&](double mean) { return mean >= 0 && wanted_.worth(mean); };
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!may(level.reach.From(i))) return;
    if (!budget_.Take(kStepsToFollow)) return;
    if (!may(level.reach.With(i))) continue;
    if (!MayHaveWeakest(std::min(level.weakest, candidates[i].weakest))) continue;
    Push(candidates[i]);
    VisitIfSatisfied();
    if (!ended() && dead_ > bundle_.size() && may(level.reach.Beyond(i)) &&
        wanted_.admits(bundle_, limits_.max_items)) {
      FillFromLater(absl::MakeConstSpan(candidates).subspan(i + 1));
      Extend();
    }
    bundle_.pop_back();
    if (dead_ == size + 1) dead_ = SIZE_MAX;
    if (ended() || dead_ <= size) return;
  }
}

void BundleWalker::VisitIfSatisfied() {
  const size_t size = bundle_.size();
  const Level& level = top();
  if (size < 2 || size < limits_.min_items || !space_.MeetsSumBounds(bundle_)) return;
  if (!wanted_.worth(level.sums.inside / (static_cast<double>(size * (size - 1)) / 2))) return;
  if (!wanted_.admits(bundle_, size)) return;
  if (!level.counted && !List(size)) return;
  if (!visit_(bundle_, level.count)) ended_ = true;
}

bool BundleWalker::IntersectWith(absl::Span<const Slot> others, size_t size, size_t wanted,
                                 std::vector<Slot>* common) {
  const Item last = bundle_[size - 1];
  const absl::Span<const Slot> own = baskets_.lists().Of(last);
  if (size == query_.anchors.size() + 2 && own.size() < others.size()) {
    // The others are the baskets of a single product, too.
    const absl::Span<const uint64_t> bits = baskets_.lists().BitsOf(bundle_[size - 2]);
    if (!bits.empty()) return Intersect(own, bits, wanted, common, &budget_);
  }
  const absl::Span<const uint64_t> bits = baskets_.lists().BitsOf(last);
  if (!bits.empty()) return Intersect(others, bits, wanted, common, &budget_);
  return Intersect(others, own, wanted, common, &budget_);
}

bool BundleWalker::List(size_t size) {
  Level& level = levels_[size];
  if (level.listed) return true;
  if (size > query_.anchors.size() + 1 && !List(size - 1)) return false;
  if (size == query_.anchors.size() + 1) {
    level.baskets = baskets_.lists().Of(bundle_[size - 1]);
  } else {
    const auto share = static_cast<int64_t>(query_.min_confidence * level.largest_single);
    const size_t wanted = static_cast<size_t>(std::max(space_.min_count(), share - 1));
    const bool enough = IntersectWith(levels_[size - 1].baskets, size, wanted, &level.slots);
    level.baskets = level.slots;
    if (!enough) level.baskets = {};
  }
  if (!budget_.status().ok()) return false;
  level.count = static_cast<int64_t>(level.baskets.size());
  level.counted = level.listed = true;
  if (space_.MeetsCounts(level.count, level.largest_single)) return true;
  dead_ = size;
  return false;
}

}  // namespace clustr::scoring
