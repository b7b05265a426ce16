// Follows the purchases of a shop: prints every basket that was recorded or changed, and goes on
// where it stopped.
//
//   follow SALES POSITION_FILE [COUNT]     SALES as HOST:PORT; ends after COUNT baskets, or else
//   never
//
// The position is written after each batch that was printed. So this program may be stopped at any
// time, and the server restarted: no basket is lost, and at most the last batch is printed again.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "connect.h"
#include "grpcpp/grpcpp.h"

namespace {

using clustr::sales::v1::BasketChange;
using clustr::sales::v1::SalesStreamService;
using clustr::sales::v1::StreamSalesRequest;
using clustr::sales::v1::StreamSalesResponse;

constexpr auto kPause = std::chrono::milliseconds(500);  // After the connection was lost.

// Sets what to resume from; a file that is missing leaves 0, which is everything.
void Load(const std::string& path, StreamSalesRequest* request) {
  long long revision = 0;
  std::string store_id;
  std::ifstream(path) >> revision >> store_id;
  request->set_after_revision(revision);
  request->set_store_id(store_id);
}

// Replaces the file as a whole, so that a crash leaves the old position or the new one.
void Save(const std::string& path, const StreamSalesResponse& answer) {
  std::ofstream(path + ".new") << answer.revision() << ' ' << answer.store_id() << '\n';
  std::filesystem::rename(path + ".new", path);
}

void Show(const BasketChange& change) {
  std::cout << "basket " << change.transaction_id();
  if (change.deleted()) {
    std::cout << " was voided" << std::endl;
    return;
  }
  std::cout << " of customer " << change.customer_id() << ": ";
  for (int i = 0; i < change.product_sku_size(); ++i) {
    std::cout << (i == 0 ? "" : ", ") << change.quantity(i) << " x " << change.product_sku(i);
  }
  std::cout << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: follow SALES POSITION_FILE [COUNT]\n";
    return 2;
  }
  const std::string path = argv[2];
  const long long count = argc == 4 ? std::atoll(argv[3]) : 0;
  // Without keepalive, a server whose machine has gone away would never be noticed.
  grpc::ChannelArguments settings;
  settings.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  settings.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  const auto sales = SalesStreamService::NewStub(Connect(argv[1], settings));
  long long printed = 0;
  while (true) {
    StreamSalesRequest request;
    request.set_follow(true);
    Load(path, &request);
    grpc::ClientContext context;  // No deadline: the stream never ends by itself.
    const auto stream = sales->StreamSales(&context, request);
    StreamSalesResponse answer;
    while (stream->Read(&answer)) {
      for (const BasketChange& change : answer.changes()) Show(change);
      Save(path, answer);
      printed += answer.changes_size();
      if (count > 0 && printed >= count) {
        context.TryCancel();
        stream->Finish();
        return 0;
      }
    }
    const grpc::Status status = stream->Finish();
    if (status.error_code() == grpc::StatusCode::OUT_OF_RANGE) {
      // The server lost this history, for example by a restored backup: drop what was built, and
      // begin anew.
      std::cerr << "starting over: " << status.error_message() << "\n";
      std::filesystem::remove(path);
    } else if (!status.ok() && status.error_code() != grpc::StatusCode::UNAVAILABLE) {
      std::cerr << status.error_message() << "\n";
      return 1;
    }
    std::this_thread::sleep_for(kPause);
  }
}
