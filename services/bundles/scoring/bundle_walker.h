#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_WALKER_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_WALKER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::scoring {

// One walk of a BundleSpace: depth first, by occurrence deliver (Uno et al., "LCM ver. 2", 2004).
// A bundle is extended by products that are more common than all of it, so that the many rare ones
// have few baskets and the few common ones few products before them. For one thread, one Run.
class BundleWalker {
 public:
  using Visit = absl::FunctionRef<bool(absl::Span<const Item> items, int64_t count)>;
  using Worth = absl::FunctionRef<bool(absl::Span<const Item> items)>;

  // Borrows everything.
  BundleWalker(const index::Snapshot& snapshot, const BundleQuery& query, int64_t min_count,
               absl::Span<const uint32_t> single_counts, Wanted wanted, Worth worth, Visit visit)
      : snapshot_(snapshot),
        query_(query),
        min_count_(min_count),
        single_counts_(single_counts),
        wanted_(wanted),
        worth_(worth),
        visit_(visit) {}

  // `projection` is of the `basket_count` baskets with all anchors, without the anchors. Errors are
  // those of BundleSpace::Walk.
  absl::Status Run(const index::Projection& projection, int64_t basket_count);

 private:
  // What the bounds ask of one product.
  struct Product {
    Item item;
    uint32_t single_count;
    uint32_t category;  // Equal for equal texts.
    int64_t price_cents;
    std::optional<int64_t> margin_cents;
  };
  // A bundle that was met, or its last product.
  struct Met {
    uint32_t code;
    int64_t count;
    uint32_t largest_single;
    int64_t price_cents;
  };
  // The extensions of one bundle, and where they are. Siblings reuse the memory.
  struct Level {
    std::vector<Met> met;          // By code, ascending.
    std::vector<uint32_t> begins;  // Into `places`, one entry more than there are extensions.
    std::vector<uint32_t> places;  // In codes_.
  };

  Product Describe(Item item);
  // Lays the baskets out as codes, ascending, each behind a kStart; the places of their ends.
  std::vector<uint32_t> Load(const index::Projection& projection);
  // Meets all extensions of the bundle, whose last product stands at `places`.
  bool Extend(size_t depth, const Met& bundle, absl::Span<const uint32_t> places);
  void Count(absl::Span<const uint32_t> places);
  void Deliver(absl::Span<const uint32_t> places, Level* level);
  // True if `product` may join the bundle; then `*met` becomes the larger one.
  bool Admits(const Met& bundle, const Product& product, int64_t count, Met* met) const;
  // Hands bundle_ over if it is one and satisfies every bound. False to end the walk.
  bool Meet(const Met& bundle);
  bool StillWanted(size_t work);
  // Of bundle_.
  absl::Span<const Item> Items();

  const index::Snapshot& snapshot_;
  const BundleQuery& query_;
  const int64_t min_count_;
  const absl::Span<const uint32_t> single_counts_;
  Wanted wanted_;
  Worth worth_;
  Visit visit_;

  absl::Status status_;
  int64_t met_count_ = 0;
  size_t work_ = 0;  // Since wanted_ was asked.
  absl::flat_hash_map<std::string, uint32_t> categories_;
  std::vector<Product> products_;  // By code: 0 is the most common.
  std::vector<uint32_t> codes_;
  std::vector<Product> bundle_;     // The anchors, then the path.
  std::vector<Item> items_;         // Of Items; kept for its memory.
  std::vector<Level> levels_;       // By depth.
  std::vector<uint32_t> tally_;     // By code; 0 but within Extend.
  std::vector<uint32_t> touched_;   // Codes with a tally.
  std::vector<uint32_t> place_of_;  // By code: its extension in Deliver; else kNone.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_WALKER_H_
