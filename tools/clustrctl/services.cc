#include "tools/clustrctl/services.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace clustr::ctl {
namespace {

constexpr int kMaxReconnectMilliseconds = 1000;
constexpr int kMaxAttempts = 6;
constexpr auto kFirstPause = std::chrono::milliseconds(200);

// The service config of docs/clients.md, but for two things. Methods that write are not named, as
// retried_write.h repeats those; nor is health, as an operator must reach a server that is not
// ready, too.
constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
  "methodConfig": [
    {
      "name": [
        {"service": "clustr.bundles.v1.RecommendationService"},
        {"service": "clustr.bundles.v1.AssociationRuleService", "method": "ListAssociationRules"},
        {"service": "clustr.bundles.v1.AssociationRuleService", "method": "GetAssociationRule"},
        {"service": "clustr.bundles.v1.AssociationRuleService", "method": "ExplainAssociationRule"},
        {"service": "clustr.bundles.v1.AssociationRuleService", "method": "ListPopulationValues"},
        {"service": "clustr.bundles.v1.AssociationRuleService", "method": "ListRuleSets"},
        {"service": "clustr.bundles.v1.ModelService", "method": "ListModels"},
        {"service": "clustr.bundles.v1.ModelService", "method": "GetModel"},
        {"service": "clustr.catalog.v1.ProductService", "method": "GetProduct"},
        {"service": "clustr.catalog.v1.ProductService", "method": "ListProducts"},
        {"service": "clustr.catalog.v1.CustomerService", "method": "GetCustomer"},
        {"service": "clustr.catalog.v1.CustomerService", "method": "ListCustomers"},
        {"service": "clustr.catalog.v1.TimeframeService", "method": "GetTimeframe"},
        {"service": "clustr.catalog.v1.TimeframeService", "method": "ListTimeframes"},
        {"service": "clustr.sales.v1.AnalyticsService"},
        {"service": "clustr.sales.v1.SaleService", "method": "GetSale"},
        {"service": "clustr.sales.v1.SaleService", "method": "ListSales"},
        {"service": "clustr.sales.v1.TransactionService", "method": "GetTransaction"},
        {"service": "clustr.sales.v1.TransactionService", "method": "ListTransactions"}
      ],
      "retryPolicy": {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "1s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    }
  ]
})";

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

}  // namespace

Service Connect(std::string name, std::string address,
                const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMilliseconds);
  arguments.SetServiceConfigJSON(kServiceConfig);
  auto channel = grpc::CreateCustomChannel(address, credentials, arguments);
  return {std::move(name), std::move(address), std::move(channel)};
}

absl::Status ServiceError(const Service& service, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const std::string where = absl::StrCat(service.name, " at ", service.address);
  const bool is_other = status.error_code() == grpc::StatusCode::UNIMPLEMENTED;
  const std::string refusal = absl::StrCat(
      where, ": ",
      is_other ? "has no such call, so it is another service or an older version; check its address"
               : status.error_message(),
      " (", CodeName(status.error_code()), ")");
  switch (status.error_code()) {
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return absl::ResourceExhaustedError(refusal);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::FailedPreconditionError(
          absl::StrCat(refusal, "; allow more time with --timeout=SECONDS"));
    case grpc::StatusCode::UNAVAILABLE:
      if (RefusedByService(status)) return absl::UnavailableError(refusal);
      return absl::UnavailableError(absl::StrCat(
          where, " cannot be reached: ", status.error_message(), ". Start it with `clustr-",
          service.name, " --listen=", service.address, "`, or give its address with --",
          service.name, "=HOST:PORT or CLUSTR_", absl::AsciiStrToUpper(service.name)));
    default:
      return absl::FailedPreconditionError(refusal);
  }
}

bool RefusedByService(const grpc::Status& status) { return !status.error_details().empty(); }

void SetTimeout(double seconds, grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::microseconds(static_cast<int64_t>(seconds * 1e6)));
}

grpc::Status RetryWhileUnavailable(double timeout_seconds,
                                   absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) {
  auto pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    SetTimeout(timeout_seconds, &context);
    grpc::Status status = call(&context);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || attempt == kMaxAttempts) {
      return status;
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace clustr::ctl
