#include "services/bundles/rule_service/rule_import.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/schema/validator.h"
#include "common/schema/wire/entry_limits.h"
#include "services/bundles/program/durable_file.h"
#include "services/bundles/request/from_request.h"
#include "services/bundles/rules/rule_differences.h"

namespace clustr::bundles {
namespace {

constexpr int64_t kMaxSeconds = 253'402'300'799;  // 9999-12-31T23:59:59Z.
constexpr int32_t kMaxNanos = 999'999'999;

void CheckSource(const v1::RuleSetSource& source, std::vector<Violation>* violations) {
  if (source.sales_revision() == 0 && source.sales_digest().empty()) {
    violations->push_back({"header.source.sales_revision",
                           "is missing, and so is sales_digest; say which sales were read by one "
                           "of the two"});
  }
  const auto& time = source.compute_time();
  if (time.seconds() < 0 || time.seconds() > kMaxSeconds || time.nanos() < 0 ||
      time.nanos() > kMaxNanos) {
    violations->push_back(
        {"header.source.compute_time", "is not a time between 1970 and 9999; give one"});
  }
}

// The violations of these thresholds, which are within the header.
void CheckHeaderThresholds(const v1::RuleThresholds& thresholds,
                           std::vector<Violation>* violations) {
  std::vector<Violation> found;
  CheckThresholds(thresholds, &found);
  if (thresholds.only_improving()) {
    found.push_back({"thresholds.only_improving",
                     "is true, but a rule set has all rules that meet its thresholds; leave it "
                     "unset"});
  }
  for (Violation& violation : found) {
    violation.field = absl::StrCat("header.", violation.field);
    violations->push_back(std::move(violation));
  }
}

// The answer to a stream with the name of an earlier one.
absl::Status Repeat(const KnownRuleSet& earlier, const std::string& content,
                    v1::ImportRulesResponse* response) {
  if (earlier.content != content) return RuleSetExists(earlier.info->name());
  *response->mutable_rule_set() = *earlier.info;
  response->set_failed_count(earlier.info->failed_count());
  response->set_replayed(true);
  return absl::OkStatus();
}

}  // namespace

absl::Status RuleImport::Check(const v1::ImportRulesRequest& message) {
  std::vector<Violation> violations;
  // The rules are checked one by one, and refused alone.
  schema::ValidatorOf<v1::ImportRulesRequest>().CheckSettings(message, &violations);
  const google::protobuf::FieldDescriptor& rules =
      *v1::ImportRulesRequest::descriptor()->FindFieldByName("rules");
  const int max_rules = schema::FieldOptions(rules).max_items();
  if (message.rules_size() > max_rules) {
    violations.push_back({"rules", schema::TooManyEntries(message.rules_size(), max_rules)});
  }
  if (begun_ && message.has_header()) {
    violations.push_back({"header", "is given again; give it in the first message only"});
  } else if (!begun_ && !message.has_header()) {
    violations.push_back({"header", "is required in the first message and missing; give it"});
  }
  if (!violations.empty()) return ViolationError(std::move(violations));
  if (begun_) return absl::OkStatus();
  header_ = message.header();
  begun_ = true;
  return CheckHeader();
}

absl::Status RuleImport::CheckHeader() const {
  std::vector<Violation> violations;
  schema::ValidatorOf<v1::RuleSetHeader>().Check(header_, "header", &violations);
  if (!header_.name().empty() && !IsRuleSetName(header_.name())) {
    violations.push_back(
        {"header.name", absl::StrCat(Quoted(header_.name()),
                                     " is not a name; give 1 to 64 letters, digits, `.`, `_` and "
                                     "`-`, of which the first is a letter or a digit")});
  }
  CheckSource(header_.source(), &violations);
  CheckHeaderThresholds(header_.thresholds(), &violations);
  return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
}

void RuleImport::Begin(std::shared_ptr<const index::Snapshot> shop) {
  intake_.emplace(header_.basket_count(), ThresholdsOf(header_.thresholds(), NoThresholds()),
                  std::move(shop));
}

absl::Status RuleImport::Take(const v1::ImportRulesRequest& message) {
  CLUSTR_RETURN_IF_ERROR(room_.Take(message.rules_size()));
  for (const v1::CountedRule& rule : message.rules()) intake_->Take(rule);
  return absl::OkStatus();
}

std::string RuleImport::Content() const {
  v1::RuleSetHeader header = header_;
  header.clear_validate_only();
  header.clear_min_sales_revision();
  header.clear_min_catalog_revision();
  return RawSha256(absl::StrCat(header.SerializeAsString(), intake_->content()));
}

absl::Status RuleImport::Finish(v1::ImportRulesResponse* response) {
  if (!intake_) {
    return FieldError("header", "is required in the first message and missing; give it");
  }
  if (intake_->rule_count() != header_.rule_count()) {
    return FieldError("header.rule_count",
                      absl::StrCat(header_.rule_count(), " is not the number of rules that came, ",
                                   intake_->rule_count(), "; send the whole rule set again"));
  }
  const std::string content = Content();
  response->set_failed_count(intake_->failed_count());
  for (const common::v1::RowError& error : intake_->errors()) *response->add_errors() = error;
  CLUSTR_RETURN_IF_ERROR(sets_.CatchUp());
  if (const RuleSetPtr earlier = sets_.FindOrNull(header_.name())) {
    return Repeat(*earlier, content, response);
  }
  if (intake_->rules().size() == 0) return absl::OkStatus();
  StoredRuleSet set;
  set.info.set_name(header_.name());
  *set.info.mutable_source() = header_.source();
  set.info.set_basket_count(header_.basket_count());
  *set.info.mutable_thresholds() = header_.thresholds();
  set.info.set_rule_count(static_cast<int64_t>(intake_->rules().size()));
  set.info.set_failed_count(intake_->failed_count());
  set.info.set_digest(rules::DigestOf(intake_->rules()));
  if (header_.validate_only()) {
    *response->mutable_rule_set() = set.info;
    return absl::OkStatus();
  }
  set.content = content;
  set.rules = intake_->TakeRules();
  const absl::StatusOr<RuleSetPtr> added = sets_.Add(std::move(set));
  if (added.ok()) {
    *response->mutable_rule_set() = *(*added)->info;
    return absl::OkStatus();
  }
  // An equal stream may have been faster, also at another server.
  sets_.CatchUp().IgnoreError();
  const RuleSetPtr earlier = sets_.FindOrNull(header_.name());
  return earlier == nullptr ? added.status() : Repeat(*earlier, content, response);
}

}  // namespace clustr::bundles
