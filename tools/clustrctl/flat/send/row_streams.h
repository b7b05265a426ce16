#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ROW_STREAMS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ROW_STREAMS_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "tools/clustrctl/files/export_stream.h"
#include "tools/clustrctl/files/table_file.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// Calls `each` for every row, filtered by `filter`, of the export that `open(&context, request)`
// starts. Resumes a broken stream as ReceiveRows does.
template <class Row, class Request, class Response, class Open>
absl::Status ForEachRow(const Service& service, const std::string& filter, Open open,
                        absl::FunctionRef<void(const Row&)> each);

// Sends rows over the import that `open(&context, &response)` starts. After UNAVAILABLE some of
// them may have been stored; it is safe to send all of them again.
template <class Request, class Response, class Row, class Open>
absl::Status SendRows(const Service& service, Open open, const std::vector<Row>& rows,
                      Response* response);

template <class Row, class Request, class Response, class Open>
absl::Status ForEachRow(const Service& service, const std::string& filter, Open open,
                        absl::FunctionRef<void(const Row&)> each) {
  struct Taker {
    absl::Status Write(const google::protobuf::Message& row) {
      each(static_cast<const Row&>(row));
      ++count;
      return absl::OkStatus();
    }
    int64_t rows() const { return count; }

    absl::FunctionRef<void(const Row&)> each;
    int64_t count = 0;
  } taker{each};
  Request request;
  request.set_filter(filter);
  return ReceiveRows<Request, Response>(service, open, &taker, std::move(request));
}

template <class Request, class Response, class Row, class Open>
absl::Status SendRows(const Service& service, Open open, const std::vector<Row>& rows,
                      Response* response) {
  // A row has at most four texts of at most 1 KiB, so a message stays below 4 MiB.
  constexpr size_t kBatch = 500;
  const auto* field = RowsField(*Request::descriptor());
  grpc::ClientContext context;
  const auto writer = open(&context, response);
  Request batch;
  for (size_t i = 0; i < rows.size(); i += kBatch) {
    batch.Clear();
    for (size_t k = i; k < std::min(i + kBatch, rows.size()); ++k) {
      batch.GetReflection()->AddMessage(&batch, field)->CopyFrom(rows[k]);
    }
    if (!writer->Write(batch)) break;
  }
  writer->WritesDone();
  return ServiceError(service, writer->Finish());
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ROW_STREAMS_H_
