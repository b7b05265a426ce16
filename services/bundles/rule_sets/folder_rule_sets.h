#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_FOLDER_RULE_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_FOLDER_RULE_SETS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/bundles/rule_sets/rule_set_keeper.h"

namespace clustr::bundles {

// Rule sets in files of a folder, which is made when the first one is kept.
class FolderRuleSets final : public RuleSetKeeper {
 public:
  // Removes files in the folder whose writing was cut off. A file with more than `max_rules` rules
  // is not read.
  FolderRuleSets(std::string folder, int64_t max_rules);

  bool shared() const override { return false; }
  absl::StatusOr<std::vector<Kept>> List() const override;
  absl::StatusOr<StoredRuleSet> Read(const std::string& name) const override;
  absl::StatusOr<int64_t> Add(const StoredRuleSet& set) const override;
  absl::Status Remove(const std::string& name) const override;

 private:
  std::string PathOf(const std::string& name) const;

  const std::string folder_;
  const int64_t max_rules_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_FOLDER_RULE_SETS_H_
