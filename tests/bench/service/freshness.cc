#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/load.h"
#include "tests/bench/service/measure.h"
#include "tests/bench/service/purchase_maker.h"

namespace clustr::bench {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ExplainAssociationRuleRequest;
using bundles::v1::ExplainAssociationRuleResponse;
using sales::v1::RecordPurchaseRequest;
using sales::v1::RecordPurchaseResponse;
using sales::v1::TransactionService;

// Measures the time from the acknowledgement of a purchase to a rule that counts it.
class FreshnessCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("catalog", "HOST:PORT", "customers and products are read from here", &catalog_);
    flags->Text("sales", "HOST:PORT", "purchases are recorded here", &sales_);
    flags->Text("bundles", "HOST:PORT", "rules are read here", &bundles_);
    flags->Double("rate", "purchases per second; default 1000", &rate_);
    flags->Int64("every", "check one in this many purchases; default 10", &every_);
    flags->Int64("connections", "default 4", &connections_);
    flags->Double("seconds", "default 10", &seconds_);
  }

  absl::Status Run(Report* report) override {
    CLUSTR_ASSIGN_OR_RETURN(PurchaseMaker maker, PurchaseMaker::Read(catalog_, kClients, kLines));
    const Stubs<TransactionService> sales(sales_, connections_);
    const Stubs<AssociationRuleService> bundles(bundles_, connections_);
    int64_t started = 0;
    const LoadResult purchases =
        bench::Run({kClients, rate_, seconds_}, [&](int client, Done done) {
          const bool ask = ++started % every_ == 0;
          StartCall<RecordPurchaseResponse>(
              maker.Next(client),
              [&](auto... call) { sales.of(client).async()->RecordPurchase(std::move(call)...); },
              [this, ask, client, &bundles, done = std::move(done)](
                  const grpc::Status& status, const RecordPurchaseResponse& purchase) {
                if (ask && status.ok()) {
                  Ask(bundles.of(client), purchase, done);
                } else {
                  done(status);
                }
              });
        });
    CLUSTR_RETURN_IF_ERROR(purchases.Usable());
    absl::MutexLock lock(&mutex_);
    report->Add("freshness.purchases_per_second", purchases.per_second(), "/s");
    report->Add("freshness.p50", Median(latencies_ms_), "ms");
    report->Add("freshness.p99", Quantile(latencies_ms_, 0.99), "ms");
    if (purchases.errors > 0) {
      report->Add("freshness.errors", static_cast<double>(purchases.errors), "failed");
    }
    return absl::OkStatus();
  }

 private:
  static constexpr int kClients = 64;
  static constexpr int kLines = 5;

  // Requests a rule between two products of the purchase, as of the revision of the purchase.
  void Ask(AssociationRuleService::Stub& stub, const RecordPurchaseResponse& purchase,
           const Done& done) {
    const auto acknowledged = Clock::now();
    const int64_t revision = purchase.revision();
    ExplainAssociationRuleRequest request;
    request.add_antecedents(purchase.sales(0).product_sku());
    request.add_consequents(purchase.sales(1).product_sku());
    request.set_min_sales_revision(revision);
    StartCall<ExplainAssociationRuleResponse>(
        std::move(request),
        [&](auto... call) { stub.async()->ExplainAssociationRule(std::move(call)...); },
        [this, acknowledged, revision, done](const grpc::Status& status,
                                             const ExplainAssociationRuleResponse& answer) {
          const double latency_ms = 1e3 * SecondsSince(acknowledged);
          if (!status.ok()) return done(status);
          if (answer.provenance().sales_revision() < revision || answer.rule().count_ab() < 1) {
            return done({grpc::StatusCode::DATA_LOSS,
                         absl::StrCat("revision ", revision, " is acknowledged but not counted")});
          }
          {
            absl::MutexLock lock(&mutex_);
            latencies_ms_.push_back(latency_ms);
          }
          done(status);
        });
  }

  std::string catalog_;
  std::string sales_;
  std::string bundles_;
  double rate_ = 1000;
  int64_t every_ = 10;
  int64_t connections_ = 4;
  double seconds_ = 10;
  absl::Mutex mutex_;
  std::vector<double> latencies_ms_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Command> MakeFreshnessCommand() { return std::make_unique<FreshnessCommand>(); }

}  // namespace clustr::bench
