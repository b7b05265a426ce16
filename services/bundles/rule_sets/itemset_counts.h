#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_ITEMSET_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_ITEMSET_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/types/span.h"

namespace clustr::bundles {

// The counts of sets of products, each kept once. Takes about 24 bytes for a set and 8 for each of
// its products. Not thread-safe.
class ItemsetCounts {
 public:
  ItemsetCounts() = default;
  ItemsetCounts(const ItemsetCounts&) = delete;
  ItemsetCounts& operator=(const ItemsetCounts&) = delete;

  // The count of the set with these ascending products; unset if it has none. O(products).
  std::optional<int64_t> Find(absl::Span<const int64_t> skus) const;
  // Gives a set its count, unless it has one.
  void Add(absl::Span<const int64_t> skus, int64_t count);

 private:
  struct Set {
    size_t offset;  // Where its products begin in skus_.
    size_t size;
    int64_t count;
  };
  struct Hash {
    using is_transparent = void;
    const ItemsetCounts* counts;
    size_t operator()(absl::Span<const int64_t> skus) const {
      return absl::Hash<absl::Span<const int64_t>>()(skus);
    }
    size_t operator()(uint32_t set) const { return (*this)(counts->SkusOf(set)); }
  };
  struct Same {
    using is_transparent = void;
    const ItemsetCounts* counts;
    bool operator()(uint32_t a, uint32_t b) const { return counts->SkusOf(a) == counts->SkusOf(b); }
    bool operator()(uint32_t a, absl::Span<const int64_t> b) const {
      return counts->SkusOf(a) == b;
    }
    bool operator()(absl::Span<const int64_t> a, uint32_t b) const { return (*this)(b, a); }
  };

  absl::Span<const int64_t> SkusOf(uint32_t set) const {
    return absl::MakeConstSpan(skus_).subspan(sets_[set].offset, sets_[set].size);
  }

  std::vector<int64_t> skus_;
  std::vector<Set> sets_;
  absl::flat_hash_set<uint32_t, Hash, Same> found_{0, Hash{this}, Same{this}};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_ITEMSET_COUNTS_H_
