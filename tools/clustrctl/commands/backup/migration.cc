#include "tools/clustrctl/commands/backup/migration.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace clustr::ctl {

using ops::v1::AdminService;
using ops::v1::BackupChunk;
using ops::v1::GetStatusResponse;

namespace {

// A server notices within a second or two that the client of an earlier attempt is gone.
constexpr int kAttempts = 20;
constexpr auto kBetweenAttempts = std::chrono::milliseconds(500);

std::string Where(const Service& service) {
  return absl::StrCat(service.name, " at ", service.address);
}

absl::StatusOr<GetStatusResponse> StatusOf(const Service& service, double timeout_seconds) {
  const auto stub = AdminService::NewStub(service.channel);
  GetStatusResponse status;
  CLUSTR_RETURN_IF_ERROR(Call(service, &AdminService::Stub::GetStatus, *stub, timeout_seconds,
                              ops::v1::GetStatusRequest(), &status));
  if (status.service() == service.name) return status;
  return absl::FailedPreconditionError(absl::StrCat("at ", service.address, " is clustr-",
                                                    status.service(), ", not clustr-", service.name,
                                                    "; give another address"));
}

bool SameCounts(const GetStatusResponse& a, const GetStatusResponse& b) {
  return a.row_counts_size() == b.row_counts_size() &&
         std::all_of(a.row_counts().begin(), a.row_counts().end(), [&](const auto& count) {
           const auto other = b.row_counts().find(count.first);
           return other != b.row_counts().end() && other->second == count.second;
         });
}

// Runs an attempt again while it was refused only because another backup or restore is under way.
absl::StatusOr<ReceivedBackup> WithPatience(
    absl::FunctionRef<absl::StatusOr<ReceivedBackup>(bool* busy)> attempt) {
  for (int tried = 1;; ++tried) {
    bool busy = false;
    absl::StatusOr<ReceivedBackup> received = attempt(&busy);
    if (received.ok() || !busy || tried == kAttempts) return received;
    std::this_thread::sleep_for(kBetweenAttempts);
  }
}

// Whether a server refused a call because too many like it are under way.
bool RefusedForQuota(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  return std::any_of(details.details().begin(), details.details().end(), [](const auto& detail) {
    google::rpc::ErrorInfo info;
    return detail.UnpackTo(&info) && info.reason() == "QUOTA";
  });
}

// The same for a backup, which needs room for nothing.
bool IsBusy(const absl::Status& status, int64_t chunks) {
  return absl::IsResourceExhausted(status) && chunks == 0;
}

}  // namespace

absl::StatusOr<MigrationNeed> NeedOf(const Service& source, const Service& target,
                                     double timeout_seconds) {
  CLUSTR_ASSIGN_OR_RETURN(const GetStatusResponse from, StatusOf(source, timeout_seconds));
  CLUSTR_ASSIGN_OR_RETURN(const GetStatusResponse to, StatusOf(target, timeout_seconds));
  if (from.store_id() == to.store_id()) {
    return absl::FailedPreconditionError(
        absl::StrCat(Where(source), " and ", Where(target),
                     " have the same database; give the address of a server with an empty one"));
  }
  if (to.revision() == 0) return MigrationNeed::kCopy;
  if (from.revision() == to.revision() && SameCounts(from, to)) return MigrationNeed::kCompare;
  return absl::FailedPreconditionError(absl::StrCat(
      Where(target), " has or had other rows (its newest revision is ", to.revision(),
      ", and that of ", Where(source), " is ", from.revision(),
      "), and a migration does not replace any; start the target with a new --database"));
}

absl::Status CheckUnchanged(const Service& source, int64_t revision, double timeout_seconds) {
  CLUSTR_ASSIGN_OR_RETURN(const GetStatusResponse now, StatusOf(source, timeout_seconds));
  if (now.revision() == revision) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(Where(source), " was written to during the migration (revision ", revision,
                   " is now ", now.revision(), ")"));
}

absl::StatusOr<ReceivedBackup> CopyRows(const Service& source, const Service& target,
                                        double timeout_seconds) {
  return WithPatience([&](bool* busy) -> absl::StatusOr<ReceivedBackup> {
    const auto stub = AdminService::NewStub(target.channel);
    grpc::ClientContext rpc;
    ops::v1::RestoreResponse response;
    const auto writer = stub->Restore(&rpc, &response);
    // The last chunk, which is the end of the backup, goes only if the source is still as it was.
    std::optional<ops::v1::RestoreRequest> held;
    int64_t chunks = 0;
    bool target_ended = false;
    const auto pass_on = [&] {
      target_ended = held.has_value() && !writer->Write(*held);
      return !target_ended;
    };
    absl::StatusOr<ReceivedBackup> received = ReceiveBackup(
        source, absl::StrCat("migration of ", source.name), [&](const BackupChunk& chunk) {
          ++chunks;
          if (!pass_on()) return absl::AbortedError("the target ended the restore");
          *held.emplace().mutable_chunk() = chunk;
          return absl::OkStatus();
        });
    absl::Status status = received.status();
    *busy = IsBusy(status, chunks);
    if (status.ok()) {
      status = CheckUnchanged(source, received->header.revision(), timeout_seconds);
      if (absl::IsFailedPrecondition(status)) {
        status = absl::FailedPreconditionError(
            absl::StrCat(status.message(), "; nothing of it was kept at ", target.address,
                         "; stop what writes to the source, then migrate again"));
      }
    }
    if (status.ok() && pass_on()) {
      writer->WritesDone();
    } else if (!target_ended) {
      rpc.TryCancel();
    }
    const grpc::Status finished = writer->Finish();
    if (target_ended || status.ok()) {
      *busy = RefusedForQuota(finished);
      CLUSTR_RETURN_IF_ERROR(ServiceError(target, finished));
    }
    CLUSTR_RETURN_IF_ERROR(status);
    return received;
  });
}

absl::StatusOr<ReceivedBackup> ReadRows(const Service& service) {
  return WithPatience([&](bool* busy) {
    int64_t chunks = 0;
    auto received = ReceiveBackup(service, absl::StrCat("comparison of ", service.name),
                                  [&](const BackupChunk&) {
                                    ++chunks;
                                    return absl::OkStatus();
                                  });
    *busy = IsBusy(received.status(), chunks);
    return received;
  });
}

}  // namespace clustr::ctl
