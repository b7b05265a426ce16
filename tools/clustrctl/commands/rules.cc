#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/rule_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ListAssociationRulesRequest;
using bundles::v1::ListAssociationRulesResponse;

constexpr int64_t kMaxPageSize = 1000;

class RulesCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineThresholdFlags(flags, request_.mutable_thresholds());
    flags->Field("with", &request_, "antecedent_skus", "rules with this product on the left");
    flags->Field("then", &request_, "consequent_skus", "rules with this product on the right");
    flags->Field("order-by", &request_, "order_by",
                 "lift, confidence, support, count_ab, leverage, p_value or rule_id, followed by "
                 "desc for descending order; default \"lift desc\"");
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
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    RuleTable table;
    int64_t listed = 0;
    std::vector<std::string> hints;  // Of the first page that has some.
    ListAssociationRulesResponse page;
    do {
      const int64_t left = limit_ == 0 ? kMaxPageSize : limit_ - listed;
      request_.set_page_size(static_cast<int32_t>(std::min(left, kMaxPageSize)));
      CLUSTR_RETURN_IF_ERROR(Call(context.bundles,
                                  &AssociationRuleService::Stub::ListAssociationRules, *stub,
                                  context.timeout_seconds, request_, &page));
      listed += page.rules_size();
      if (context.json) {
        context.PrintJson(page);
      } else {
        for (const bundles::v1::BundleRule& rule : page.rules()) table.Add(rule);
      }
      if (hints.empty()) hints.assign(page.hints().begin(), page.hints().end());
      request_.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty() && (limit_ == 0 || listed < limit_));
    if (!context.json) {
      table.Print(context.out);
      context.err << listed << " of " << page.total_size() << " rules; "
                  << DescribeProvenance(page.provenance()) << '\n';
      for (const std::string& hint : hints) context.err << "note: " << hint << '\n';
      PrintIfEmpty(page.provenance(), context.err);
    }
    return ExitCode::kOk;
  }

 private:
  ListAssociationRulesRequest request_;
  int64_t limit_ = 20;
};

}  // namespace

std::unique_ptr<Command> MakeRulesCommand() { return std::make_unique<RulesCommand>(); }

}  // namespace clustr::ctl
