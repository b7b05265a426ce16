#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/rule_sets/rule_intake.h"
#include "services/bundles/rule_sets/rule_sets.h"

namespace clustr::bundles {

// One ImportRules from its first message to its answer, without the transport. Not thread-safe;
// borrows the rule sets.
class RuleImport {
 public:
  explicit RuleImport(RuleSets* sets) : sets_(*sets), room_(sets) {}

  // Checks a message of the stream; the first one must have the header. An error ends the import.
  absl::Status Check(const v1::ImportRulesRequest& message);
  // The header; valid from the first OK of Check on.
  const v1::RuleSetHeader& header() const { return header_; }
  // Begins to take rules, of products that `shop` knows.
  void Begin(std::shared_ptr<const index::Snapshot> shop);
  // Takes the rules of a message that Check has accepted. RULE_SETS_FULL if there is no room.
  absl::Status Take(const v1::ImportRulesRequest& message);
  // The stream has ended: stores the rule set, unless there is an equal one, and fills the answer.
  // Blocks until it is durable.
  absl::Status Finish(v1::ImportRulesResponse* response);

 private:
  absl::Status CheckHeader() const;
  // Identifies the header and the rules; what only says how to import is not part of it.
  std::string Content() const;

  RuleSets& sets_;
  RuleSets::Room room_;
  bool begun_ = false;
  v1::RuleSetHeader header_;
  std::optional<RuleIntake> intake_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SERVICE_RULE_IMPORT_H_
