#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "tests/bench/service/bundle_requests.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {
namespace {

using bundles::v1::RecommendationService;
using bundles::v1::RecommendBundlesRequest;
using bundles::v1::RecommendBundlesResponse;

constexpr size_t kSampledBaskets = 2'000;
constexpr size_t kCheapBasket = 3;
constexpr std::chrono::milliseconds kBetweenCheapCalls{5};

// Calls RecommendProducts again and again, as a cart page does, until it is destroyed.
class CheapCalls {
 public:
  CheapCalls(const std::string& bundles, const std::vector<int64_t>& skus, uint64_t seed)
      : thread_([this, bundles, skus, seed] { Call(bundles, skus, seed); }) {}
  ~CheapCalls() { Stop(); }

  // Ends the calls and returns their times in milliseconds.
  const std::vector<double>& Stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
    return milliseconds_;
  }
  int64_t errors() const { return errors_; }

 private:
  void Call(const std::string& bundles, const std::vector<int64_t>& skus, uint64_t seed) {
    const auto stub = RecommendationService::NewStub(Connect(bundles));
    Random random(seed);
    while (!stopped_) {
      bundles::v1::RecommendProductsRequest request;
      for (const int64_t sku : DistinctOf(skus, kCheapBasket, random)) {
        request.add_basket_skus(sku);
      }
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
      bundles::v1::RecommendProductsResponse response;
      const auto start = Clock::now();
      errors_ += stub->RecommendProducts(&context, request, &response).ok() ? 0 : 1;
      milliseconds_.push_back(1e3 * SecondsSince(start));
      std::this_thread::sleep_for(kBetweenCheapCalls);
    }
  }

  std::atomic<bool> stopped_{false};
  std::vector<double> milliseconds_;
  int64_t errors_ = 0;
  std::thread thread_;  // Last: it uses the others.
};

// Measures RecommendBundles with any mixture of bounds, one call after another, and the cheap calls
// that another client makes meanwhile.
class BundlesCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("catalog", "HOST:PORT", "customers and products are read from here", &catalog_);
    flags->Text("sales", "HOST:PORT", "purchases are read from here", &sales_);
    flags->Text("bundles", "HOST:PORT", "bundles are recommended by this server", &bundles_);
    flags->Int64("calls", "number of calls; default 1000", &calls_);
    flags->Int64("seed", "of the random requests; default 1", &seed_);
    flags->Double("show", "prints each request that takes longer, in ms; default 1000", &show_);
  }

  absl::Status Run(Report* report) override {
    CLUSTR_ASSIGN_OR_RETURN(const auto customers, ReadCustomers(catalog_));
    CLUSTR_ASSIGN_OR_RETURN(const auto skus, ReadProductSkus(catalog_));
    CLUSTR_ASSIGN_OR_RETURN(const auto baskets, ReadBaskets(sales_, kSampledBaskets));
    const auto stub = RecommendationService::NewStub(Connect(bundles_));
    const BundleRequests requests(customers, baskets, skus);
    Random random(static_cast<uint64_t>(seed_));
    std::vector<double> milliseconds;
    int64_t refused = 0;
    int64_t empty = 0;
    // The first call of all computes what the later ones share.
    double first = 0;
    CLUSTR_RETURN_IF_ERROR(Recommend(*stub, RecommendBundlesRequest(), &first, &empty, &refused));
    CheapCalls cheap(bundles_, skus, static_cast<uint64_t>(seed_) + 1);
    for (int64_t call = 0; call < calls_; ++call) {
      double took = 0;
      CLUSTR_RETURN_IF_ERROR(Recommend(*stub, requests.Any(random), &took, &empty, &refused));
      milliseconds.push_back(took);
    }
    const std::vector<double>& cheap_milliseconds = cheap.Stop();
    report->Add("bundles.first", first, "ms");
    report->Add("bundles.p50", Quantile(milliseconds, 0.5), "ms");
    report->Add("bundles.p99", Quantile(milliseconds, 0.99), "ms");
    report->Add("bundles.slowest", Quantile(milliseconds, 1), "ms");
    report->Add("bundles.empty", static_cast<double>(empty), "answers without a bundle");
    report->Add("bundles.refused", static_cast<double>(refused), "calls that take too many steps");
    report->Add("bundles.cheap.calls", static_cast<double>(cheap_milliseconds.size()), "calls");
    report->Add("bundles.cheap.errors", static_cast<double>(cheap.errors()), "failed");
    report->Add("bundles.cheap.p99", Quantile(cheap_milliseconds, 0.99), "ms");
    return absl::OkStatus();
  }

 private:
  absl::Status Recommend(RecommendationService::Stub& stub, const RecommendBundlesRequest& request,
                         double* milliseconds, int64_t* empty, int64_t* refused) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    RecommendBundlesResponse response;
    const auto start = Clock::now();
    const grpc::Status status = stub.RecommendBundles(&context, request, &response);
    *milliseconds = 1e3 * SecondsSince(start);
    if (*milliseconds > show_) {
      std::cerr << *milliseconds << " ms: " << request.ShortDebugString() << '\n';
    }
    *refused += status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ? 1 : 0;
    *empty += status.ok() && response.recommendations().empty() ? 1 : 0;
    if (status.ok() || status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      return absl::OkStatus();
    }
    return rpc::FromGrpc(status);
  }

  std::string catalog_;
  std::string sales_;
  std::string bundles_;
  int64_t calls_ = 1000;
  int64_t seed_ = 1;
  double show_ = 1000;
};

}  // namespace

std::unique_ptr<Command> MakeBundlesCommand() { return std::make_unique<BundlesCommand>(); }

}  // namespace clustr::bench
