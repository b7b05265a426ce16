#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ListRuleSetsRequest;
using bundles::v1::ListRuleSetsResponse;
using bundles::v1::RuleSet;

std::string Time(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

class RuleSetsCommand : public Command {
 public:
  void DefineFlags(FlagSet*) override {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl rule-sets"));
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    TextTable table({{"RULE SET", Align::kLeft},
                     {"RULES"},
                     {"BASKETS"},
                     {"ENGINE", Align::kLeft},
                     {"SALES", Align::kLeft},
                     {"COMPUTED", Align::kLeft},
                     {"IMPORTED", Align::kLeft}});
    ListRuleSetsRequest request;
    ListRuleSetsResponse page;
    ListRuleSetsResponse all;
    do {
      CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &AssociationRuleService::Stub::ListRuleSets,
                                  *stub, context.timeout_seconds, request, &page));
      if (context.json) context.PrintJson(page);
      all.MergeFrom(page);
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    if (context.json || context.Print(all, "rule_sets")) return ExitCode::kOk;
    for (const RuleSet& set : all.rule_sets()) {
      const auto& source = set.source();
      table.Add({set.name(), WithSeparators(set.rule_count()), WithSeparators(set.basket_count()),
                 absl::StrCat(source.engine(), " ", source.engine_version()),
                 source.sales_revision() > 0 ? absl::StrCat("revision ", source.sales_revision())
                                             : source.sales_digest(),
                 Time(source.compute_time()), Time(set.import_time())});
    }
    table.Print(context.out, context.width);
    return ExitCode::kOk;
  }
};

}  // namespace

std::unique_ptr<Command> MakeRuleSetsCommand() { return std::make_unique<RuleSetsCommand>(); }

}  // namespace clustr::ctl
