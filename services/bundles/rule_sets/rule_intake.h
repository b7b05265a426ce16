#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_INTAKE_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_INTAKE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/common/v1/import.pb.h"
#include "common/base/errors.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/rule_sets/itemset_counts.h"
#include "services/bundles/rules/sides_index.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::bundles {

// Takes the rules of one import one by one and keeps those that are right: whose sides are sets of
// products that the shop knows, whose counts are possible and agree with those of the rules before,
// that meet the thresholds, and whose sides are new. Not thread-safe.
class RuleIntake {
 public:
  static constexpr int kMaxReported = 100;

  RuleIntake(int64_t basket_count, const mining::Thresholds& thresholds,
             std::shared_ptr<const index::Snapshot> shop)
      : thresholds_(thresholds), shop_(std::move(shop)), rules_(basket_count) {}
  RuleIntake(const RuleIntake&) = delete;
  RuleIntake& operator=(const RuleIntake&) = delete;

  // Takes the next rule, or refuses it. Amortised O(products).
  void Take(const v1::CountedRule& rule);

  // Rules taken and refused together.
  int64_t rule_count() const { return rule_count_; }
  int64_t failed_count() const { return rule_count_ - static_cast<int64_t>(rules_.size()); }
  // The first refused rules, kMaxReported at most.
  const std::vector<common::v1::RowError>& errors() const { return errors_; }
  // SHA-256 over all rules as they came, refused ones included; equal streams have equal digests.
  const std::string& content() const { return content_; }
  const rules::SkuRules& rules() const { return rules_; }
  // Hands the rules out; nothing may be called after that.
  rules::SkuRules TakeRules() { return std::move(rules_); }

 private:
  // The sides of a rule and both together, each ascending.
  struct Sides {
    std::vector<int64_t> antecedents;
    std::vector<int64_t> consequents;
    std::vector<int64_t> all;
  };

  std::vector<Violation> Check(const v1::CountedRule& rule, const Sides& sides) const;
  void CheckProducts(const Sides& sides, std::vector<Violation>* violations) const;
  void CheckCounts(const v1::CountedRule& rule, std::vector<Violation>* violations) const;
  void CheckAgainstOthers(const v1::CountedRule& rule, const Sides& sides,
                          std::vector<Violation>* violations) const;
  void Refuse(const std::vector<Violation>& violations);

  const mining::Thresholds thresholds_;
  const std::shared_ptr<const index::Snapshot> shop_;
  rules::SkuRules rules_;
  rules::SidesIndex by_sides_{&rules_};
  ItemsetCounts counts_;
  std::string content_;
  int64_t rule_count_ = 0;
  std::vector<common::v1::RowError> errors_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_INTAKE_H_
