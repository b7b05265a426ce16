#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATION_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATION_H_

#include "absl/status/statusor.h"
#include "tools/clustrctl/commands/backup/backup_stream.h"
#include "tools/clustrctl/services.h"

// The steps by which the rows of one server get to another. Nothing is kept between them: a server
// is restored as a whole or not at all, so whoever is interrupted begins again.
namespace clustr::ctl {

// What is to be done for one service.
enum class MigrationNeed {
  kCopy,     // The target is empty.
  kCompare,  // The target has as many rows at the same revision, so it may have them already.
};

// Asks both servers. FAILED_PRECONDITION, with the remedy, if the target is another service, is the
// source itself, or has or had rows that are not those of the source.
absl::StatusOr<MigrationNeed> NeedOf(const Service& source, const Service& target,
                                     double timeout_seconds);

// Copies all rows; tries again for some seconds if the end of an earlier attempt is still under way
// at one of the servers. FAILED_PRECONDITION, and the target stays empty, if the source was written
// to meanwhile.
absl::StatusOr<ReceivedBackup> CopyRows(const Service& source, const Service& target,
                                        double timeout_seconds);

// Reads all rows of a server, for the digest. Tries again as CopyRows does.
absl::StatusOr<ReceivedBackup> ReadRows(const Service& service);

// OK if the newest revision of a server is still this one; otherwise FAILED_PRECONDITION, without a
// remedy.
absl::Status CheckUnchanged(const Service& source, int64_t revision, double timeout_seconds);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATION_H_
