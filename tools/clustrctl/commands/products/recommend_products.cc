#include "tools/clustrctl/commands/products/recommend_products.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/product_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/recommendation_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::RecommendationService;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// OK if `to` has a field of the same name as each field that is set in `from`.
absl::Status CheckFields(const Message& from, const std::string& path, const Descriptor& to) {
  std::vector<const FieldDescriptor*> set;
  from.GetReflection()->ListFields(from, &set);
  for (const FieldDescriptor* field : set) {
    const FieldDescriptor* target = to.FindFieldByName(field->name());
    if (target == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, field->name(), ": is about bundles, but products are asked for; leave it out"));
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    CLUSTR_RETURN_IF_ERROR(CheckFields(from.GetReflection()->GetMessage(from, field),
                                       absl::StrCat(path, field->name(), "."),
                                       *target->message_type()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CopyCommonFields(const bundles::v1::RecommendBundlesRequest& bundles,
                              bundles::v1::RecommendProductsRequest* products) {
  CLUSTR_RETURN_IF_ERROR(CheckFields(bundles, "", *products->GetDescriptor()));
  // Fields of the same name have different numbers, but the same JSON.
  CLUSTR_ASSIGN_OR_RETURN(const std::string json, Json(bundles));
  bundles::v1::RecommendProductsRequest common;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // Those that are not set.
  const auto status = google::protobuf::util::JsonStringToMessage(json, &common, options);
  if (!status.ok()) return absl::InternalError(std::string(status.message()));
  products->MergeFrom(common);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> PrintProducts(const bundles::v1::RecommendProductsRequest& request,
                                       const Context& context) {
  const auto stub = RecommendationService::NewStub(context.bundles.channel);
  bundles::v1::RecommendProductsResponse response;
  CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendProducts,
                              *stub, context.timeout_seconds, request, &response));
  if (context.Print(response, "recommendations")) return ExitCode::kOk;
  ProductTable table;
  for (const auto& product : response.recommendations()) table.Add(product);
  table.Print(context.out, context.width);
  context.err << Count(response.recommendations_size(), "product") << "; "
              << DescribeProvenance(response.provenance()) << '\n';
  PrintUnknown(response, context.err);
  PrintShortfalls(response.shortfalls(), context);
  return ExitCode::kOk;
}

}  // namespace clustr::ctl
