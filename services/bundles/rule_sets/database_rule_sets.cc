#include "services/bundles/rule_sets/database_rule_sets.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/bundles/program/file_rows.h"
#include "services/bundles/program/write_now.h"

namespace clustr::bundles {
namespace {

std::string FileOf(const std::string& name) { return absl::StrCat(name, kRuleSetSuffix); }

// The rule set of this name. Within one read or write.
absl::StatusOr<StoredRuleSet> ReadRuleSet(storage::Session& session, const std::string& name) {
  KeptAs kept = KeptAsFileRows(FileOf(name), absl::StrCat("the rule set ", name));
  kept.remedy = absl::StrCat("import it again, ", kept.remedy);
  const std::optional<std::string> bytes = ReadFileRows(session, FileOf(name));
  if (!bytes) return absl::NotFoundError(absl::StrCat(kept.what, " is gone"));
  absl::StatusOr<StoredRuleSet> stored = DecodeRuleSetFile(*bytes, kept);
  if (!stored.ok() || stored->info.name() == name) return stored;
  return absl::DataLossError(
      absl::StrCat(kept.what, " is another one, ", Quoted(stored->info.name()), "; ", kept.remedy));
}

}  // namespace

absl::StatusOr<std::vector<RuleSetKeeper::Kept>> DatabaseRuleSets::List() const {
  std::vector<Kept> kept;
  CLUSTR_RETURN_IF_ERROR(store_.Read([&](storage::Session& session) {
    for (const FileVersion& file : ListFileRows(session, kRuleSetSuffix)) {
      const std::string name = NameOfRuleSetFile(file.name);
      if (!name.empty()) kept.push_back({name, file.revision});
    }
    return absl::OkStatus();
  }));
  return kept;
}

absl::StatusOr<StoredRuleSet> DatabaseRuleSets::Read(const std::string& name) const {
  absl::StatusOr<StoredRuleSet> stored;
  CLUSTR_RETURN_IF_ERROR(store_.Read([&](storage::Session& session) {
    stored = ReadRuleSet(session, name);
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<int64_t> DatabaseRuleSets::Add(const StoredRuleSet& set) const {
  const std::string& name = set.info.name();
  const std::string bytes = EncodeRuleSetFile(set);
  int64_t revision = 0;
  CLUSTR_RETURN_IF_ERROR(WriteNow(store_, [&](storage::WriteContext& context) -> absl::Status {
    // One that is damaged is replaced.
    if (ReadRuleSet(context.session(), name).ok()) return RuleSetExists(name);
    WriteFileRows(context, FileOf(name), bytes);
    revision = context.Revision();
    return absl::OkStatus();
  }));
  return revision;
}

absl::Status DatabaseRuleSets::Remove(const std::string& name) const {
  return WriteNow(store_, [&](storage::WriteContext& context) -> absl::Status {
    if (!HasFileRows(context.session(), FileOf(name))) return RuleSetNotFound(name);
    RemoveFileRows(context, FileOf(name));
    return absl::OkStatus();
  });
}

}  // namespace clustr::bundles
