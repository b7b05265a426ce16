#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mining {

// Keeps the `k` best of the offered rules. The higher score is better; ties go to the higher
// count_ab, then to the lexicographically smaller antecedent, then consequent. Takes memory for `k`
// rules. Not thread-safe.
class BestRules {
 public:
  struct Rule {
    double score;
    RuleCounts counts;
    std::vector<Item> antecedents;
    std::vector<Item> consequents;
  };

  explicit BestRules(size_t k) : k_(k) {}

  // A NaN score counts as lowest.
  void Offer(const FoundRule& rule, double score);

  // False if no rule with at most this score, with this count_ab and with an antecedent not before
  // `min_antecedents` can still be among the best.
  bool MayTake(double score, int64_t count_ab, absl::Span<const Item> min_antecedents) const;

  // The same for a rule with the score and the count_ab of the worst rule held.
  bool MayTakeTie(absl::Span<const Item> min_antecedents) const {
    return heap_.size() < k_ || min_antecedents <= absl::MakeConstSpan(worst().antecedents);
  }

  // Changes whenever MayTake may become false for something that it accepted before.
  uint64_t version() const { return version_; }

  // Returns the best rules, best first, and holds none afterwards.
  std::vector<Rule> TakeBest();

 private:
  const Rule& worst() const { return heap_.front(); }

  const size_t k_;
  uint64_t version_ = 0;
  std::vector<Rule> heap_;  // The worst rule is in front.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_
