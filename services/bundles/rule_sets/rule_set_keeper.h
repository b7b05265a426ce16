#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_KEEPER_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_KEEPER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/bundles/rule_sets/rule_set_file.h"

namespace clustr::bundles {

// Where the imported rule sets are kept: a folder beside the database of one server, or the
// database that several servers share. Thread-safe, except that one call at a time may change a
// rule set. All functions but `shared` block.
class RuleSetKeeper {
 public:
  struct Kept {
    std::string name;
    int64_t revision = 0;  // Tells rule sets apart that had the same name at different times.
  };

  virtual ~RuleSetKeeper() = default;

  // True if other servers add and remove rule sets as well.
  virtual bool shared() const = 0;

  // The rule sets that are kept, in no order. The errors of the store.
  virtual absl::StatusOr<std::vector<Kept>> List() const = 0;

  // With a message for operators, NOT_FOUND if the rule set cannot be read, and the errors of
  // DecodeRuleSetFile; those of the store.
  virtual absl::StatusOr<StoredRuleSet> Read(const std::string& name) const = 0;

  // Keeps a rule set, durably, and returns its revision. ALREADY_EXISTS with reason RULE_SET_EXISTS
  // if there is one of its name, which another server may have added; the errors of
  // WriteDurableFile, or those of the store.
  virtual absl::StatusOr<int64_t> Add(const StoredRuleSet& set) const = 0;

  // Removes a rule set, durably. NOT_FOUND with reason RULE_SET_NOT_FOUND if another server has
  // done so; the errors of RemoveDurableFile, or those of the store.
  virtual absl::Status Remove(const std::string& name) const = 0;
};

// True if the text may be the name of a rule set: 1 to 64 letters, digits, `.`, `_` and `-`, of
// which the first is a letter or a digit. So it is also the name of a file.
bool IsRuleSetName(const std::string& name);

// What the name of the file of a rule set ends with, behind its name.
inline constexpr char kRuleSetSuffix[] = ".rules";
// The name of the rule set whose file has this name; empty for any other name.
std::string NameOfRuleSetFile(absl::string_view file);

// The errors if a name is taken, or nothing has it.
absl::Status RuleSetExists(const std::string& name);
absl::Status RuleSetNotFound(const std::string& name);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_KEEPER_H_
