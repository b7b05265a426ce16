#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::bundles {

// An imported rule set as it is kept in a file.
struct StoredRuleSet {
  v1::RuleSet info;
  // Identifies the stream that it came from: SHA-256, 32 bytes.
  std::string content;
  rules::SkuRules rules;
};

// Writes the rule set to `path`, durably and as a whole: after a crash the file is there completely
// or not at all. The errors of WriteDurableFile.
absl::Status WriteRuleSetFile(const std::string& path, const StoredRuleSet& set);

// Removes such a file. The errors of RemoveDurableFile.
absl::Status RemoveRuleSetFile(const std::string& path);

// Reads a file of WriteRuleSetFile. Errors, with a message for operators: NOT_FOUND if it cannot be
// read, DATA_LOSS if it is damaged, no rule set, or of a version that this server does not know.
absl::StatusOr<StoredRuleSet> ReadRuleSetFile(const std::string& path);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_
