#include "services/bundles/scoring/bundle_space.h"

#include <algorithm>
#include <optional>

#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/scoring/bundle_walker.h"

namespace clustr::scoring {

using index::Projection;
using index::Selection;
using index::Snapshot;

BundleSpace::BundleSpace(const Snapshot& snapshot, const Selection& selection,
                         const BundleQuery& query)
    : snapshot_(snapshot),
      query_(query),
      min_count_(std::max<int64_t>(
          1, mining::MinCount(query.min_support, selection.basket_count, query.min_count))),
      single_counts_(CountItems(snapshot, selection)),
      allowed_(ProductFilter(query.products).AllowedItems(snapshot)) {
  const bool anchors_allowed =
      std::all_of(query.anchors.begin(), query.anchors.end(),
                  [&](Item item) { return item < allowed_.size() && allowed_[item]; });
  empty_ = !anchors_allowed || query.limit == 0 ||
           query.anchors.size() > static_cast<size_t>(query.max_items);
  if (empty_) return;
  searched_ = Narrow(snapshot, selection, query.anchors);
  empty_ = searched_.basket_count < min_count_;
  if (empty_ || query.anchors.empty()) return;
  const std::vector<uint32_t> counts = CountItems(snapshot, searched_);
  for (Item item = 0; item < allowed_.size(); ++item) {
    allowed_[item] = allowed_[item] && counts[item] >= min_count_;
  }
}

absl::Status BundleSpace::Walk(const BundleSizes& sizes, Wanted wanted, Worth worth,
                               Visit visit) const {
  const int anchor_count = static_cast<int>(query_.anchors.size());
  if (empty_ || anchor_count > sizes.max) return absl::OkStatus();
  std::vector<uint8_t> allowed = allowed_;
  for (Item anchor : query_.anchors) allowed[anchor] = 0;
  const Projection projection =
      Project(snapshot_, searched_,
              {.min_count = min_count_,
               .allowed = allowed,
               .min_basket_size = static_cast<size_t>(std::max(1, sizes.min - anchor_count))});
  BundleQuery query = query_;
  query.min_items = sizes.min;
  query.max_items = sizes.max;
  BundleWalker walker(snapshot_, query, min_count_, single_counts_, wanted, worth, visit);
  return walker.Run(projection, searched_.basket_count);
}

}  // namespace clustr::scoring
