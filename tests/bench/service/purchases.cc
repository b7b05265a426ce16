#include <memory>

#include "absl/random/random.h"
#include "absl/strings/str_format.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/load.h"
#include "tests/bench/service/measure.h"
#include "tests/bench/service/purchase_maker.h"

namespace clustr::bench {
namespace {

using sales::v1::TransactionService;

// Measures RecordPurchase. Only acknowledged purchases count, so all of them are durable.
class PurchasesCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("catalog", "HOST:PORT", "customers and products are read from here", &catalog_);
    flags->Text("sales", "HOST:PORT", "purchases are recorded here", &sales_);
    flags->Int64("clients", "default 64", &clients_);
    flags->Int64("connections", "default 4", &connections_);
    flags->Int64("lines", "lines per purchase; default 5", &lines_);
    flags->Double("seconds", "default 10", &seconds_);
    flags->Switch("request-id", "give each purchase its own request_id, as a checkout should",
                  &request_id_);
    flags->Int64("sales-pid", "process id of sales, to measure its CPU", &sales_pid_);
  }

  absl::Status Run(Report* report) override {
    const int clients = static_cast<int>(clients_);
    CLUSTR_ASSIGN_OR_RETURN(PurchaseMaker maker, PurchaseMaker::Read(catalog_, clients, lines_));
    const Stubs<TransactionService> stubs(sales_, connections_);
    absl::BitGen bits;  // Not seeded: a request_id of an earlier run would be replayed.
    const auto run_id = absl::Uniform<uint64_t>(bits);
    std::vector<int64_t> purchases_of(clients);
    const double cpu_before = CpuSeconds(static_cast<pid_t>(sales_pid_));
    const LoadResult result = bench::Run({clients, 0, seconds_}, [&](int client, Done done) {
      auto request = maker.Next(client);
      if (request_id_) {
        request.set_request_id(
            absl::StrFormat("%016x-%d-%d", run_id, client, ++purchases_of[client]));
      }
      StartCall<sales::v1::RecordPurchaseResponse>(
          std::move(request),
          [&](auto... call) { stubs.of(client).async()->RecordPurchase(std::move(call)...); },
          [done = std::move(done)](const grpc::Status& status, const auto&) { done(status); });
    });
    CLUSTR_RETURN_IF_ERROR(result.Usable());
    const std::string name = request_id_ ? "purchases.with_request_id" : "purchases";
    AddFigures(name, result, report);
    if (sales_pid_ > 0) {
      const double cpu = CpuSeconds(static_cast<pid_t>(sales_pid_)) - cpu_before;
      report->Add(name + ".cpu", 1e6 * cpu / static_cast<double>(result.operations),
                  "us per purchase in sales");
    }
    return absl::OkStatus();
  }

 private:
  std::string catalog_;
  std::string sales_;
  int64_t clients_ = 64;
  int64_t connections_ = 4;
  int64_t lines_ = 5;
  double seconds_ = 10;
  bool request_id_ = false;
  int64_t sales_pid_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakePurchasesCommand() { return std::make_unique<PurchasesCommand>(); }

}  // namespace clustr::bench
