#include "services/bundles/mining/rules/best_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace clustr::mining {
namespace {

bool IsBetter(const BestRules::Rule& a, const BestRules::Rule& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.counts.count_ab != b.counts.count_ab) return a.counts.count_ab > b.counts.count_ab;
  if (a.antecedents != b.antecedents) return a.antecedents < b.antecedents;
  return a.consequents < b.consequents;
}

double OrLowest(double score) {
  return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
}

}  // namespace

bool BestRules::MayTake(double score, int64_t count_ab,
                        absl::Span<const Item> min_antecedents) const {
  if (heap_.size() < k_) return true;
  if (k_ == 0) return false;
  score = OrLowest(score);
  if (score != worst().score) return score > worst().score;
  if (count_ab != worst().counts.count_ab) return count_ab > worst().counts.count_ab;
  return MayTakeTie(min_antecedents);
}

void BestRules::Offer(const FoundRule& rule, double score) {
  if (!MayTake(score, rule.counts.count_ab, rule.antecedents)) return;
  Rule offered = {OrLowest(score),
                  rule.counts,
                  {rule.antecedents.begin(), rule.antecedents.end()},
                  {rule.consequents.begin(), rule.consequents.end()}};
  if (heap_.size() == k_) {
    if (!IsBetter(offered, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), IsBetter);
    heap_.back() = std::move(offered);
  } else {
    heap_.push_back(std::move(offered));
  }
  std::push_heap(heap_.begin(), heap_.end(), IsBetter);
  if (heap_.size() == k_) ++version_;
}

std::vector<BestRules::Rule> BestRules::TakeBest() {
  std::sort(heap_.begin(), heap_.end(), IsBetter);
  return std::move(heap_);
}

}  // namespace clustr::mining
