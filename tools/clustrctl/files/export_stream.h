#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "tools/clustrctl/files/table_file.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// Writes all rows of the server stream that `open(&context, request)` starts, beginning with
// `request`, to `writer`: a RowWriter, or what has its Write and rows(). A stream that breaks
// because the service is unavailable goes on behind the last id written, up to five times in a row
// without a new row.
template <class Request, class Response, class Open, class Writer>
absl::Status ReceiveRows(const Service& service, Open open, Writer* writer, Request request = {}) {
  constexpr int kTries = 5;
  constexpr auto kFirstPause = std::chrono::milliseconds(200);
  const auto* rows = RowsField(*Response::descriptor());
  const auto* id = schema::IdField(*rows->message_type());
  const auto* after = Request::descriptor()->FindFieldByName("after_" + id->name());
  Progress progress(TableName(*rows->message_type()));
  Response response;
  auto pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    const auto stream = open(&context, request);
    while (stream->Read(&response)) {
      const int count = response.GetReflection()->FieldSize(response, rows);
      for (int i = 0; i < count; ++i) {
        const auto& row = response.GetReflection()->GetRepeatedMessage(response, rows, i);
        if (absl::Status status = writer->Write(row); !status.ok()) {
          context.TryCancel();
          (void)stream->Finish();
          return status;
        }
        if (i + 1 < count) continue;
        request.GetReflection()->SetInt64(&request, after, row.GetReflection()->GetInt64(row, id));
        tries = 1;
        pause = kFirstPause;
      }
      progress.Update(writer->rows(), -1);
    }
    const absl::Status status = ServiceError(service, stream->Finish());
    if (!absl::IsUnavailable(status) || tries == kTries) return status;
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_EXPORT_STREAM_H_
