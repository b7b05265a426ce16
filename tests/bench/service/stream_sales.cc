#include <memory>

#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "services/bundles/index/shop_index.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {
namespace {

using sales::v1::BasketChange;
using sales::v1::SalesStreamService;
using sales::v1::StreamSalesResponse;

constexpr std::chrono::minutes kStreamTimeout{10};

index::Basket BasketOf(const BasketChange& change) {
  return {change.transaction_id(), change.customer_id(),
          change.epoch_day(),      change.channel(),
          change.payment_type(),   {change.product_sku().begin(), change.product_sku().end()}};
}

// Measures all sales from revision 0, read by a client that only counts and by one that indexes.
class StreamSalesCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("sales", "HOST:PORT", "sales are streamed from here", &sales_);
    flags->Int64("rounds", "rounds of counting and indexing, alternating; default 3", &rounds_);
  }

  absl::Status Run(Report* report) override {
    std::vector<double> counted;
    std::vector<double> indexed;
    double bytes_a_line = 0;
    int64_t lines = 0;
    for (int64_t round = 0; round < rounds_; ++round) {
      auto begin = Clock::now();
      CLUSTR_ASSIGN_OR_RETURN(lines, Read([](const StreamSalesResponse&) {}));
      counted.push_back(static_cast<double>(lines) / SecondsSince(begin));

      const int64_t bytes_before = ResidentBytes();
      index::ShopIndex shop;
      begin = Clock::now();
      CLUSTR_ASSIGN_OR_RETURN(lines, Read([&shop](const StreamSalesResponse& batch) {
                                for (const BasketChange& change : batch.changes()) {
                                  shop.PutBasket(BasketOf(change));
                                }
                              }));
      const auto snapshot = shop.Publish();
      indexed.push_back(static_cast<double>(lines) / SecondsSince(begin));
      if (lines == 0) return absl::FailedPreconditionError("sales is empty; import a shop first");
      bytes_a_line = static_cast<double>(ResidentBytes() - bytes_before) / lines;
    }
    report->Add("stream.lines", static_cast<double>(lines), "lines");
    report->Add("stream.counted", Median(counted), "lines/s");
    report->Add("stream.indexed", Median(indexed), "lines/s");
    report->Add("stream.index_bytes", bytes_a_line, "resident bytes per line");
    return absl::OkStatus();
  }

 private:
  // Passes each message of the whole stream to `take` and returns the number of lines.
  template <class Take>
  absl::StatusOr<int64_t> Read(const Take& take) const {
    const auto stub = SalesStreamService::NewStub(Connect(sales_));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kStreamTimeout);
    const auto reader = stub->StreamSales(&context, {});
    StreamSalesResponse batch;
    int64_t lines = 0;
    while (reader->Read(&batch)) {
      for (const BasketChange& change : batch.changes()) lines += change.product_sku_size();
      take(batch);
    }
    if (const grpc::Status status = reader->Finish(); !status.ok()) return rpc::FromGrpc(status);
    return lines;
  }

  std::string sales_;
  int64_t rounds_ = 3;
};

}  // namespace

std::unique_ptr<Command> MakeStreamSalesCommand() { return std::make_unique<StreamSalesCommand>(); }

}  // namespace clustr::bench
