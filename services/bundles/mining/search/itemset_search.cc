#include "services/bundles/mining/search/itemset_search.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "services/bundles/mining/delivery/ordered_delivery.h"
#include "services/bundles/mining/layout/frequent_items.h"
#include "services/bundles/mining/layout/pair_counts.h"
#include "services/bundles/mining/layout/projected_baskets.h"
#include "services/bundles/mining/search/search_tasks.h"

namespace clustr::mining {
namespace {

// Adds the required items to every set.
class RequiredStream : public ItemsetStream {
 public:
  RequiredStream(ItemsetStream& out, absl::Span<const Item> required)
      : ItemsetStream(out.min_count(),
                      std::max(out.min_size() - static_cast<int>(required.size()), 0),
                      out.max_size() - static_cast<int>(required.size())),
        out_(out),
        required_(required) {}

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) override {
    joined_.clear();
    std::set_union(items.begin(), items.end(), required_.begin(), required_.end(),
                   std::back_inserter(joined_));
    const bool go_on = out_.Put(joined_, count);
    RaiseMinCount(out_.min_count());
    return go_on;
  }

 private:
  ItemsetStream& out_;
  const absl::Span<const Item> required_;
  std::vector<Item> joined_;
};

// Claims all codes, and reports the progress of the search.
class AllCodes final : public Claims {
 public:
  AllCodes(size_t codes, SearchControl& control)
      : codes_(static_cast<double>(codes)), control_(control) {}
  bool ClaimCode(uint32_t code) override {
    control_.SetProgress(code / codes_);
    return true;
  }

 private:
  const double codes_;
  SearchControl& control_;
};

void SearchByThreads(const ItemsetSearchOptions& options, const SearchInput& input,
                     ItemsetStream& stream) {
  const SearchTasks tasks(input.root.frequent.counts);
  OrderedDelivery delivery(stream, input.control);
  std::atomic<uint32_t> next = 0;
  const auto work = [&] {
    TaskStream found(delivery, input.query.min_count, stream.min_size(), stream.max_size());
    TaskClaims claims(tasks, next, input.control, found);
    Search(options.instructions, input, claims, found);
    claims.Finish();
  };
  std::vector<std::thread> threads;
  const uint32_t wanted = std::min(static_cast<uint32_t>(options.threads), tasks.size());
  for (uint32_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

absl::Status SearchFrom(const RootProjection& root, const ItemsetSearchOptions& options,
                        const SearchQuery& query, SearchControl& control, ItemsetStream& stream) {
  if (!control.AddMemory(root.memory_bytes) || !control.CheckTime()) return control.status();
  const SearchInput input = {root, query, control};
  if (options.threads > 1 && root.frequent.items.size() > 1) {
    SearchByThreads(options, input, stream);
  } else {
    AllCodes claims(root.frequent.items.size(), control);
    Search(options.instructions, input, claims, stream);
  }
  if (absl::Status s = control.status(); !s.ok()) return s;
  control.SetProgress(1);
  return absl::OkStatus();
}

absl::Status RunWithoutRequired(const ItemsetSearchOptions& options, ItemsetStream& stream) {
  SearchControl control(options.limits);
  const SearchQuery query = {stream.min_count(), stream.max_size(), options.target};
  FrequentItems items = CountFrequentItems(options.baskets, query.min_count, options.threads);
  std::optional<RootPairs> known;
  const bool all = query.target == Target::kAll;
  if (all && PairCounts::Promising(options.baskets, items, query.min_count)) {
    const int64_t memory =
        PairCounts::MemoryBytes(options.baskets, items.items.size(), options.threads);
    if (!control.AddMemory(memory)) return control.status();
    const PairCounts pairs(options.baskets, items, query.min_count, options.threads);
    const bool search_follows = pairs.live_items() > 0 && stream.max_size() > 2;
    if (!pairs.Report(search_follows, stream) || !search_follows) return absl::OkStatus();
    items = pairs.LiveItems();
    known = pairs.LivePairs(items);
    control.AddMemory(-memory);
  }
  const uint32_t min_size = all ? 2 : 1;
  const RootProjection root = MakeRootProjection(options.baskets, std::move(items),
                                                 std::move(known), min_size, options.threads);
  return SearchFrom(root, options, query, control, stream);
}

}  // namespace

absl::Status RunItemsetSearch(const ItemsetSearchOptions& options, ItemsetStream& stream) {
  if (!options.required.empty()) {
    const ProjectedBaskets projected =
        ProjectBaskets(options.baskets, options.required, options.required);
    if (projected.count < stream.min_count()) return absl::OkStatus();
    if (static_cast<int>(options.required.size()) > stream.max_size()) return absl::OkStatus();
    const BasketView view = projected.view();
    const FrequentItems common = CountFrequentItems(
        view, options.target == Target::kClosed ? projected.count : stream.min_count());
    const bool wanted = options.target == Target::kAll || common.items.empty();
    if (wanted && !stream.Put(options.required, projected.count)) return absl::OkStatus();
    RequiredStream rest(stream, options.required);
    if (rest.max_size() == 0) return absl::OkStatus();
    ItemsetSearchOptions without = {.baskets = view,
                                    .target = options.target,
                                    .threads = options.threads,
                                    .limits = options.limits,
                                    .instructions = options.instructions};
    return RunItemsetSearch(without, rest);
  }
  return RunWithoutRequired(options, stream);
}

}  // namespace clustr::mining
