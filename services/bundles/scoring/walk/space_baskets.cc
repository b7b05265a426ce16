#include "services/bundles/scoring/walk/space_baskets.h"

namespace clustr::scoring {
namespace {

// From so many steps on it is asked what counting all triples takes, which costs some for each
// edge.
constexpr int64_t kStepsBeforeTriples = 2'000'000;
constexpr int64_t kStepsPerEdge = 8;

}  // namespace

StrongEdges& SpaceBaskets::edges() {
  if (!edges_) edges_.emplace(pairs_, space_);
  return *edges_;
}

const TripleCounts* SpaceBaskets::Triples() {
  if (counted_) return &*triples_;
  const int64_t spent = began_with_ - budget_.left();
  if (tried_ || spent < kStepsBeforeTriples) return nullptr;
  if (!triples_) {
    if (!budget_.Take(kStepsPerEdge * static_cast<int64_t>(edges().size()))) return nullptr;
    triples_.emplace(edges(), space_);
  }
  if (spent < triples_->steps() / 2 || budget_.left() < triples_->steps()) return nullptr;
  tried_ = true;
  counted_ = triples_->Count(snapshot_, space_, &budget_);
  return counted_ ? &*triples_ : nullptr;
}

}  // namespace clustr::scoring
