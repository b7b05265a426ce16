#include "tools/clustrctl/commands/backup/backup_stream.h"

#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/backup/backup_check.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_services.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {

absl::StatusOr<ReceivedBackup> ReceiveBackup(
    const Service& service, const std::string& label,
    absl::FunctionRef<absl::Status(const ops::v1::BackupChunk&)> take) {
  const auto stub = ops::v1::AdminService::NewStub(service.channel);
  grpc::ClientContext rpc;
  const auto reader = stub->Backup(&rpc, ops::v1::BackupRequest());
  backup::BackupCheck check;
  Progress progress(label);
  ops::v1::BackupResponse response;
  absl::Status status;
  while (status.ok() && reader->Read(&response)) {
    status = check.Next(response.chunk()).status();
    if (status.ok()) status = take(response.chunk());
    progress.Update(check.rows(), ShareOf(check.rows(), check.header()));
  }
  const double seconds = progress.Finish();
  if (!status.ok()) rpc.TryCancel();
  const grpc::Status finished = reader->Finish();
  CLUSTR_RETURN_IF_ERROR(status);
  CLUSTR_RETURN_IF_ERROR(ServiceError(service, finished));
  CLUSTR_RETURN_IF_ERROR(check.Complete());
  return ReceivedBackup{check.header(), check.end(), seconds};
}

}  // namespace clustr::ctl
