#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/measure.h"
#include "tests/bench/service/shop.h"

namespace clustr::bench {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ListAssociationRulesRequest;
using bundles::v1::ListAssociationRulesResponse;
using bundles::v1::Population;

constexpr size_t kSampledBaskets = 2'000;
constexpr uint64_t kSeed = 1;
// In smaller populations, a support of 0.005 is a handful of baskets, and most rules are chance.
constexpr double kLargePopulation = 10'000;
// Listings of all baskets, each with a different min lift, so that no answer is cached.
constexpr int kCallsOfEverything = 11;

// One call: its time, its population and its answer.
struct Listing {
  double milliseconds;
  double baskets;
  double rules;
};

// A quantile of one number over the listings of populations with at least `min_baskets` baskets.
double QuantileOf(double Listing::*number, double share, const std::vector<Listing>& listings,
                  double min_baskets = 0) {
  std::vector<double> values;
  for (const Listing& listing : listings) {
    if (listing.baskets >= min_baskets) values.push_back(listing.*number);
  }
  return Quantile(std::move(values), share);
}

// Sets each condition with even odds, to the value of a random customer or purchase of the shop, so
// that populations range from all baskets to a few hundred and are rarely requested twice.
Population RandomPopulation(const catalog::v1::Customer& customer,
                            const sales::v1::BasketChange& basket, Random& random) {
  const auto coin = [&] { return random() % 2 == 0; };
  Population population;
  if (coin()) population.add_genders(customer.gender());
  if (coin()) {
    const int width = 5 + static_cast<int>(random() % 30);
    population.set_min_age(std::max(0, customer.age() - width));
    population.set_max_age(std::min(150, customer.age() + width));
  }
  if (coin()) population.add_income_levels(customer.income_level());
  if (coin()) population.add_customer_segments(customer.customer_segment());
  if (coin()) population.add_channels(basket.channel());
  return population;
}

// Measures ListAssociationRules: one call after another, each over another population, and then
// over all baskets.
class RulesCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("catalog", "HOST:PORT", "customers are read from here", &catalog_);
    flags->Text("sales", "HOST:PORT", "purchases are read from here", &sales_);
    flags->Text("bundles", "HOST:PORT", "rules are listed here", &bundles_);
    flags->Double("min-support", "default 0.005", &min_support_);
    flags->Int64("calls", "maximum number of calls; default 200", &calls_);
    flags->Double("seconds", "maximum seconds to run; default 60", &seconds_);
  }

  absl::Status Run(Report* report) override {
    CLUSTR_ASSIGN_OR_RETURN(const auto customers, ReadCustomers(catalog_));
    CLUSTR_ASSIGN_OR_RETURN(const auto baskets, ReadBaskets(sales_, kSampledBaskets));
    stub_ = AssociationRuleService::NewStub(Connect(bundles_));
    Random random(kSeed);
    std::vector<Listing> listings;
    const auto begin = Clock::now();
    for (int64_t call = 0; call < calls_ && SecondsSince(begin) < seconds_; ++call) {
      ListAssociationRulesRequest request;
      *request.mutable_population() =
          RandomPopulation(AnyOf(customers, random), AnyOf(baskets, random), random);
      CLUSTR_ASSIGN_OR_RETURN(const Listing listing, List(std::move(request)));
      listings.push_back(listing);
    }
    std::vector<Listing> of_everything;
    for (int call = 1; call <= kCallsOfEverything; ++call) {
      ListAssociationRulesRequest request;
      request.mutable_thresholds()->set_min_lift(1 + 0.001 * call);
      CLUSTR_ASSIGN_OR_RETURN(const Listing listing, List(std::move(request)));
      of_everything.push_back(listing);
    }
    const auto slowest = std::max_element(
        listings.begin(), listings.end(),
        [](const Listing& a, const Listing& b) { return a.milliseconds < b.milliseconds; });
    if (slowest == listings.end()) return absl::InvalidArgumentError("--calls must be at least 1");
    report->Add("rules.calls", static_cast<double>(listings.size()), "calls");
    report->Add("rules.baskets", QuantileOf(&Listing::baskets, 0.5, listings),
                "baskets in the median population");
    report->Add("rules.rules", QuantileOf(&Listing::rules, 0.5, listings),
                "rules in the median answer");
    report->Add("rules.p50", QuantileOf(&Listing::milliseconds, 0.5, listings), "ms");
    report->Add("rules.p99", QuantileOf(&Listing::milliseconds, 0.99, listings), "ms");
    report->Add("rules.large.p99",
                QuantileOf(&Listing::milliseconds, 0.99, listings, kLargePopulation), "ms");
    report->Add("rules.everything.p50", QuantileOf(&Listing::milliseconds, 0.5, of_everything),
                "ms");
    report->Add("rules.slowest.baskets", slowest->baskets, "baskets in the slowest population");
    report->Add("rules.slowest.rules", slowest->rules, "rules in the slowest answer");
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Listing> List(ListAssociationRulesRequest request) const {
    request.mutable_thresholds()->set_min_support(min_support_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    ListAssociationRulesResponse response;
    const auto start = Clock::now();
    const grpc::Status status = stub_->ListAssociationRules(&context, request, &response);
    const double milliseconds = 1e3 * SecondsSince(start);
    if (!status.ok()) return rpc::FromGrpc(status);
    return Listing{milliseconds, static_cast<double>(response.provenance().basket_count()),
                   static_cast<double>(response.total_size())};
  }

  std::unique_ptr<AssociationRuleService::Stub> stub_;
  std::string catalog_;
  std::string sales_;
  std::string bundles_;
  double min_support_ = 0.005;
  int64_t calls_ = 200;
  double seconds_ = 60;
};

}  // namespace

std::unique_ptr<Command> MakeRulesCommand() { return std::make_unique<RulesCommand>(); }

}  // namespace clustr::bench
