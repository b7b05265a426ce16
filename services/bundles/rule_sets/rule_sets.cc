#include "services/bundles/rule_sets/rule_sets.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"

namespace clustr::bundles {
namespace {

constexpr size_t kMaxName = 64;
constexpr absl::string_view kSuffix = ".rules";
constexpr absl::string_view kUnfinished = ".rules.new";

absl::Status NotFound(const std::string& name) {
  return MakeError(common::v1::ERROR_REASON_RULE_SET_NOT_FOUND,
                   absl::StrCat("no rule set ", Quoted(name),
                                "; give one that ListRuleSets names, or none for the live rules"),
                   {{"ids", Shortened(name)}, {"id_count", "1"}});
}

absl::Status Full(absl::string_view what, int64_t limit, absl::string_view flag) {
  return MakeError(
      common::v1::ERROR_REASON_RULE_SETS_FULL,
      absl::StrCat("the server keeps at most ", limit, " ", what, flag,
                   "; delete a rule set that is no longer needed, or import fewer rules"),
      {{"limit", absl::StrCat(limit)}});
}

void SetTime(absl::Time time, v1::RuleSet* info) {
  info->mutable_import_time()->set_seconds(absl::ToUnixSeconds(time));
}

}  // namespace

bool IsRuleSetName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxName && absl::ascii_isalnum(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
         });
}

RuleSets::RuleSets(RuleSetFolder folder) : folder_(std::move(folder)) {
  absl::MutexLock lock(&mutex_);
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path, error)) {
    const std::string name = file.path().filename().string();
    std::error_code ignored;
    if (absl::EndsWith(name, kUnfinished)) std::filesystem::remove(file.path(), ignored);
    absl::string_view stem = name;
    if (absl::ConsumeSuffix(&stem, kSuffix) && IsRuleSetName(std::string(stem))) {
      ReadFile(std::string(stem));
    }
  }
  std::sort(problems_.begin(), problems_.end());
}

void RuleSets::ReadFile(const std::string& name) {
  absl::StatusOr<StoredRuleSet> stored = ReadRuleSetFile(PathOf(name));
  if (stored.ok() && stored->info.name() != name) {
    stored = absl::DataLossError(
        absl::StrCat("the file of a rule set ", PathOf(name), " is that of another one, ",
                     Quoted(stored->info.name()), "; give it that name again, or remove it"));
  }
  if (stored.ok()) {
    sets_.emplace(name, Known(*std::move(stored)));
    return;
  }
  problems_.emplace_back(stored.status().message());
  Log(LogLevel::kWarning, "rule set", {{"problem", problems_.back()}});
}

RuleSetPtr RuleSets::Known(StoredRuleSet set) {
  auto known = std::make_shared<KnownRuleSet>();
  known->serial = ++last_serial_;
  known->info = std::make_shared<const v1::RuleSet>(std::move(set.info));
  known->content = std::move(set.content);
  known->rules = std::make_shared<const rules::SkuRules>(std::move(set.rules));
  stored_rules_ += static_cast<int64_t>(known->rules->size());
  return known;
}

std::string RuleSets::PathOf(const std::string& name) const {
  return absl::StrCat(folder_.path, "/", name, kSuffix);
}

RuleSetPtr RuleSets::FindOrNull(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = sets_.find(name);
  return it == sets_.end() ? nullptr : it->second;
}

absl::StatusOr<RuleSetPtr> RuleSets::Find(const std::string& name) const {
  if (RuleSetPtr set = FindOrNull(name)) return set;
  return NotFound(name);
}

absl::Status RuleSets::List(const v1::ListRuleSetsRequest& request,
                            v1::ListRuleSetsResponse* response) const {
  std::string after;
  if (!request.page_token().empty()) {
    CLUSTR_ASSIGN_OR_RETURN(const storage::PageToken token,
                            storage::DecodePageToken(request.page_token(), request));
    after = token.key;
  }
  absl::ReaderMutexLock lock(&mutex_);
  for (auto it = sets_.upper_bound(after); it != sets_.end(); ++it) {
    if (response->rule_sets_size() == storage::PageSize(request.page_size())) {
      const std::string& last = response->rule_sets().rbegin()->name();
      response->set_next_page_token(storage::EncodePageToken({.key = last}, request));
      break;
    }
    *response->add_rule_sets() = *it->second->info;
  }
  return absl::OkStatus();
}

absl::Status RuleSets::Exists(const std::string& name) {
  return MakeError(common::v1::ERROR_REASON_RULE_SET_EXISTS,
                   absl::StrCat("there is a rule set ", Quoted(name),
                                " with other contents, and rule sets never change; give another "
                                "name, or delete it first"),
                   {{"field", "header.name"}, {"value", Shortened(name)}});
}

absl::StatusOr<RuleSetPtr> RuleSets::Add(StoredRuleSet set) {
  const std::string name = set.info.name();
  absl::MutexLock files(&files_mutex_);
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (sets_.count(name) > 0) return Exists(name);
    if (static_cast<int64_t>(sets_.size()) >= folder_.max_sets) {
      return Full("imported rule sets", folder_.max_sets, "");
    }
  }
  SetTime(absl::Now(), &set.info);
  std::error_code error;
  if (std::filesystem::create_directories(folder_.path, error)) {
    std::filesystem::permissions(folder_.path, std::filesystem::perms::owner_all, error);
  }
  CLUSTR_RETURN_IF_ERROR(WriteRuleSetFile(PathOf(name), set));
  absl::MutexLock lock(&mutex_);
  return sets_.emplace(name, Known(std::move(set))).first->second;
}

absl::StatusOr<RuleSetPtr> RuleSets::Remove(const std::string& name) {
  absl::MutexLock files(&files_mutex_);
  CLUSTR_ASSIGN_OR_RETURN(RuleSetPtr set, Find(name));
  CLUSTR_RETURN_IF_ERROR(RemoveRuleSetFile(PathOf(name)));
  absl::MutexLock lock(&mutex_);
  sets_.erase(name);
  stored_rules_ -= static_cast<int64_t>(set->rules->size());
  return set;
}

absl::Status RuleSets::Room::Take(int64_t places) {
  absl::MutexLock lock(&sets_.mutex_);
  const int64_t taken = sets_.stored_rules_ + sets_.reserved_rules_;
  if (places > sets_.folder_.max_rules - taken) {
    return Full("imported rules", sets_.folder_.max_rules, " (--max-imported-rules)");
  }
  sets_.reserved_rules_ += places;
  places_ += places;
  return absl::OkStatus();
}

void RuleSets::GiveBack(int64_t places) {
  absl::MutexLock lock(&mutex_);
  reserved_rules_ -= places;
}

int64_t RuleSets::rule_count() const {
  absl::ReaderMutexLock lock(&mutex_);
  return stored_rules_;
}

std::vector<std::string> RuleSets::Problems() const {
  absl::ReaderMutexLock lock(&mutex_);
  return problems_;
}

}  // namespace clustr::bundles
