#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_

#include <string>
#include <vector>

#include "common/storage/store.h"
#include "services/bundles/rule_sets/rule_set_keeper.h"

namespace clustr::bundles {

// Rule sets in the database itself, as file rows, for the servers that share it. The functions must
// not be called on a thread of the store's pool.
class DatabaseRuleSets final : public RuleSetKeeper {
 public:
  // Borrows the store, which must have been opened with FileRowsTable among its further tables.
  explicit DatabaseRuleSets(storage::Store* store) : store_(*store) {}

  bool shared() const override { return true; }
  absl::StatusOr<std::vector<Kept>> List() const override;
  absl::StatusOr<StoredRuleSet> Read(const std::string& name) const override;
  absl::StatusOr<int64_t> Add(const StoredRuleSet& set) const override;
  absl::Status Remove(const std::string& name) const override;

 private:
  storage::Store& store_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_DATABASE_RULE_SETS_H_
