#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/product_table.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/recommendation_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ExplainProductRequest;
using bundles::v1::ExplainProductResponse;
using bundles::v1::RecommendationService;

void PrintExplanation(const ExplainProductResponse& response, const Context& context) {
  std::ostream& out = context.out;
  ProductTable product;
  product.Add(response.recommendation());
  product.Print(out, context.width);
  out << "\nIn " << WithSeparators(response.count()) << " of "
      << WithSeparators(response.provenance().basket_count()) << " baskets. ";
  if (response.rank() > 0) {
    out << "Rank " << response.rank() << " of the recommendations\n\n";
  } else {
    out << "Not recommended, because of "
        << context.WithFlagNames(absl::StrJoin(response.excluded_by(), ", ")) << "\n\n";
  }
  TextTable parts({{"FEATURE", Align::kLeft},
                   {"FROM", Align::kLeft},
                   {"VALUE"},
                   {"ADDS"},
                   {"TOGETHER"},
                   {"OF ITS BASKETS"}});
  for (const auto& part : response.parts()) {
    const bool has_product = part.from_sku() != 0;
    parts.Add({part.feature(), has_product ? RowId(part.from_sku(), part.from_external_id()) : "",
               Ratio(part.value()), Ratio(part.contribution()),
               has_product ? WithSeparators(part.together_count()) : "",
               has_product ? WithSeparators(part.from_count()) : ""});
  }
  parts.Print(out, context.width);
}

class WhyProductCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineRequestFlags(flags, request_.mutable_request());
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    if (arguments.empty()) {
      return absl::InvalidArgumentError(
          "an argument is missing; call clustrctl why-product SKU [BASKET_SKU...]");
    }
    const auto& field = *ExplainProductRequest::descriptor()->FindFieldByName("product_sku");
    if (const std::string wrong = SetRowName(arguments[0], field, &request_); !wrong.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("product_sku: ", wrong));
    }
    for (size_t i = 1; i < arguments.size(); ++i) {
      CLUSTR_RETURN_IF_ERROR(AddRowNames(arguments[i], "basket_skus", request_.mutable_request()));
    }
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    ExplainProductResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::ExplainProduct,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.Print(response, "parts")) return ExitCode::kOk;
    PrintExplanation(response, context);
    PrintUnknown(response, context.err);
    context.err << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  ExplainProductRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeWhyProductCommand() { return std::make_unique<WhyProductCommand>(); }

}  // namespace clustr::ctl
