#include "services/bundles/scoring/rarer_pairs.h"

#include <bit>
#include <utility>

namespace clustr::scoring {

absl::StatusOr<std::shared_ptr<const PairStrengths>> RarerPairs::Get(
    const index::Snapshot& snapshot, const index::Selection& selection, const PairMeasures& maxima,
    int64_t min_count) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (min_count >= min_count_) return pairs_;
  // Goes down to a power of two, so that ever lower counts have the pairs counted seldom.
  const auto lower = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(min_count)));
  for (const int64_t least : {lower, min_count}) {
    if (least <= refused_) continue;
    absl::StatusOr<PairStrengths> pairs = ComputeStrengths(snapshot, selection, maxima, least, {});
    if (pairs.ok()) {
      pairs_ = std::make_shared<const PairStrengths>(*std::move(pairs));
      min_count_ = least;
      return pairs_;
    }
    refused_ = least;
  }
  return absl::ResourceExhaustedError("too many pairs were bought together");
}

std::shared_ptr<const PairStrengths> RarerPairs::Find(int64_t min_count) {
  std::lock_guard<std::mutex> lock(mutex_);
  return min_count >= min_count_ ? pairs_ : nullptr;
}

}  // namespace clustr::scoring
