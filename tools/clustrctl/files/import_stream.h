#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_IMPORT_STREAM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_IMPORT_STREAM_H_

#include <cstdint>
#include <future>
#include <string>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "tools/clustrctl/files/batch_reader.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// What the first message of an import says about all of it.
struct ImportSettings {
  bool validate_only = false;
  int64_t min_catalog_revision = 0;  // Ignored by imports without such a field.
};

// Sends a file over the client stream that `open(&context, &response)` starts. Reads each batch
// while the one before it is being written. If reading fails, the call is cancelled; batches sent
// until then may have been committed.
template <class Request, class Response, class Open>
absl::Status SendFile(const Service& service, const ImportSettings& settings, Open open,
                      BatchReader* reader, Response* response);

// Sets the settings, and the columns of the file as the mask, in the first message of an import.
template <class Request>
void FillSettings(const ImportSettings& settings, const TableFile& file, Request* first) {
  first->set_validate_only(settings.validate_only);
  for (const std::string& path : file.rows->MaskPaths()) {
    first->mutable_update_mask()->add_paths(path);
  }
  if constexpr (requires { first->set_min_catalog_revision(0); }) {
    first->set_min_catalog_revision(settings.min_catalog_revision);
  }
}

template <class Request, class Response, class Open>
absl::Status SendFile(const Service& service, const ImportSettings& settings, Open open,
                      BatchReader* reader, Response* response) {
  Request batches[2];
  CLUSTR_RETURN_IF_ERROR(reader->Fill(&batches[0]).status());
  FillSettings(settings, reader->file(), &batches[0]);
  Progress progress(reader->file().name);
  grpc::ClientContext context;
  const auto writer = open(&context, response);
  int current = 0;
  while (true) {
    progress.Update(reader->rows_filled(), reader->share_read());
    auto reading =
        std::async(std::launch::async, [&] { return reader->Fill(&batches[1 - current]); });
    const bool written = writer->Write(batches[current]);
    const absl::StatusOr<bool> more = reading.get();
    if (!more.ok()) {
      context.TryCancel();
      (void)writer->Finish();
      return more.status();
    }
    if (!written || !*more) break;
    current = 1 - current;
  }
  writer->WritesDone();
  return ServiceError(service, writer->Finish());
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_IMPORT_STREAM_H_
