#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_

#include <memory>
#include <string>
#include <vector>

#include "common/storage/store.h"
#include "services/bundles/rule_sets/rule_set_keeper.h"

namespace clustr::bundles {

// Rule sets in the database itself, as file rows, for the servers that share it. The functions must
// not be called on a thread of the store's pool.
class DatabaseRuleSets final : public RuleSetKeeper {
 public:
  // Borrows the store, and makes the table in it. The errors of the store.
  static absl::StatusOr<std::unique_ptr<RuleSetKeeper>> Make(storage::Store* store);

  bool shared() const override { return true; }
  absl::StatusOr<std::vector<Kept>> List() const override;
  absl::StatusOr<StoredRuleSet> Read(const std::string& name) const override;
  absl::StatusOr<int64_t> Add(const StoredRuleSet& set) const override;
  absl::Status Remove(const std::string& name) const override;

 private:
  explicit DatabaseRuleSets(storage::Store* store) : store_(*store) {}

  storage::Store& store_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_
