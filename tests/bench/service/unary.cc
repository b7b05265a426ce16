#include <memory>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/load.h"
#include "tests/bench/service/measure.h"
#include "tests/bench/service/shop.h"

namespace clustr::bench {
namespace {

using bundles::v1::RecommendationService;
using catalog::v1::ProductService;
using ops::v1::AdminService;

constexpr char kGetProduct[] = "get-product";
constexpr char kRecommendProducts[] = "recommend-products";
constexpr char kHalf[] = "half";
constexpr size_t kSampledBaskets = 20'000;
constexpr size_t kBasketSize = 8;
constexpr double kWarmUpSeconds = 0.5;

// Results of repeated runs of one call.
struct Rounds {
  std::vector<double> per_second;
  std::vector<double> cpu_us;  // Of client and server, per call.
  LoadResult all;

  void Add(LoadResult result, double cpu_seconds) {
    per_second.push_back(result.per_second());
    if (result.operations > 0) cpu_us.push_back(1e6 * cpu_seconds / result.operations);
    all.operations += result.operations;
    all.seconds += result.seconds;
    if (all.errors == 0) all.first_error = result.first_error;
    all.errors += result.errors;
    all.latencies_ms.insert(all.latencies_ms.end(), result.latencies_ms.begin(),
                            result.latencies_ms.end());
  }
};

// Measures a unary read, alternating with the empty call, to show what our servers add to gRPC.
class UnaryCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("target", "NAME", "empty, get-product or recommend-products", &target_);
    flags->Text("empty", "HOST:PORT", "address of clustr-bench empty-server", &empty_);
    flags->Text("catalog", "HOST:PORT", "products are read from here", &catalog_);
    flags->Text("sales", "HOST:PORT", "baskets are read from here", &sales_);
    flags->Text("bundles", "HOST:PORT", "products are recommended by this server", &bundles_);
    flags->Int64("in-flight", "calls in flight at any time; default 64", &in_flight_);
    flags->Int64("connections", "number of connections; default 4", &connections_);
    flags->Int64("rounds", "rounds of the empty call and the target, alternating; default 5",
                 &rounds_);
    flags->Double("seconds", "seconds of each call in each round; default 5", &seconds_);
    flags->Text("rate", "N|half",
                "adds a run with this many calls per second by the clock, or half "
                "of what the rounds reached",
                &rate_);
    flags->Int64("empty-pid", "process id of the empty server, to measure its CPU", &empty_pid_);
    flags->Int64("target-pid", "process id of the target server, to measure its CPU", &target_pid_);
  }

  absl::Status Run(Report* report) override {
    double fixed_rate = 0;
    if (!rate_.empty() && rate_ != kHalf &&
        !(absl::SimpleAtod(rate_, &fixed_rate) && fixed_rate > 0)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--rate=", rate_, " is not a rate; give a number or half"));
    }
    CLUSTR_ASSIGN_OR_RETURN(const StartOperation empty, Empty());
    std::optional<StartOperation> target;
    if (target_ != "empty") {
      CLUSTR_ASSIGN_OR_RETURN(target, Target());
    }
    Rounds empty_rounds;
    Rounds target_rounds;
    std::vector<double> ratios;
    for (int64_t round = 0; round < rounds_; ++round) {
      RunOnce(empty, empty_pid_, round == 0, &empty_rounds);
      if (!target.has_value()) continue;
      RunOnce(*target, target_pid_, round == 0, &target_rounds);
      ratios.push_back(target_rounds.per_second.back() / empty_rounds.per_second.back());
    }
    CLUSTR_RETURN_IF_ERROR(AddRounds("empty", empty_rounds, report));
    if (target.has_value()) {
      CLUSTR_RETURN_IF_ERROR(AddRounds(target_, target_rounds, report));
      report->Add(target_ + ".of_empty", 100 * Median(ratios), "% of the empty call");
      report->Add(target_ + ".of_empty_by_cpu",
                  100 * Median(empty_rounds.cpu_us) / Median(target_rounds.cpu_us),
                  "% of the empty call");
    }
    if (rate_.empty()) return absl::OkStatus();
    const Rounds& measured = target.has_value() ? target_rounds : empty_rounds;
    const double rate = rate_ == kHalf ? Median(measured.per_second) / 2 : fixed_rate;
    const LoadResult paced =
        bench::Run({static_cast<int>(in_flight_), rate, seconds_}, target.value_or(empty));
    CLUSTR_RETURN_IF_ERROR(paced.Usable());
    AddFigures(target_ + ".paced", paced, report);
    return absl::OkStatus();
  }

 private:
  void RunOnce(const StartOperation& start, int64_t pid, bool first, Rounds* rounds) const {
    const int clients = static_cast<int>(in_flight_);
    if (first) bench::Run({clients, 0, kWarmUpSeconds}, start);
    const auto cpu = [&] {
      return CpuSeconds(0) + (pid > 0 ? CpuSeconds(static_cast<pid_t>(pid)) : 0);
    };
    const double before = cpu();
    LoadResult result = bench::Run({clients, 0, seconds_}, start);
    rounds->Add(std::move(result), cpu() - before);
  }

  static absl::Status AddRounds(const std::string& name, const Rounds& rounds, Report* report) {
    CLUSTR_RETURN_IF_ERROR(rounds.all.Usable());
    report->Add(name + ".per_second", Median(rounds.per_second), "/s");
    report->Add(name + ".p50", Median(rounds.all.latencies_ms), "ms");
    report->Add(name + ".p99", Quantile(rounds.all.latencies_ms, 0.99), "ms");
    report->Add(name + ".cpu", Median(rounds.cpu_us), "us per call");
    if (rounds.all.errors > 0) {
      report->Add(name + ".errors", static_cast<double>(rounds.all.errors), "failed");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<StartOperation> Empty() const {
    if (empty_.empty()) return absl::InvalidArgumentError("--empty is missing");
    auto stubs = std::make_shared<Stubs<AdminService>>(empty_, connections_);
    return StartOperation([stubs](int client, Done done) {
      StartCall<ops::v1::GetStatusResponse>(
          ops::v1::GetStatusRequest(),
          [&](auto... call) { stubs->of(client).async()->GetStatus(std::move(call)...); },
          [done = std::move(done)](const grpc::Status& status, const auto&) { done(status); });
    });
  }

  absl::StatusOr<StartOperation> Target() const {
    if (target_ == kGetProduct) return GetProduct();
    if (target_ == kRecommendProducts) return RecommendProducts();
    return absl::InvalidArgumentError(absl::StrCat(
        "--target=", target_, " is unknown; give empty, get-product or recommend-products"));
  }

  absl::StatusOr<StartOperation> GetProduct() const {
    CLUSTR_ASSIGN_OR_RETURN(const std::vector<int64_t> skus, ReadProductSkus(catalog_));
    auto stubs = std::make_shared<Stubs<ProductService>>(catalog_, connections_);
    return StartOperation(
        [stubs, skus, random = RandomOfClients(in_flight_)](int client, Done done) mutable {
          catalog::v1::GetProductRequest request;
          request.set_product_sku(AnyOf(skus, random[client]));
          StartCall<catalog::v1::GetProductResponse>(
              std::move(request),
              [&](auto... call) { stubs->of(client).async()->GetProduct(std::move(call)...); },
              [done = std::move(done)](const grpc::Status& status, const auto&) { done(status); });
        });
  }

  absl::StatusOr<StartOperation> RecommendProducts() const {
    CLUSTR_ASSIGN_OR_RETURN(const auto baskets, ReadBaskets(sales_, kSampledBaskets));
    std::vector<int64_t> sold;  // Each as often as in the baskets.
    for (const auto& basket : baskets) {
      sold.insert(sold.end(), basket.product_sku().begin(), basket.product_sku().end());
    }
    auto stubs = std::make_shared<Stubs<RecommendationService>>(bundles_, connections_);
    return StartOperation([stubs, sold = std::move(sold), random = RandomOfClients(in_flight_)](
                              int client, Done done) mutable {
      bundles::v1::RecommendProductsRequest request;
      for (const int64_t sku : DistinctOf(sold, kBasketSize, random[client])) {
        request.add_basket_skus(sku);
      }
      StartCall<bundles::v1::RecommendProductsResponse>(
          std::move(request),
          [&](auto... call) { stubs->of(client).async()->RecommendProducts(std::move(call)...); },
          [done = std::move(done)](const grpc::Status& status, const auto&) { done(status); });
    });
  }

  std::string target_ = "empty";
  std::string empty_;
  std::string catalog_;
  std::string sales_;
  std::string bundles_;
  std::string rate_;
  int64_t in_flight_ = 64;
  int64_t connections_ = 4;
  int64_t rounds_ = 5;
  double seconds_ = 5;
  int64_t empty_pid_ = 0;
  int64_t target_pid_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeUnaryCommand() { return std::make_unique<UnaryCommand>(); }

}  // namespace clustr::bench
