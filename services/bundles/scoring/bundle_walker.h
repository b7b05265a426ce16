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

// One walk of a BundleSpace: depth first, with occurrence deliver (Uno et al., "LCM ver. 2", 2004).
// Extends a bundle only by products that are more common than all of its own. So the many rare
// products have few baskets, and the few common ones have few products left to be extended by. Not
// thread-safe; Run may be called once.
class BundleWalker {
 public:
  using Visit = absl::FunctionRef<bool(absl::Span<const Item> items, int64_t count)>;
  using Worth = absl::FunctionRef<bool(absl::Span<const Item> items)>;

  // Borrows its arguments, which are those of BundleSpace::Walk and parts of the space.
  BundleWalker(const index::Snapshot& snapshot, const BundleQuery& query, int64_t min_count,
               absl::Span<const uint32_t> single_counts, Wanted wanted, Worth worth, Visit visit)
      : snapshot_(snapshot),
        query_(query),
        min_count_(min_count),
        single_counts_(single_counts),
        wanted_(wanted),
        worth_(worth),
        visit_(visit) {}

  // `projection` is that of the `basket_count` baskets that hold all anchors, with the anchors left
  // out. Errors are those of BundleSpace::Walk.
  absl::Status Run(const index::Projection& projection, int64_t basket_count);

 private:
  // The properties of a product that bounds refer to.
  struct Product {
    Item item;
    uint32_t single_count;
    uint32_t category;  // A number for the text. Equal texts have equal numbers.
    int64_t price_cents;
    std::optional<int64_t> margin_cents;
  };
  // A bundle that the walk visits, named by the code of its last product.
  struct Node {
    uint32_t code;
    int64_t count;
    uint32_t largest_single;
    int64_t price_cents;
  };
  // The extensions of one bundle and their occurrences. The occurrences of extension i are
  // places[begins[i]] up to places[begins[i + 1]]. Siblings reuse the memory.
  struct Level {
    std::vector<Node> nodes;  // Ascending by code.
    std::vector<uint32_t> begins;
    std::vector<uint32_t> places;  // Positions in codes_.
  };

  Product Describe(Item item);
  // Fills codes_ with the codes of each basket, ascending, preceded by kStart. Returns the
  // positions where the baskets end.
  std::vector<uint32_t> Load(const index::Projection& projection);
  // Visits all extensions of the bundle, whose last product occurs at `places`. False to end the
  // walk, as for the functions below.
  bool Extend(size_t depth, const Node& bundle, absl::Span<const uint32_t> places);
  // Counts in tally_ the products that precede `places` in their baskets.
  void Count(absl::Span<const uint32_t> places);
  // Fills in the occurrences of the level's extensions.
  void Deliver(absl::Span<const uint32_t> places, Level* level);
  // True if `product` may join the bundle. Then sets `*met` to the larger bundle.
  bool Admits(const Node& bundle, const Product& product, int64_t count, Node* node) const;
  // Visits bundle_ if it has at least two products and satisfies every bound.
  bool VisitIfSatisfied(const Node& bundle);
  bool StillWanted(size_t work);
  // The items of bundle_, valid until the next call.
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
  size_t work_ = 0;  // Steps since wanted_ was last called.
  absl::flat_hash_map<std::string, uint32_t> categories_;
  std::vector<Product> products_;  // Indexed by code; code 0 is the most common product.
  std::vector<uint32_t> codes_;
  std::vector<Product> bundle_;         // The anchors, then the products added on the current path.
  std::vector<Item> items_;             // The result of Items.
  std::vector<Level> levels_;           // Indexed by depth.
  std::vector<uint32_t> tally_;         // Indexed by code; all zero outside of Extend.
  std::vector<uint32_t> touched_;       // Codes whose tally is not zero.
  std::vector<uint32_t> extension_of_;  // Indexed by code: its extension in Deliver, or kNone.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_WALKER_H_
