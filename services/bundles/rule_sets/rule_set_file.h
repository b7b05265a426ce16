#ifndef CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_
#define CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/program/kept_as.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::bundles {

// An imported rule set as it is kept in a file.
struct StoredRuleSet {
  v1::RuleSet info;
  // Identifies the stream that it came from: SHA-256, 32 bytes.
  std::string content;
  rules::SkuRules rules;
};

// The bytes of the file of a rule set.
std::string EncodeRuleSetFile(const StoredRuleSet& set);

// The rule set in such bytes. DATA_LOSS, with a message for operators, if they are damaged, no rule
// set, or of a version that this server does not know.
absl::StatusOr<StoredRuleSet> DecodeRuleSetFile(absl::string_view bytes, const KeptAs& kept);

// Writes the rule set to `path`, durably and as a whole: after a crash the file is there completely
// or not at all. The errors of WriteDurableFile.
absl::Status WriteRuleSetFile(const std::string& path, const StoredRuleSet& set);

// Removes such a file. The errors of RemoveDurableFile.
absl::Status RemoveRuleSetFile(const std::string& path);

// Number of bytes that the file of a rule set with this many rules has at most.
int64_t MaxRuleSetFileBytes(int64_t rule_count);

// Reads a file of WriteRuleSetFile that has at most this many rules. The errors of ReadWholeFile
// and DecodeRuleSetFile.
absl::StatusOr<StoredRuleSet> ReadRuleSetFile(const std::string& path, int64_t max_rules);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RULE_SETS_RULE_SET_FILE_H_
