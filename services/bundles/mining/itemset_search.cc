#include "services/bundles/mining/itemset_search.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <numeric>
#include <optional>
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
std::vector<uint32_t> TaskBegins(const std::vector<int64_t>& counts) {
  constexpr int64_t kTasks = 1024;
  const int64_t least = std::accumulate(counts.begin(), counts.end(), int64_t{0}) / kTasks;
  std::vector<uint32_t> begins = {0};
  int64_t held = 0;
  for (uint32_t code = 0; code < counts.size(); ++code) {
    if (held > least) {
      begins.push_back(code);
      held = 0;
    }
    held += counts[code];
  }
  begins.push_back(static_cast<uint32_t>(counts.size()));
  return begins;
}

void SearchByThreads(const ItemsetSearch& search, const SearchInput& input, ItemsetStream& stream) {
  const std::vector<uint32_t> begins = TaskBegins(input.root.items.counts);
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

absl::Status SearchFrom(const SearchRoot& root, const ItemsetSearch& search,
                        const SearchQuery& query, SearchControl& control, ItemsetStream& stream) {
  if (!control.AddMemory(root.memory_bytes) || !control.CheckTime()) return control.status();
  const SearchInput input = {root, query, control};
  if (search.threads > 1 && root.items.items.size() > 1) {
    SearchByThreads(search, input, stream);
  } else {
    const double codes = static_cast<double>(std::max<size_t>(1, root.items.items.size()));
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

absl::Status RunWithoutRequired(const ItemsetSearch& search, ItemsetStream& stream) {
  SearchControl control(search.limits);
  const SearchQuery query = {stream.least_count(), stream.max_size(), search.target};
  Vertical frequent = CountFrequent(search.baskets, query.min_count, search.threads);
  RootItems items = {std::move(frequent.items), std::move(frequent.counts)};
  std::optional<RootPairs> known;
  const bool all = query.target == Target::kAll;
  if (all && PairCounts::Promising(search.baskets, items, query.min_count)) {
    const int64_t memory =
        PairCounts::MemoryBytes(search.baskets, items.items.size(), search.threads);
    if (!control.AddMemory(memory)) return control.status();
    const PairCounts pairs(search.baskets, items, query.min_count, search.threads);
    const bool left = pairs.live_items() > 0 && stream.max_size() > 2;
    if (!pairs.Report(left, stream) || !left) return absl::OkStatus();
    items = pairs.LiveItems();
    known = pairs.LivePairs(items);
    control.AddMemory(-memory);
  }
  const uint32_t least_size = all ? 2 : 1;
  const SearchRoot root = MakeSearchRoot(search.baskets, std::move(items), std::move(known),
                                         least_size, search.threads);
  return SearchFrom(root, search, query, control, stream);
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
  return RunWithoutRequired(search, stream);
}

}  // namespace clustr::mining
