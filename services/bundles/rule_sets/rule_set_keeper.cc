#include "services/bundles/rule_sets/rule_set_keeper.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxName = 64;

}  // namespace

bool IsRuleSetName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxName && absl::ascii_isalnum(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
         });
}

std::string NameOfRuleSetFile(absl::string_view file) {
  if (!absl::ConsumeSuffix(&file, kRuleSetSuffix)) return "";
  const std::string name(file);
  return IsRuleSetName(name) ? name : "";
}

absl::Status RuleSetExists(const std::string& name) {
  return MakeError(common::v1::ERROR_REASON_RULE_SET_EXISTS,
                   absl::StrCat("there is a rule set ", Quoted(name),
                                " with other contents, and rule sets never change; give another "
                                "name, or delete it first"),
                   {{"field", "header.name"}, {"value", Shortened(name)}});
}

absl::Status RuleSetNotFound(const std::string& name) {
  return MakeError(common::v1::ERROR_REASON_RULE_SET_NOT_FOUND,
                   absl::StrCat("no rule set ", Quoted(name),
                                "; give one that ListRuleSets names, or none for the live rules"),
                   {{"ids", Shortened(name)}, {"id_count", "1"}});
}

}  // namespace clustr::bundles
