#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "clustr/sales/v1/analytics_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using sales::v1::AnalyticsService;
using sales::v1::QueryRevenueRequest;
using sales::v1::QueryRevenueResponse;
using sales::v1::RevenueDimension;

constexpr char kPrefix[] = "REVENUE_DIMENSION_";

// Turns REVENUE_DIMENSION_PRODUCT_CATEGORY into `product-category`.
std::string DimensionWord(const google::protobuf::EnumValueDescriptor& value) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(value.name(), kPrefix)),
                             {{"_", "-"}});
}

// Turns `product-category` into `category`, which is unambiguous.
std::string ShortWord(const std::string& word) {
  return std::string(absl::StripPrefix(absl::StripPrefix(word, "product-"), "customer-"));
}

absl::StatusOr<RevenueDimension> ParseDimension(const std::string& text) {
  const auto& type = *sales::v1::RevenueDimension_descriptor();
  std::string words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    const std::string word = DimensionWord(*type.value(i));
    if (text == word || text == ShortWord(word)) {
      return static_cast<RevenueDimension>(type.value(i)->number());
    }
    absl::StrAppend(&words, words.empty() ? "" : ", ", ShortWord(word));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(text), " is not a dimension; give one of ", words));
}

class RevenueCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("limit", &request_, "limit", "number of groups, at most 1,000; default 50");
    DefineDayFlags(flags, &request_);
    flags->Field("min-catalog-revision", &request_, "min_catalog_revision",
                 "waits until sales has applied this catalog revision");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(
        CheckArgumentCount(arguments, 1, 1, "clustrctl revenue DIMENSION [flags]"));
    CLUSTR_ASSIGN_OR_RETURN(const RevenueDimension dimension, ParseDimension(arguments[0]));
    request_.set_dimension(dimension);
    const auto stub = AnalyticsService::NewStub(context.sales.channel);
    QueryRevenueResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.sales, &AnalyticsService::Stub::QueryRevenue, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.Print(response, "groups")) return ExitCode::kOk;
    TextTable table({{absl::AsciiStrToUpper(arguments[0]), Align::kLeft},
                     {"REVENUE"},
                     {"TRANSACTIONS"},
                     {"UNITS"}});
    for (const sales::v1::RevenueGroup& group : response.groups()) {
      std::string key = group.key().empty() ? "(none)" : group.key();
      if (group.has_customer_external_id()) key = RowId(0, group.customer_external_id());
      table.Add({std::move(key), Money(group.revenue()), WithSeparators(group.transaction_count()),
                 WithSeparators(group.unit_count())});
    }
    table.Print(context.out, context.width);
    context.err << Count(response.groups_size(), "group") << "; sales revision "
                << response.revision() << ", catalog revision " << response.catalog_revision()
                << '\n';
    return ExitCode::kOk;
  }

 private:
  QueryRevenueRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeRevenueCommand() { return std::make_unique<RevenueCommand>(); }

}  // namespace clustr::ctl
