#include "services/bundles/mining/reference/reference_miner.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "services/bundles/mining/measures/p_value.h"

namespace clustr::mining {
namespace {

using Skus = std::vector<int64_t>;
using Baskets = std::vector<uint32_t>;

// Sum of the hypergeometric probabilities from `both` on, each computed from logarithms of
// factorials.
long double UpperTail(int64_t n, int64_t a, int64_t b, int64_t both) {
  const auto log_choose = [](int64_t of, int64_t k) {
    int sign = 0;
    return lgammal_r(static_cast<long double>(of) + 1, &sign) -
           lgammal_r(static_cast<long double>(k) + 1, &sign) -
           lgammal_r(static_cast<long double>(of - k) + 1, &sign);
  };
  if (both <= std::max<int64_t>(0, a + b - n)) return 1;
  long double sum = 0;
  for (int64_t x = both; x <= std::min(a, b); ++x) {
    const long double term =
        std::exp(log_choose(a, x) + log_choose(n - a, b - x) - log_choose(n, b));
    sum += term;
    if (static_cast<__int128>(x) * n > static_cast<__int128>(a) * b && term < 1e-18L * sum) break;
  }
  return std::min(sum, 1.0L);
}

class ReferenceMiner {
 public:
  ReferenceMiner(const TidListsBySku& tid_lists, int64_t basket_count, const Thresholds& thresholds,
                 absl::FunctionRef<absl::Status()> wanted)
      : tid_lists_(tid_lists),
        basket_count_(basket_count),
        thresholds_(thresholds),
        wanted_(wanted),
        stamps_(static_cast<size_t>(basket_count), 0) {}

  absl::StatusOr<std::vector<ReferenceRule>> Mine() {
    std::vector<Member> products;
    for (const auto& [sku, baskets] : tid_lists_) {
      if (IsFrequent(baskets.size())) products.emplace_back(sku, baskets);
    }
    Skus rest;
    Grow(std::move(products), rest);
    if (!status_.ok()) return status_;
    std::sort(rules_.begin(), rules_.end());
    return std::move(rules_);
  }

 private:
  // A product and its tid-list in the projection of the current set.
  using Member = std::pair<int64_t, Baskets>;

  bool IsFrequent(size_t count) const {
    return static_cast<int64_t>(count) >= thresholds_.min_count &&
           static_cast<double>(count) / static_cast<double>(basket_count_) >=
               thresholds_.min_support;
  }

  // Extends `set` by each member, whose extensions are the members with fewer baskets. To intersect
  // two tid-lists, marks the longer one in an array and looks the shorter one up.
  void Grow(std::vector<Member> members, Skus& set) {
    std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return std::pair(a.second.size(), a.first) < std::pair(b.second.size(), b.first);
    });
    for (size_t i = 0; i < members.size() && status_.ok(); ++i) {
      status_ = wanted_();
      set.push_back(members[i].first);
      if (set.size() > 1) SplitSet(set, static_cast<int64_t>(members[i].second.size()));
      if (static_cast<int>(set.size()) < thresholds_.max_items) {
        ++stamp_;
        for (const uint32_t basket : members[i].second) stamps_[basket] = stamp_;
        std::vector<Member> next;
        Baskets shared;
        for (size_t k = 0; k < i; ++k) {
          shared.clear();
          for (const uint32_t basket : members[k].second) {
            if (stamps_[basket] == stamp_) shared.push_back(basket);
          }
          if (IsFrequent(shared.size())) next.emplace_back(members[k].first, shared);
        }
        Grow(std::move(next), set);
      }
      set.pop_back();
    }
  }

  void SplitSet(Skus set, int64_t count_ab) {
    std::sort(set.begin(), set.end());
    for (unsigned mask = 1; mask + 1 < 1u << set.size(); ++mask) {
      ReferenceRule rule;
      for (size_t k = 0; k < set.size(); ++k) {
        ((mask >> k) % 2 == 1 ? rule.antecedents : rule.consequents).push_back(set[k]);
      }
      if (thresholds_.max_consequents > 0 &&
          static_cast<int>(rule.consequents.size()) > thresholds_.max_consequents) {
        continue;
      }
      rule.count_ab = count_ab;
      rule.count_a = CountBaskets(rule.antecedents);
      rule.count_b = CountBaskets(rule.consequents);
      if (Meets(rule)) rules_.push_back(std::move(rule));
    }
  }

  int64_t CountBaskets(const Skus& side) {
    const auto [known, is_new] = side_counts_.try_emplace(side, 0);
    if (is_new) {
      Baskets baskets = tid_lists_.at(side[0]);
      for (size_t k = 1; k < side.size(); ++k) {
        const Baskets& other = tid_lists_.at(side[k]);
        Baskets both;
        std::set_intersection(baskets.begin(), baskets.end(), other.begin(), other.end(),
                              std::back_inserter(both));
        baskets = std::move(both);
      }
      known->second = static_cast<int64_t>(baskets.size());
    }
    return known->second;
  }

  bool Meets(const ReferenceRule& r) const {
    const double confidence = static_cast<double>(r.count_ab) / static_cast<double>(r.count_a);
    const double lift = static_cast<double>(static_cast<__int128>(r.count_ab) * basket_count_) /
                        static_cast<double>(static_cast<__int128>(r.count_a) * r.count_b);
    if (confidence < thresholds_.min_confidence || lift < thresholds_.min_lift) return false;
    return !thresholds_.max_p_value || MeetsPValue(r, *thresholds_.max_p_value);
  }

  // A p-value is a sum of rounded terms, so the reported one may be off by 1e-6. The reported one
  // decides.
  bool MeetsPValue(const ReferenceRule& r, double limit) const {
    const long double own = UpperTail(basket_count_, r.count_a, r.count_b, r.count_ab);
    if (std::abs(own - limit) > 1e-6L * limit) return own < limit;
    return FisherPValue({r.count_a, r.count_b, r.count_ab, basket_count_}).value <= limit;
  }

  const TidListsBySku& tid_lists_;
  const int64_t basket_count_;
  const Thresholds& thresholds_;
  const absl::FunctionRef<absl::Status()> wanted_;
  absl::Status status_;           // The first error of wanted_, which ends the search.
  std::vector<uint32_t> stamps_;  // Indexed by tid: the stamp of the last mark.
  uint32_t stamp_ = 0;
  std::map<Skus, int64_t> side_counts_;
  std::vector<ReferenceRule> rules_;
};

}  // namespace

absl::StatusOr<std::vector<ReferenceRule>> MineReferenceRules(
    const TidListsBySku& tid_lists, int64_t basket_count, const Thresholds& thresholds,
    absl::FunctionRef<absl::Status()> wanted) {
  if (basket_count == 0) return std::vector<ReferenceRule>();
  return ReferenceMiner(tid_lists, basket_count, thresholds, wanted).Mine();
}

}  // namespace clustr::mining
