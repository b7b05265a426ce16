#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_

#include <chrono>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "tools/clustrctl/files/table_file.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// Writes all rows of the server stream that `open(&context, request)` starts to `writer`, which has
// the functions Write and rows() of RowWriter. If the stream breaks because the service is
// unavailable, it is resumed after the last id written, until five attempts in a row have brought
// no row. The first attempt sends `request`. An error of the writer cancels the call and is
// returned.
template <class Request, class Response, class Open, class Writer>
absl::Status ReceiveRows(const Service& service, Open open, Writer* writer, Request request = {});

// The rows in the responses of an export, and the field of its request that says where to resume.
// Immutable and thread-safe.
class ExportedRows {
 public:
  // `response` has a field of rows, and `request` a field `after_<id>` for the id of such a row.
  ExportedRows(const google::protobuf::Descriptor& request,
               const google::protobuf::Descriptor& response);

  const google::protobuf::Descriptor& row() const { return *rows_->message_type(); }
  int Count(const google::protobuf::Message& response) const;

  // Calls `write` for each row of `response`, then makes `request` resume after the last one.
  // Returns the first error of `write`.
  absl::Status Take(const google::protobuf::Message& response,
                    absl::FunctionRef<absl::Status(const google::protobuf::Message&)> write,
                    google::protobuf::Message* request) const;

 private:
  const google::protobuf::FieldDescriptor* rows_;
  const google::protobuf::FieldDescriptor* id_;
  const google::protobuf::FieldDescriptor* after_;
};

template <class Request, class Response, class Open, class Writer>
absl::Status ReceiveRows(const Service& service, Open open, Writer* writer, Request request) {
  constexpr int kMaxFailures = 5;
  constexpr auto kFirstPause = std::chrono::milliseconds(200);
  const ExportedRows rows(*Request::descriptor(), *Response::descriptor());
  Progress progress(TableName(rows.row()));
  Response response;
  for (int failures = 0;;) {
    grpc::ClientContext context;
    const auto stream = open(&context, request);
    while (stream->Read(&response)) {
      const auto write = [&](const google::protobuf::Message& row) { return writer->Write(row); };
      if (absl::Status status = rows.Take(response, write, &request); !status.ok()) {
        context.TryCancel();
        (void)stream->Finish();
        return status;
      }
      if (rows.Count(response) > 0) failures = 0;
      progress.Update(writer->rows(), -1);
    }
    const absl::Status status = ServiceError(service, stream->Finish());
    if (!absl::IsUnavailable(status) || ++failures == kMaxFailures) return status;
    std::this_thread::sleep_for(kFirstPause * (1 << (failures - 1)));
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_
