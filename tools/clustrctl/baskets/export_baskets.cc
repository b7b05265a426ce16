#include "tools/clustrctl/baskets/export_baskets.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "grpcpp/client_context.h"
#include "tools/clustrctl/baskets/basket_line.h"
#include "tools/clustrctl/baskets/month_files.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

using sales::v1::SalesStreamService;
using sales::v1::StreamSalesRequest;
using sales::v1::StreamSalesResponse;

constexpr int kMaxFailures = 5;
constexpr auto kFirstPause = std::chrono::milliseconds(200);

absl::Status CannotWrite(const std::string& path) {
  return absl::DataLossError(
      absl::StrCat(path, ": cannot be written; check the disk and its permissions"));
}

// Takes the messages of the stream.
class Export {
 public:
  explicit Export(MonthFiles* files) : files_(*files) {}

  absl::Status Take(const StreamSalesResponse& message) {
    if (first_head_ < 0) first_head_ = message.head_revision();
    // Until something changes, no basket comes twice.
    if (message.head_revision() != first_head_) done_.changed_meanwhile = true;
    for (const auto& basket : message.changes()) {
      ++done_.line_count;
      CLUSTR_RETURN_IF_ERROR(files_.Add(basket.epoch_day(), BasketLine(basket, done_.line_count)));
    }
    done_.sales_revision = message.revision();
    done_.store_id = message.store_id();
    head_ = message.head_revision();
    return absl::OkStatus();
  }

  // A stream that goes on after the revision reached may send some baskets again.
  void Resume(StreamSalesRequest* request) {
    if (first_head_ < 0) return;
    done_.changed_meanwhile = true;
    request->set_after_revision(done_.sales_revision);
    request->set_store_id(done_.store_id);
  }

  bool complete() const { return done_.sales_revision == head_; }
  const ExportedBaskets& done() const { return done_; }

 private:
  MonthFiles& files_;
  ExportedBaskets done_;
  int64_t first_head_ = -1;
  int64_t head_ = 0;
};

absl::Status Receive(const Service& service, Export* baskets) {
  const auto stub = SalesStreamService::NewStub(service.channel);
  Progress progress("baskets");
  StreamSalesRequest request;
  StreamSalesResponse message;
  for (int failures = 0;;) {
    grpc::ClientContext context;
    const auto stream = stub->StreamSales(&context, request);
    while (stream->Read(&message)) {
      if (absl::Status status = baskets->Take(message); !status.ok()) {
        context.TryCancel();
        (void)stream->Finish();
        return status;
      }
      failures = 0;
      progress.Update(baskets->done().line_count, -1);
    }
    const absl::Status status = ServiceError(service, stream->Finish());
    if (status.ok() && baskets->complete()) return status;
    if ((!status.ok() && !absl::IsUnavailable(status)) || ++failures == kMaxFailures) {
      return status.ok()
                 ? absl::UnavailableError("sales ended its stream before the head; export again")
                 : status;
    }
    baskets->Resume(&request);
    std::this_thread::sleep_for(kFirstPause * (1 << (failures - 1)));
  }
}

absl::Status WriteManifest(const std::string& path, const ExportedBaskets& done) {
  std::ofstream file(path, std::ios::binary);
  file << absl::StrCat("{\"format\":\"clustr baskets 1\",\"sales_store_id\":\"", done.store_id,
                       "\",\"sales_revision\":", done.sales_revision,
                       ",\"lines\":", done.line_count,
                       ",\"changed_meanwhile\":", done.changed_meanwhile ? "true" : "false", "}\n");
  file.close();
  return file ? absl::OkStatus() : CannotWrite(path);
}

}  // namespace

absl::StatusOr<ExportedBaskets> ExportBaskets(const Service& sales, const std::string& folder) {
  const std::string path = folder + "/baskets";
  const std::string unfinished = path + ".unfinished";
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is there already; remove it, or give another folder"));
  }
  std::filesystem::remove_all(unfinished, error);
  std::filesystem::create_directories(unfinished, error);
  if (error) return CannotWrite(unfinished);
  MonthFiles files(unfinished);
  Export baskets(&files);
  CLUSTR_RETURN_IF_ERROR(Receive(sales, &baskets));
  CLUSTR_RETURN_IF_ERROR(files.Close());
  ExportedBaskets done = baskets.done();
  done.months = files.months();
  CLUSTR_RETURN_IF_ERROR(WriteManifest(path + ".json", done));
  std::filesystem::rename(unfinished, path, error);
  if (error) return CannotWrite(path);
  return done;
}

}  // namespace clustr::ctl
