#include "services/bundles/scoring/rarer_pairs.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace clustr::scoring {
namespace {

// Searches with at least this bound on the confidence share the pairs of all of them.
constexpr double kSomeConfidence = 0.02;
constexpr int64_t kFewBaskets = 2;

// The bounds to count the pairs by: wide ones, so that later searches find their pairs, too, and
// exact ones in case that those admit too many pairs.
std::vector<PairBounds> BoundsToTry(const PairBounds& bounds) {
  if (bounds.min_confidence >= kSomeConfidence) {
    return {{.min_count = std::min(bounds.min_count, kFewBaskets),
             .min_confidence = kSomeConfidence},
            bounds};
  }
  // Goes down to a power of two, so that ever lower counts have the pairs counted seldom.
  const auto lower = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(bounds.min_count)));
  return {{.min_count = lower}, {.min_count = bounds.min_count}};
}

}  // namespace

absl::StatusOr<RarerPairs::PairsPtr> RarerPairs::Get(const index::Snapshot& snapshot,
                                                     const index::Selection& selection,
                                                     const PairMeasures& maxima,
                                                     const PairBounds& bounds, Wanted wanted) {
  return Get(bounds, [&](const PairBounds& tried) {
    return ComputeStrengths(snapshot, selection, maxima, tried, wanted, work());
  });
}

absl::StatusOr<RarerPairs::PairsPtr> RarerPairs::Get(const PairBounds& bounds, Count count) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (PairsPtr kept = FindKept(bounds)) return kept;
  for (const PairBounds& tried : BoundsToTry(bounds)) {
    const size_t kind = tried.min_confidence == 0 ? 1 : 0;
    Refused& refused = refused_[kind];
    if (tried.min_count <= refused.min_count && tried.min_confidence <= refused.min_confidence) {
      continue;
    }
    absl::StatusOr<PairStrengths> pairs = count(tried);
    if (pairs.ok()) {
      Kept& kept = kept_[kind];
      bytes_ += pairs->memory_bytes() - (kept.pairs == nullptr ? 0 : kept.pairs->memory_bytes());
      kept = {std::make_shared<const PairStrengths>(*std::move(pairs)), tried.min_count,
              tried.min_confidence};
      return kept.pairs;
    }
    if (!absl::IsResourceExhausted(pairs.status())) return pairs.status();
    refused = {tried.min_count, tried.min_confidence};
  }
  return absl::ResourceExhaustedError("too many pairs were bought together");
}

RarerPairs::PairsPtr RarerPairs::Find(const PairBounds& bounds) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return FindKept(bounds);
}

RarerPairs::PairsPtr RarerPairs::FindKept(const PairBounds& bounds) const {
  for (const Kept& kept : kept_) {
    if (bounds.min_count >= kept.min_count && bounds.min_confidence >= kept.min_confidence) {
      return kept.pairs;
    }
  }
  return nullptr;
}

}  // namespace clustr::scoring
