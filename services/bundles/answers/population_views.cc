#include "services/bundles/answers/population_views.h"

#include <algorithm>

#include "services/bundles/index/queries.h"

namespace clustr::bundles {

std::shared_ptr<const bundle_model::RecentShop> RecentShops::Get(
    const std::shared_ptr<const index::Snapshot>& shop, double half_life_days) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<const bundle_model::RecentShop> before;
  for (size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i]->half_life_days() != half_life_days) continue;
    if (before == nullptr) before = kept_[i];
    if (&kept_[i]->shop() != shop.get()) continue;
    std::rotate(kept_.begin(), kept_.begin() + static_cast<ptrdiff_t>(i),
                kept_.begin() + static_cast<ptrdiff_t>(i + 1));
    return kept_.front();
  }
  // An entry borrows the baskets of its log, so one of a log that was replaced would keep them all
  // in memory.
  std::erase_if(kept_,
                [&](const auto& kept) { return kept->shop().log().id() != shop->log().id(); });
  kept_.push_front(
      std::make_shared<const bundle_model::RecentShop>(shop, half_life_days, before.get()));
  if (kept_.size() > kMaxKept) kept_.pop_back();
  return kept_.front();
}

const std::vector<uint32_t>& PopulationView::item_counts() const {
  static const auto* const kNone = new std::vector<uint32_t>();
  if (selection_.everything) return *kNone;
  if (const auto* known = item_counts_.load(std::memory_order_acquire)) return *known;
  auto counted =
      std::make_unique<const std::vector<uint32_t>>(index::CountItems(shop(), selection_));
  const std::lock_guard<std::mutex> lock(item_counts_mutex_);
  if (owned_item_counts_ == nullptr) {
    owned_item_counts_ = std::move(counted);
    item_counts_.store(owned_item_counts_.get(), std::memory_order_release);
  }
  return *owned_item_counts_;
}

absl::StatusOr<PopulationView::ReferencePtr> PopulationView::reference(
    scoring::Wanted wanted) const {
  std::lock_guard<std::mutex> lock(reference_mutex_);
  if (reference_) return *reference_;
  absl::StatusOr<scoring::ReferencePairs> computed =
      scoring::ComputeReference(shop(), selection_, wanted, rarer_.work());
  if (computed.ok()) {
    auto pairs = std::make_shared<const scoring::ReferencePairs>(*std::move(computed));
    reference_bytes_ = pairs->strengths.memory_bytes() +
                       pairs->single_counts.size() * sizeof(uint32_t);
    reference_ = std::move(pairs);
  } else if (absl::IsResourceExhausted(computed.status())) {
    reference_ = computed.status();
  } else {
    return computed.status();  // The caller has gone; the next one may stay.
  }
  return *reference_;
}

size_t PopulationView::memory_bytes() const {
  size_t bytes = sizeof(*this) + selection_.words.size() * sizeof(uint64_t) +
                 shop().item_count() * sizeof(uint32_t) + rarer_.memory_bytes() +
                 reference_bytes_.load(std::memory_order_relaxed);
  // A thread that holds this lock may be reading all baskets, so this does not wait for it.
  std::unique_lock<std::mutex> lock(rates_mutex_, std::try_to_lock);
  if (lock.owns_lock() && rates_ != nullptr) bytes += rates_->memory_bytes();
  return bytes;
}

std::shared_ptr<const bundle_model::RateTables> PopulationView::rates(
    const bundle_model::RateShape& shape) const {
  std::lock_guard<std::mutex> lock(rates_mutex_);
  if (rates_ == nullptr || rates_->shape() != shape) {
    rates_ = std::make_shared<const bundle_model::RateTables>(
        shop(), selection_, shape, recent_->Get(state_->shop, shape.half_life_days),
        [this] { return rarer_.work(); });
  }
  return rates_;
}

std::shared_ptr<const PopulationView> PopulationViews::Find(const State& state,
                                                            const index::Population& population) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.serial == state.serial && entry.population == population;
  });
  if (found == entries_.end()) return nullptr;
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front().view;
}

std::deque<PopulationViews::Entry> PopulationViews::Evict() {
  uint64_t newest = 0;
  for (const Entry& entry : entries_) newest = std::max(newest, entry.serial);
  std::deque<Entry> kept;
  std::deque<Entry> evicted;
  size_t older = 0;
  size_t bytes = 0;
  for (Entry& entry : entries_) {
    older += entry.serial < newest ? 1 : 0;
    bytes += entry.view->memory_bytes();
    const bool fits = kept.size() < kMaxViews && bytes <= max_bytes_ &&
                      (entry.serial == newest || older <= kMaxViewsOfOlderStates);
    (fits || kept.empty() ? kept : evicted).push_back(std::move(entry));
  }
  entries_ = std::move(kept);
  return evicted;
}

std::shared_ptr<const PopulationView> PopulationViews::Get(const StatePtr& state,
                                                           const index::Population& population) {
  std::deque<Entry> evicted;  // Destroyed after the lock is released.
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto kept = Find(*state, population)) {
      evicted = Evict();  // The views that are kept may have grown.
      return kept;
    }
  }
  auto view =
      std::make_shared<const PopulationView>(state, population, spare_threads_, tables_, recent_);
  std::lock_guard<std::mutex> lock(mutex_);
  if (auto kept = Find(*state, population)) return kept;
  entries_.push_front({state->serial, population, view});
  evicted = Evict();
  return view;
}

}  // namespace clustr::bundles
