#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_

#include <cstdint>
#include <functional>
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
#include "common/storage/store.h"
#include "services/bundles/program/commit_follower.h"
#include "services/bundles/rule_sets/rule_set_keeper.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::bundles {

// An imported rule set that can be listed. Immutable.
struct KnownRuleSet {
  uint64_t serial = 0;   // Of this import; unique in this process, from 1.
  int64_t revision = 0;  // See RuleSetKeeper::Kept.
  std::shared_ptr<const v1::RuleSet> info;
  std::string content;  // See StoredRuleSet.
  std::shared_ptr<const rules::SkuRules> rules;
};
using RuleSetPtr = std::shared_ptr<const KnownRuleSet>;

// How many rule sets are kept.
struct RuleSetLimits {
  int64_t max_rules = 2'000'000;  // Of all rule sets together.
  int64_t max_sets = 100;
};

// The imported rule sets, each in a file of its own, or in the database if other servers share
// that, and in memory. Servers that share a database all serve what one of them imports. The limits
// are those of this server, which knows what the others have imported, but not what they are about
// to. Thread-safe.
class RuleSets {
 public:
  // Reads the rule sets. One that is damaged or foreign is left alone and reported by Problems; the
  // others are served. Rule sets beyond the limits are kept, but none is added to them. Borrows the
  // store, which is the one of the keeper if that is shared. Error messages are meant for an
  // operator.
  static absl::StatusOr<std::unique_ptr<RuleSets>> Load(storage::Store* store,
                                                        std::unique_ptr<RuleSetKeeper> keeper,
                                                        RuleSetLimits limits);

  // The rule set of this name; nullptr if there is none in memory.
  RuleSetPtr FindOrNull(const std::string& name) const;
  // The same, but NOT_FOUND with reason RULE_SET_NOT_FOUND if there is none.
  absl::StatusOr<RuleSetPtr> Find(const std::string& name) const;
  // Calls `done` with OK once the rule set is in memory, or with RULE_SET_NOT_FOUND: at once, or if
  // another server may have imported it, after a look at the database on a thread of this object;
  // then also with the error of the store. Never blocks.
  void WhenKnown(const std::string& name, std::function<void(const absl::Status&)> done);
  // Looks what other servers have changed, if there are any. Blocks. The errors of the store.
  absl::Status CatchUp();

  // Answers ListRuleSets.
  absl::Status List(const v1::ListRuleSetsRequest& request,
                    v1::ListRuleSetsResponse* response) const;

  // Stores a rule set, with the time of this import, and serves it. Its rules must have a place in
  // a room. Blocks until it is durable. RULE_SETS_FULL if there are max_sets already; the errors of
  // RuleSetKeeper::Add.
  absl::StatusOr<RuleSetPtr> Add(StoredRuleSet set);
  // Removes a rule set, and returns it; of one that could not be read, only the name. Blocks until
  // that is durable. RULE_SET_NOT_FOUND if there is none of this name; the errors of
  // RuleSetKeeper::Remove and of CatchUp.
  absl::StatusOr<RuleSetPtr> Remove(const std::string& name);

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
  // A sentence for an operator, with the remedy, about each rule set that could not be read and was
  // neither imported again nor removed since.
  std::vector<std::string> Problems() const;

 private:
  RuleSets(std::unique_ptr<RuleSetKeeper> keeper, RuleSetLimits limits)
      : keeper_(std::move(keeper)), limits_(limits) {}

  // Makes the memory equal to what is kept.
  absl::Status Refresh();
  RuleSetPtr Known(StoredRuleSet set, int64_t revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(keep_mutex_);
  // RULE_SET_NOT_FOUND unless this is the name of a rule set that could not be read.
  absl::Status CheckUnreadable(const std::string& name) const;
  void GiveBack(int64_t places);

  const std::unique_ptr<RuleSetKeeper> keeper_;
  const RuleSetLimits limits_;
  // Held while what is kept changes or is compared with the memory.
  absl::Mutex keep_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  uint64_t last_serial_ ABSL_GUARDED_BY(keep_mutex_) = 0;
  mutable absl::Mutex mutex_;
  std::map<std::string, RuleSetPtr> sets_ ABSL_GUARDED_BY(mutex_);
  int64_t stored_rules_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t reserved_rules_ ABSL_GUARDED_BY(mutex_) = 0;  // Of imports that are under way.
  // By the name of the rule set.
  std::map<std::string, std::string> problems_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<CommitFollower> follower_;  // Null if no other server shares the rule sets.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SETS_H_
