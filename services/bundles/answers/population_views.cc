#include "services/bundles/answers/population_views.h"

#include "services/bundles/index/queries.h"

namespace clustr::bundles {

const std::vector<uint32_t>& PopulationView::item_counts() const {
  std::call_once(item_counts_once_, [this] {
    if (!selection_.everything) item_counts_ = index::CountItems(shop(), selection_);
  });
  return item_counts_;
}

const absl::StatusOr<scoring::ReferencePairs>& PopulationView::reference() const {
  std::call_once(reference_once_,
                 [this] { reference_ = scoring::ComputeReference(shop(), selection_); });
  return reference_;
}

std::shared_ptr<const bundle_model::RateTables> PopulationView::rates(double half_life_days) const {
  std::lock_guard<std::mutex> lock(rates_mutex_);
  if (rates_ == nullptr || rates_->half_life_days() != half_life_days) {
    rates_ = std::make_shared<const bundle_model::RateTables>(shop(), selection_, half_life_days);
  }
  return rates_;
}

std::shared_ptr<const PopulationView> PopulationViews::Get(const StatePtr& state,
                                                           const index::Population& population) {
  Key key = {state->serial, population};
  if (auto kept = cache_.Find(key)) return kept;
  auto view = std::make_shared<const PopulationView>(state, population);
  cache_.Put(std::move(key), view, 0);
  return view;
}

}  // namespace clustr::bundles
