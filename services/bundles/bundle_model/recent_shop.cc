#include "services/bundles/bundle_model/recent_shop.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace clustr::bundle_model {
namespace {

using index::PairTable;
using index::Selection;
using index::Snapshot;

// Pairs are counted again once there is one new basket for so many old ones.
constexpr int64_t kOldPerNew = 50;

// The baskets of `shop` that are not in `before`, an earlier snapshot of the same log.
Selection AddedSince(const Snapshot& before, const Snapshot& shop) {
  Selection added;
  added.words.resize(shop.word_count());
  for (size_t w = 0; w < added.words.size(); ++w) {
    const uint64_t old = w < before.word_count() ? before.alive_word(w) : 0;
    added.words[w] = shop.alive_word(w) & ~old;
    added.basket_count += std::popcount(added.words[w]);
  }
  return added;
}

}  // namespace

RecentShop::Counts::Counts(std::shared_ptr<const Snapshot> of, double half_life_days)
    : shop(std::move(of)), counts(*shop, half_life_days) {
  if (shop->item_count() <= RecentPairs::kMaxProducts) pairs.emplace(*shop, counts);
}

RecentShop::RecentShop(std::shared_ptr<const Snapshot> shop, double half_life_days,
                       const RecentShop* before)
    : shop_(std::move(shop)),
      half_life_days_(half_life_days),
      counts_(std::make_shared<const Counts>(shop_, half_life_days)),
      base_(counts_) {
  if (before == nullptr || before->half_life_days_ != half_life_days) return;
  if (!CanBuildOn(*before->base_)) return;
  const Selection added = AddedSince(*before->base_->shop, *shop_);
  if (added.basket_count * kOldPerNew > before->base_->shop->basket_count()) return;
  if (added.basket_count > 0) {
    absl::StatusOr<PairTable> counted = PairTable::Count(
        *shop_, added, std::vector<uint8_t>(shop_->item_count(), 1), {}, scoring::AlwaysWanted);
    if (!counted.ok()) return;
    added_ = *std::move(counted);
  }
  base_ = before->base_;
}

bool RecentShop::CanBuildOn(const Counts& base) const {
  return base.pairs && shop_->item_count() <= PairTable::kMaxProducts &&
         base.shop->log().id() == shop_->log().id() &&
         base.shop->slot_count() <= shop_->slot_count() &&
         base.shop->item_count() <= shop_->item_count() &&
         base.counts.recency().newest_day() <= counts().recency().newest_day();
}

absl::Status RecentShop::Prepare(absl::Span<const uint8_t> items, int threads,
                                 scoring::Wanted wanted) const {
  return base_->pairs ? base_->pairs->Prepare(items, threads, wanted) : absl::OkStatus();
}

double RecentShop::PairBound(Item a, Item b) const {
  if (!base_->pairs) return HUGE_VAL;
  const double old = a < base_->pairs->item_count() ? base_->pairs->Of(a, b) : 0;
  return added_ ? old + added_->CountOf(a, b) : old;
}

}  // namespace clustr::bundle_model
