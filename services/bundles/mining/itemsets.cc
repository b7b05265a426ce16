#include "services/bundles/mining/itemsets.h"

#include <chrono>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/bundles/mining/base/itemset.h"
#include "services/bundles/mining/base/validate_search.h"
#include "services/bundles/mining/delivery/fitting_stream.h"
#include "services/bundles/mining/delivery/top_stream.h"
#include "services/bundles/mining/layout/frequent_items.h"
#include "services/bundles/mining/search/itemset_search.h"

namespace clustr::mining {
namespace {

absl::Status Validate(const BasketView& baskets, const ItemsetQuery& query) {
  if (query.min_count < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_count: ", query.min_count, " is below 1; give 1 or more"));
  }
  if (query.min_size < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("min_size: ", query.min_size, " is below 1; give 1 or more"));
  }
  if (query.max_size < query.min_size) {
    return absl::InvalidArgumentError(absl::StrCat("max_size: ", query.max_size,
                                                   " is below min_size ", query.min_size,
                                                   "; give at least min_size"));
  }
  return ValidateSearch(baskets, query.max_itemsets, query.threads);
}

absl::Status Run(const BasketView& baskets, const ItemsetQuery& query, Target target, int threads,
                 ItemsetStream& stream) {
  const std::vector<Item> required = MakeItemset(query.required);
  return RunItemsetSearch({.baskets = baskets,
                           .target = target,
                           .required = required,
                           .threads = threads,
                           .limits = query.limits},
                          stream);
}

// Ignores all itemsets.
class UnusedStream : public ItemsetStream {
 public:
  using ItemsetStream::ItemsetStream;

 protected:
  bool Take(absl::Span<const Item>, int64_t, int64_t) override { return true; }
};

// A min_count above that of `query`, close to the lowest one, with which the search stays within
// the limit of memory. Unset if time runs out. A high min_count is cheap to try, so it is halved
// until one does not fit, and then bisected.
std::optional<int64_t> MinCountInMemory(const BasketView& baskets, ItemsetQuery query) {
  query.limits.progress = nullptr;
  const auto fits_in = [&](int64_t count) {
    UnusedStream stream(count, query.min_size, query.max_size);
    return Run(baskets, query, query.target, query.threads, stream).ok();
  };
  const FrequentItems frequent = CountFrequentItems(baskets, query.min_count);
  if (frequent.counts.empty() || !fits_in(frequent.counts[0])) return std::nullopt;
  int64_t fits = frequent.counts[0];
  int64_t fails = query.min_count;
  while (fits / 2 > fails) {
    if (!fits_in(fits / 2)) {
      fails = fits / 2;
      break;
    }
    fits /= 2;
  }
  constexpr int kBisections = 3;
  for (int i = 0; i < kBisections && fits - fails > 1; ++i) {
    const int64_t middle = fails + (fits - fails) / 2;
    (fits_in(middle) ? fits : fails) = middle;
  }
  return fits;
}

// The `status` of a search. If the search reached the limit of memory, adds a min_count that fits.
absl::Status WithRemedy(const BasketView& baskets, const ItemsetQuery& query, absl::Status status) {
  const bool in_time = std::chrono::steady_clock::now() <= query.limits.deadline;
  if (!absl::IsResourceExhausted(status) || !in_time) return status;
  const std::optional<int64_t> fits = MinCountInMemory(baskets, query);
  if (!fits) return status;
  return absl::ResourceExhaustedError(
      absl::StrCat(status.message(), "; a min_count of ", *fits, " fits"));
}

}  // namespace

absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink) {
  if (absl::Status s = Validate(baskets, query); !s.ok()) return s;
  SinkStream stream(sink, query.min_count, query.min_size, query.max_size, query.max_itemsets);
  if (absl::Status s = Run(baskets, query, query.target, query.threads, stream); !s.ok()) {
    return WithRemedy(baskets, query, s);
  }
  if (!stream.exhausted()) return absl::OkStatus();
  const std::optional<int64_t> fits = MinFittingCount(baskets, query);
  return absl::ResourceExhaustedError(absl::StrCat(
      "more than ", query.max_itemsets, " itemsets were found; ",
      fits ? absl::StrCat("a min_count of ", *fits, " fits") : std::string("raise min_count")));
}

absl::StatusOr<ItemsetList> MineTopItemsets(const BasketView& baskets, const ItemsetQuery& query,
                                            size_t k) {
  if (absl::Status s = Validate(baskets, query); !s.ok()) return s;
  // A set that is maximal among the frequent ones need not be maximal with a higher min_count.
  TopStream stream(query.min_count, query.min_size, query.max_size, k,
                   /*raises=*/query.target != Target::kMaximal);
  if (absl::Status s = Run(baskets, query, query.target, 1, stream); !s.ok()) return s;
  return stream.TakeBest();
}

std::optional<int64_t> MinFittingCount(const BasketView& baskets, const ItemsetQuery& query) {
  if (!Validate(baskets, query).ok()) return std::nullopt;
  FittingStream stream(query.min_count, query.min_size, query.max_size, query.max_itemsets);
  // There are at most as many maximal sets as closed ones, and the number of closed ones falls as
  // min_count rises.
  const Target target = query.target == Target::kMaximal ? Target::kClosed : query.target;
  if (!Run(baskets, query, target, 1, stream).ok()) return std::nullopt;
  return stream.min_count();
}

}  // namespace clustr::mining
