#include "services/bundles/rule_sets/folder_rule_sets.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/bundles/program/whole_files.h"

namespace clustr::bundles {
namespace {

constexpr absl::string_view kUnfinished = ".rules.new";

}  // namespace

FolderRuleSets::FolderRuleSets(std::string folder, int64_t max_rules)
    : folder_(std::move(folder)), max_rules_(max_rules) {
  const absl::StatusOr<std::vector<std::string>> names = NamesInFolder(folder_);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    std::error_code ignored;
    if (absl::EndsWith(name, kUnfinished)) {
      std::filesystem::remove(absl::StrCat(folder_, "/", name), ignored);
    }
  }
}

std::string FolderRuleSets::PathOf(const std::string& name) const {
  return absl::StrCat(folder_, "/", name, kRuleSetSuffix);
}

absl::StatusOr<std::vector<RuleSetKeeper::Kept>> FolderRuleSets::List() const {
  std::vector<Kept> kept;
  // One that cannot be listed has none; ProblemOfFolder tells the operator.
  const absl::StatusOr<std::vector<std::string>> files = NamesInFolder(folder_);
  if (!files.ok()) return kept;
  for (const std::string& file : *files) {
    const std::string name = NameOfRuleSetFile(file);
    if (!name.empty()) kept.push_back({name});
  }
  return kept;
}

absl::StatusOr<StoredRuleSet> FolderRuleSets::Read(const std::string& name) const {
  absl::StatusOr<StoredRuleSet> stored = ReadRuleSetFile(PathOf(name), max_rules_);
  if (!stored.ok() || stored->info.name() == name) return stored;
  return absl::DataLossError(absl::StrCat("the file of a rule set ", PathOf(name),
                                          " is that of another one, ", Quoted(stored->info.name()),
                                          "; give it that name again, or remove it"));
}

absl::StatusOr<int64_t> FolderRuleSets::Add(const StoredRuleSet& set) const {
  std::error_code error;
  if (std::filesystem::create_directories(folder_, error)) {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
  }
  CLUSTR_RETURN_IF_ERROR(WriteRuleSetFile(PathOf(set.info.name()), set));
  return 0;
}

absl::Status FolderRuleSets::Remove(const std::string& name) const {
  return RemoveRuleSetFile(PathOf(name));
}

}  // namespace clustr::bundles
