#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mining {

// The `k` rules of highest score among those that are offered; ties go to the higher count_ab,
// then by antecedents and consequents. Memory for `k` rules. Not thread-safe.
class BestRules {
 public:
  struct Rule {
    double score;
    RuleCounts counts;
    std::vector<Item> antecedents;
    std::vector<Item> consequents;
  };

  explicit BestRules(size_t k) : k_(k) {}

  // A score that is not a number counts as lowest.
  void Offer(const FoundRule& rule, double score);

  // False if no rule of at most this score, of this count_ab and with no antecedents that come
  // before `min_antecedents` can be among the best any more.
  bool MayTake(double score, int64_t count_ab, absl::Span<const Item> min_antecedents) const;

  // The same for a rule of the score and the count_ab of the worst that is held.
  bool MayTakeTie(absl::Span<const Item> min_antecedents) const {
    return heap_.size() < k_ || min_antecedents <= absl::MakeConstSpan(worst().antecedents);
  }

  // Changes whenever MayTake may say false for what it took before.
  uint64_t version() const { return version_; }

  // Those that are held, best first; none are held afterwards.
  std::vector<Rule> TakeBest();

 private:
  const Rule& worst() const { return heap_.front(); }

  const size_t k_;
  uint64_t version_ = 0;
  std::vector<Rule> heap_;  // The worst in front.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_BEST_RULES_H_
