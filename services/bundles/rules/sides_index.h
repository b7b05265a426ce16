#ifndef CLUSTR_SERVICES_BUNDLES_RULES_SIDES_INDEX_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_SIDES_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/types/span.h"
#include "services/bundles/mining/rules/rule_id.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::rules {

// Finds rules by their sides, in constant time; takes about 6 bytes per rule. Borrows the rules, to
// which further ones may be added meanwhile. Const methods are thread-safe.
class SidesIndex {
 public:
  explicit SidesIndex(const SkuRules* rules) : found_(0, Hash{rules}, Same{rules}) {}
  SidesIndex(const SidesIndex&) = delete;
  SidesIndex& operator=(const SidesIndex&) = delete;

  // Adds rule `i`. False if a rule with the same sides is there already.
  bool Add(uint32_t i) { return found_.insert(i).second; }
  // The rule with these sides, both ascending; unset if none was added.
  std::optional<uint32_t> Find(absl::Span<const int64_t> antecedents,
                               absl::Span<const int64_t> consequents) const {
    const auto it = found_.find(Sides{antecedents, consequents});
    return it == found_.end() ? std::nullopt : std::optional(*it);
  }

 private:
  struct Sides {
    absl::Span<const int64_t> antecedents;
    absl::Span<const int64_t> consequents;
  };
  struct Hash {
    using is_transparent = void;
    const SkuRules* rules;
    size_t operator()(uint32_t i) const { return absl::Hash<int64_t>()(rules->rule_id(i)); }
    size_t operator()(const Sides& sides) const {
      return absl::Hash<int64_t>()(mining::RuleId(sides.antecedents, sides.consequents));
    }
  };
  struct Same {
    using is_transparent = void;
    const SkuRules* rules;
    bool operator()(uint32_t i, uint32_t j) const { return rules->CompareSides(i, j) == 0; }
    bool operator()(uint32_t i, const Sides& sides) const {
      return rules->antecedents(i) == sides.antecedents &&
             rules->consequents(i) == sides.consequents;
    }
    bool operator()(const Sides& sides, uint32_t i) const { return (*this)(i, sides); }
  };

  absl::flat_hash_set<uint32_t, Hash, Same> found_;
};

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_SIDES_INDEX_H_
