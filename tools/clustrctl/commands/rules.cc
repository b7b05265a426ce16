#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/rows/rule_merge.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/rule_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ListAssociationRulesRequest;
using bundles::v1::ListAssociationRulesResponse;

constexpr int64_t kMaxPageSize = 1000;

std::string DescribeRuleSet(const bundles::v1::RuleSet& set) {
  const auto& source = set.source();
  return absl::StrCat(WithSeparators(set.basket_count()), " baskets, rule set ", set.name(), " of ",
                      source.engine(), " ", source.engine_version(),
                      source.sales_revision() > 0
                          ? absl::StrCat(", sales revision ", source.sales_revision())
                          : absl::StrCat(", sales ", source.sales_digest()));
}

class RulesCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineThresholdFlags(flags, request_.mutable_thresholds());
    flags->Add(
        "product", "ID", "rules with this product on either side", [this](std::string_view value) {
          either_side_ = Sides();
          const auto& type = *ListAssociationRulesRequest::descriptor();
          SetRowName(value, *type.FindFieldByName("antecedent_skus"), &either_side_->with);
          return SetRowName(value, *type.FindFieldByName("consequent_skus"), &either_side_->then);
        });
    flags->Field("with", &request_, "antecedent_skus", "rules with this product on the left");
    flags->Field("then", &request_, "consequent_skus", "rules with this product on the right");
    flags->Field("order-by", &request_, "order_by",
                 "lift, confidence, support, count_ab, leverage, p_value or rule_id, followed by "
                 "desc for descending order; default \"lift desc\"");
    flags->Field(
        "rule-set", &request_, "rule_set",
        "rules of this imported rule set instead of the live ones; without thresholds, all "
        "of its rules");
    flags->Int64("limit", "number of rules to list, 0 for all; default 20", &limit_);
    DefinePopulationFlags(flags, request_.mutable_population());
    DefineRevisionFlags(flags, &request_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl rules [flags]"));
    if (limit_ < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--limit: ", limit_, " is below 0; give at least 1, or 0 for all"));
    }
    request_.set_view(bundles::v1::RULE_VIEW_FULL);
    CLUSTR_ASSIGN_OR_RETURN(const ListAssociationRulesResponse list, either_side_.has_value()
                                                                         ? ListOfEitherSide(context)
                                                                         : List(request_, context));
    if (context.json && !either_side_.has_value()) return ExitCode::kOk;  // Its pages are printed.
    if (context.Print(list, "rules")) return ExitCode::kOk;
    RuleTable table;
    for (const bundles::v1::BundleRule& rule : list.rules()) table.Add(rule);
    table.Print(context.out, context.width);
    context.err << WithSeparators(list.rules_size()) << " of " << WithSeparators(list.total_size())
                << " rules; "
                << (list.has_rule_set() ? DescribeRuleSet(list.rule_set())
                                        : DescribeProvenance(list.provenance()))
                << '\n';
    for (const std::string& hint : list.hints()) {
      context.err << "note: " << context.WithFlagNames(hint) << '\n';
    }
    PrintIfEmpty(list.provenance(), context.err);
    return ExitCode::kOk;
  }

 private:
  // All pages of a listing up to the limit, as one; pages that become JSON are printed instead.
  absl::StatusOr<ListAssociationRulesResponse> List(ListAssociationRulesRequest request,
                                                    const Context& context) const {
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    ListAssociationRulesResponse all;
    ListAssociationRulesResponse page;
    int64_t listed = 0;
    do {
      const int64_t left = limit_ == 0 ? kMaxPageSize : limit_ - listed;
      request.set_page_size(static_cast<int32_t>(std::min(left, kMaxPageSize)));
      CLUSTR_RETURN_IF_ERROR(Call(context.bundles,
                                  &AssociationRuleService::Stub::ListAssociationRules, *stub,
                                  context.timeout_seconds, request, &page));
      request.set_page_token(page.next_page_token());
      listed += page.rules_size();
      if (all.hints().empty()) *all.mutable_hints() = page.hints();  // Of the first page with some.
      if (context.json && !either_side_.has_value()) {
        context.PrintJson(page);
      } else {
        all.mutable_rules()->MergeFrom(page.rules());
      }
    } while (!page.next_page_token().empty() && (limit_ == 0 || listed < limit_));
    all.set_total_size(page.total_size());
    *all.mutable_provenance() = page.provenance();
    if (page.has_rule_set()) *all.mutable_rule_set() = page.rule_set();
    return all;
  }

  // A rule has no product on both sides, so the rules with it on the left and those with it on the
  // right are all that have it, each once. The second list is of the state of the first or later.
  absl::StatusOr<ListAssociationRulesResponse> ListOfEitherSide(const Context& context) const {
    ListAssociationRulesRequest with = request_;
    with.MergeFrom(either_side_->with);
    CLUSTR_ASSIGN_OR_RETURN(ListAssociationRulesResponse list, List(with, context));
    ListAssociationRulesRequest then = request_;
    then.MergeFrom(either_side_->then);
    CLUSTR_ASSIGN_OR_RETURN(const ListAssociationRulesResponse more, List(then, context));
    MergeRules(request_.order_by(), more.rules(), list.mutable_rules());
    if (limit_ > 0 && list.rules_size() > limit_) {
      list.mutable_rules()->DeleteSubrange(static_cast<int>(limit_),
                                           list.rules_size() - static_cast<int>(limit_));
    }
    list.set_total_size(list.total_size() + more.total_size());
    for (const std::string& hint : more.hints()) {
      const auto& hints = list.hints();
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) list.add_hints(hint);
    }
    return list;
  }

  // Requests that name one product, on the left and on the right.
  struct Sides {
    ListAssociationRulesRequest with;
    ListAssociationRulesRequest then;
  };

  ListAssociationRulesRequest request_;
  std::optional<Sides> either_side_;
  int64_t limit_ = 20;
};

}  // namespace

std::unique_ptr<Command> MakeRulesCommand() { return std::make_unique<RulesCommand>(); }

}  // namespace clustr::ctl
