#include "services/bundles/mining/itemset_search.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>
#include <utility>

#include "services/bundles/mining/ordered_delivery.h"
#include "services/bundles/mining/pair_counts.h"
#include "services/bundles/mining/vertical.h"

namespace clustr::mining {
namespace {

// The baskets that hold all required items, without those.
struct Holders {
  std::vector<Item> items;
  std::vector<uint64_t> offsets = {0};
  std::vector<int64_t> weights;
  int64_t count = 0;

  BasketView view() const { return {items, offsets, weights}; }
};

Holders HoldersOf(const BasketView& baskets, absl::Span<const Item> required) {
  Holders holders;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const absl::Span<const Item> basket = baskets[i];
    if (!std::includes(basket.begin(), basket.end(), required.begin(), required.end())) continue;
    std::set_difference(basket.begin(), basket.end(), required.begin(), required.end(),
                        std::back_inserter(holders.items));
    holders.offsets.push_back(holders.items.size());
    if (!baskets.weights.empty()) holders.weights.push_back(baskets.weight(i));
    holders.count += baskets.weight(i);
  }
  return holders;
}

// Adds the required items to every set.
class RequiredStream : public ItemsetStream {
 public:
  RequiredStream(ItemsetStream& out, absl::Span<const Item> required)
      : ItemsetStream(out.least_count(),
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
    RaiseLeastCount(out_.least_count());
    return go_on;
  }

 private:
  ItemsetStream& out_;
  const absl::Span<const Item> required_;
  std::vector<Item> joined_;
};

// The first code of each task and the end: a common item makes a task of its own, rare ones share.
std::vector<uint32_t> TaskBegins(const Vertical& vertical) {
  constexpr uint32_t kTasks = 1024;
  const uint32_t least = vertical.begins.back() / kTasks;
  std::vector<uint32_t> begins = {0};
  for (uint32_t code = 1; code < vertical.items.size(); ++code) {
    if (vertical.begins[code] - vertical.begins[begins.back()] > least) begins.push_back(code);
  }
  begins.push_back(static_cast<uint32_t>(vertical.items.size()));
  return begins;
}

void SearchByThreads(const ItemsetSearch& search, const SearchInput& input, ItemsetStream& stream) {
  const std::vector<uint32_t> begins = TaskBegins(input.vertical);
  const auto tasks = static_cast<uint32_t>(begins.size() - 1);
  OrderedDelivery delivery(stream, input.control);
  std::atomic<uint32_t> next = 0;
  const auto work = [&] {
    TaskStream found(delivery, input.query.min_count, stream.min_size(), stream.max_size());
    uint32_t own = next.fetch_add(1);
    bool started = false;
    const auto claim = [&](uint32_t code) {
      if (started && code == begins[own + 1]) {
        found.Finish();
        started = false;
        own = next.fetch_add(1);
        input.control.SetProgress(static_cast<double>(own) / tasks);
      }
      if (own < tasks && code == begins[own]) {
        found.Start(own);
        started = true;
      }
      return started;
    };
    Search(search.instructions, input, claim, found);
    if (started) found.Finish();
  };
  std::vector<std::thread> threads;
  const uint32_t wanted = std::min(static_cast<uint32_t>(search.threads), tasks);
  for (uint32_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

absl::Status RunWithoutRequired(const ItemsetSearch& search, bool pairs_first,
                                ItemsetStream& stream);

absl::Status SearchAfterPairs(const ItemsetSearch& search, const PairCounts& pairs,
                              ItemsetStream& stream) {
  const bool left = pairs.live_items() > 0 && stream.max_size() > 2;
  if (!pairs.Report(left, stream) || !left) return absl::OkStatus();
  const PairCounts::LiveBaskets live = pairs.CutDown(search.baskets, search.threads);
  const BasketView view = live.view();
  return RunWithoutRequired({.baskets = view,
                             .target = search.target,
                             .threads = search.threads,
                             .limits = search.limits,
                             .instructions = search.instructions},
                            /*pairs_first=*/false, stream);
}

absl::Status RunWithoutRequired(const ItemsetSearch& search, bool pairs_first,
                                ItemsetStream& stream) {
  SearchControl control(search.limits);
  const SearchQuery query = {stream.least_count(), stream.max_size(), search.target};
  Vertical vertical = CountFrequent(search.baskets, query.min_count, search.threads);
  if (pairs_first && query.target == Target::kAll &&
      PairCounts::Promising(search.baskets, vertical, query.min_count)) {
    return SearchAfterPairs(
        search, PairCounts(search.baskets, vertical, query.min_count, search.threads), stream);
  }
  AddHolders(search.baskets, vertical, search.threads);
  const int64_t memory = vertical.memory_bytes();
  if (!control.AddMemory(memory) || !control.CheckTime()) return control.status();
  SearchInput input = {search.baskets, vertical, query, control};
  if (search.threads > 1 && vertical.items.size() > 1) {
    const RootRows rows = MakeRootRows(search.baskets, vertical, search.threads);
    if (!control.AddMemory(rows.memory_bytes)) return control.status();
    input.rows = &rows;
    SearchByThreads(search, input, stream);
  } else {
    const double codes = static_cast<double>(std::max<size_t>(1, vertical.items.size()));
    Search(
        search.instructions, input,
        [&](uint32_t code) {
          control.SetProgress(code / codes);
          return true;
        },
        stream);
  }
  if (absl::Status s = control.status(); !s.ok()) return s;
  control.SetProgress(1);
  return absl::OkStatus();
}

}  // namespace

absl::Status RunItemsetSearch(const ItemsetSearch& search, ItemsetStream& stream) {
  if (!search.required.empty()) {
    const Holders holders = HoldersOf(search.baskets, search.required);
    if (holders.count < stream.least_count()) return absl::OkStatus();
    if (static_cast<int>(search.required.size()) > stream.max_size()) return absl::OkStatus();
    const BasketView view = holders.view();
    const Vertical common = CountFrequent(
        view, search.target == Target::kClosed ? holders.count : stream.least_count());
    const bool wanted = search.target == Target::kAll || common.items.empty();
    if (wanted && !stream.Put(search.required, holders.count)) return absl::OkStatus();
    RequiredStream rest(stream, search.required);
    if (rest.max_size() == 0) return absl::OkStatus();
    ItemsetSearch without = {.baskets = view,
                             .target = search.target,
                             .threads = search.threads,
                             .limits = search.limits,
                             .instructions = search.instructions};
    return RunItemsetSearch(without, rest);
  }
  return RunWithoutRequired(search, /*pairs_first=*/true, stream);
}

}  // namespace clustr::mining
