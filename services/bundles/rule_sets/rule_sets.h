#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/rule_sets/rule_set_file.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::bundles {

// An imported rule set that can be listed. Immutable.
struct KnownRuleSet {
  uint64_t serial = 0;  // Of this import; unique in this process, from 1.
  std::shared_ptr<const v1::RuleSet> info;
  std::string content;  // See StoredRuleSet.
  std::shared_ptr<const rules::SkuRules> rules;
};
using RuleSetPtr = std::shared_ptr<const KnownRuleSet>;

// Where imported rule sets are kept, and how many.
struct RuleSetFolder {
  std::string path;
  int64_t max_rules = 2'000'000;  // Of all rule sets together.
  int64_t max_sets = 100;
};

// True if the text may be the name of a rule set: 1 to 64 letters, digits, `.`, `_` and `-`, of
// which the first is a letter or a digit. So it is also the name of a file.
bool IsRuleSetName(const std::string& name);

// The imported rule sets, each in a file of its own and in memory. Thread-safe.
class RuleSets {
 public:
  // Reads the files. One that is damaged or foreign is left alone and reported by Problems; the
  // others are served. Rule sets beyond the limits are kept, but none is added to them.
  explicit RuleSets(RuleSetFolder folder);

  // The rule set of this name; nullptr if there is none.
  RuleSetPtr FindOrNull(const std::string& name) const;
  // The same, but NOT_FOUND with reason RULE_SET_NOT_FOUND if there is none.
  absl::StatusOr<RuleSetPtr> Find(const std::string& name) const;

  // Answers ListRuleSets.
  absl::Status List(const v1::ListRuleSetsRequest& request,
                    v1::ListRuleSetsResponse* response) const;

  // Stores a rule set, with the time of this import, and serves it. Its rules must have a place in
  // a room. Blocks until it is durable. ALREADY_EXISTS with reason RULE_SET_EXISTS if the name is
  // taken; RULE_SETS_FULL if there are max_sets already; the errors of WriteRuleSetFile.
  absl::StatusOr<RuleSetPtr> Add(StoredRuleSet set);
  // Removes a rule set and its file, and returns it. Blocks until that is durable.
  // RULE_SET_NOT_FOUND if there is none of this name; the errors of RemoveRuleSetFile.
  absl::StatusOr<RuleSetPtr> Remove(const std::string& name);

  // The error if the name is taken.
  static absl::Status Exists(const std::string& name);

  // Places for the rules of one import, given back by the destructor. Borrows the rule sets. Not
  // thread-safe.
  class Room {
   public:
    explicit Room(RuleSets* sets) : sets_(*sets) {}
    ~Room() { sets_.GiveBack(places_); }
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    // Takes further places. RESOURCE_EXHAUSTED with reason RULE_SETS_FULL if there are too few.
    absl::Status Take(int64_t places);

   private:
    RuleSets& sets_;
    int64_t places_ = 0;
  };

  // Rules of all rule sets.
  int64_t rule_count() const;
  // A sentence for an operator, with the remedy, about each file that could not be read.
  std::vector<std::string> Problems() const;

 private:
  std::string PathOf(const std::string& name) const;
  void ReadFile(const std::string& name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  RuleSetPtr Known(StoredRuleSet set) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(int64_t places);

  const RuleSetFolder folder_;
  absl::Mutex files_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);  // Held while a file changes.
  mutable absl::Mutex mutex_;
  std::map<std::string, RuleSetPtr> sets_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_serial_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t stored_rules_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t reserved_rules_ ABSL_GUARDED_BY(mutex_) = 0;  // Of imports that are under way.
  std::vector<std::string> problems_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_
