#include "services/bundles/rule_sets/rule_sets.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"

namespace clustr::bundles {
namespace {

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

absl::StatusOr<std::unique_ptr<RuleSets>> RuleSets::Load(storage::Store* store,
                                                         std::unique_ptr<RuleSetKeeper> keeper,
                                                         RuleSetLimits limits) {
  const bool is_shared = keeper->shared();
  std::unique_ptr<RuleSets> sets(new RuleSets(std::move(keeper), limits));
  CLUSTR_RETURN_IF_ERROR(sets->Refresh());
  if (is_shared) {
    sets->follower_ =
        std::make_unique<CommitFollower>(store, [raw = sets.get()] { return raw->Refresh(); });
  }
  return sets;
}

absl::Status RuleSets::CatchUp() { return keeper_->shared() ? Refresh() : absl::OkStatus(); }

absl::Status RuleSets::Refresh() {
  absl::MutexLock keeping(&keep_mutex_);
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<RuleSetKeeper::Kept> all, keeper_->List());
  std::map<std::string, RuleSetPtr> sets;
  std::map<std::string, std::string> problems;
  int64_t rule_count = 0;
  for (const RuleSetKeeper::Kept& kept : all) {
    RuleSetPtr set = FindOrNull(kept.name);
    if (set == nullptr || set->revision != kept.revision) {
      absl::StatusOr<StoredRuleSet> stored = keeper_->Read(kept.name);
      const bool is_gone = absl::IsNotFound(stored.status());
      if (is_gone && keeper_->shared()) continue;  // Another server has just removed it.
      if (!stored.ok() && !is_gone && !absl::IsDataLoss(stored.status())) return stored.status();
      if (!stored.ok()) {
        problems[kept.name] = std::string(stored.status().message());
        continue;
      }
      set = Known(*std::move(stored), kept.revision);
    }
    rule_count += static_cast<int64_t>(set->rules->size());
    sets.emplace(kept.name, std::move(set));
  }
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, problem] : problems) {
    if (const auto it = problems_.find(name); it != problems_.end() && it->second == problem) {
      continue;
    }
    Log(LogLevel::kWarning, "rule set", {{"problem", problem}});
  }
  sets_ = std::move(sets);
  problems_ = std::move(problems);
  stored_rules_ = rule_count;
  return absl::OkStatus();
}

RuleSetPtr RuleSets::Known(StoredRuleSet set, int64_t revision) {
  auto known = std::make_shared<KnownRuleSet>();
  known->serial = ++last_serial_;
  known->revision = revision;
  known->info = std::make_shared<const v1::RuleSet>(std::move(set.info));
  known->content = std::move(set.content);
  known->rules = std::make_shared<const rules::SkuRules>(std::move(set.rules));
  return known;
}

RuleSetPtr RuleSets::FindOrNull(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = sets_.find(name);
  return it == sets_.end() ? nullptr : it->second;
}

absl::StatusOr<RuleSetPtr> RuleSets::Find(const std::string& name) const {
  if (RuleSetPtr set = FindOrNull(name)) return set;
  return RuleSetNotFound(name);
}

void RuleSets::WhenKnown(const std::string& name, std::function<void(const absl::Status&)> done) {
  const absl::Status known = Find(name).status();
  if (known.ok() || follower_ == nullptr) return done(known);
  follower_->Look([this, name, done = std::move(done)](const absl::Status& looked) {
    done(looked.ok() ? Find(name).status() : looked);
  });
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

absl::StatusOr<RuleSetPtr> RuleSets::Add(StoredRuleSet set) {
  const std::string name = set.info.name();
  absl::MutexLock keeping(&keep_mutex_);
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (sets_.count(name) > 0) return RuleSetExists(name);
    if (static_cast<int64_t>(sets_.size()) >= limits_.max_sets) {
      return Full("imported rule sets", limits_.max_sets, "");
    }
  }
  SetTime(absl::Now(), &set.info);
  CLUSTR_ASSIGN_OR_RETURN(const int64_t revision, keeper_->Add(set));
  const RuleSetPtr known = Known(std::move(set), revision);
  absl::MutexLock lock(&mutex_);
  stored_rules_ += static_cast<int64_t>(known->rules->size());
  problems_.erase(name);
  return sets_.emplace(name, known).first->second;
}

absl::Status RuleSets::CheckUnreadable(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  return problems_.count(name) > 0 ? absl::OkStatus() : RuleSetNotFound(name);
}

absl::StatusOr<RuleSetPtr> RuleSets::Remove(const std::string& name) {
  CLUSTR_RETURN_IF_ERROR(CatchUp());
  absl::MutexLock keeping(&keep_mutex_);
  RuleSetPtr set = FindOrNull(name);
  if (set == nullptr) {
    CLUSTR_RETURN_IF_ERROR(CheckUnreadable(name));
    StoredRuleSet unread;
    unread.info.set_name(name);
    set = Known(std::move(unread), 0);
  }
  CLUSTR_RETURN_IF_ERROR(keeper_->Remove(name));
  absl::MutexLock lock(&mutex_);
  sets_.erase(name);
  problems_.erase(name);
  stored_rules_ -= static_cast<int64_t>(set->rules->size());
  return set;
}

absl::Status RuleSets::Room::Take(int64_t places) {
  absl::MutexLock lock(&sets_.mutex_);
  const int64_t taken = sets_.stored_rules_ + sets_.reserved_rules_;
  if (places > sets_.limits_.max_rules - taken) {
    return Full("imported rules", sets_.limits_.max_rules, " (--max-imported-rules)");
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
  std::vector<std::string> problems;
  for (const auto& [name, problem] : problems_) problems.push_back(problem);
  return problems;
}

}  // namespace clustr::bundles
