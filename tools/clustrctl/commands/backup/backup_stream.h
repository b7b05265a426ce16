#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_STREAM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_STREAM_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// A backup that was received as a whole.
struct ReceivedBackup {
  ops::v1::BackupHeader header;
  ops::v1::BackupEnd end;
  double seconds = 0;
};

// Makes a backup of a service and hands each chunk, once it is checked, to `take`, whose error ends
// it. Shows the progress after `label`. Holds one chunk in memory. The errors are those of `take`
// and of the service, and BACKUP_REFUSED for a backup that is damaged or not complete.
absl::StatusOr<ReceivedBackup> ReceiveBackup(
    const Service& service, const std::string& label,
    absl::FunctionRef<absl::Status(const ops::v1::BackupChunk&)> take);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_STREAM_H_
