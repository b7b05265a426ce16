#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/backup/chunk_chain.h"
#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/log.h"
#include "common/rpc/admin/backup_source.h"
#include "common/rpc/admin/restore_stream.h"
#include "common/rpc/admin/server_status.h"
#include "common/rpc/call.h"
#include "common/rpc/call_limits.h"
#include "common/rpc/server.h"
#include "common/rpc/stream_out.h"

namespace clustr::rpc {

using ops::v1::BackupRequest;
using ops::v1::BackupResponse;
using ops::v1::GetStatusRequest;
using ops::v1::GetStatusResponse;
using ops::v1::SetLogLevelRequest;
using ops::v1::SetLogLevelResponse;

namespace {

constexpr int64_t kMaxBackups = 2;
constexpr int64_t kMaxBytes = 1 << 20;  // Of requests, which are empty.
constexpr absl::Duration kMaxChunk = absl::Seconds(60);

// The service that every server offers about itself. Thread-safe; borrows the program.
class AdminService final : public ops::v1::AdminService::WithRawCallbackMethod_Restore<
                               ops::v1::AdminService::CallbackService> {
 public:
  explicit AdminService(std::shared_ptr<const ServerStatus> status);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const ops::v1::GetStatusRequest* request,
                                      ops::v1::GetStatusResponse* response) override;
  grpc::ServerWriteReactor<ops::v1::BackupResponse>* Backup(
      grpc::CallbackServerContext* context, const ops::v1::BackupRequest* request) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* Restore(grpc::CallbackServerContext* context,
                                                     grpc::ByteBuffer* response) override;

  grpc::ServerUnaryReactor* SetLogLevel(grpc::CallbackServerContext* context,
                                        const ops::v1::SetLogLevelRequest* request,
                                        ops::v1::SetLogLevelResponse* response) override;

 private:
  // OK if the program has a database of its own.
  absl::Status HasRows() const;

  const std::shared_ptr<const ServerStatus> status_;
  Program* const program_;
  BackupWatch backups_watch_;
  CallQueue chunks_;   // Of backups, one after the other.
  CallSlots backups_;  // Backups that are open.
  CallSlots restores_;
  PauseWatch restore_pauses_;
  const CallWatch call_watch_;
};

AdminService::AdminService(std::shared_ptr<const ServerStatus> status)
    : status_(std::move(status)),
      program_(&status_->program()),
      backups_watch_(BackupLimits()),
      chunks_({"backup-chunks", "chunks of backups", kMaxBackups, kMaxBytes}, 1, kMaxChunk,
              "try again when the disk is less busy"),
      backups_({"backups", "backups", kMaxBackups, kMaxBytes}),
      restores_({"restores", "restores", 1, kMaxBytes}),
      restore_pauses_(backups_watch_.limits().max_pause),
      call_watch_({&chunks_}, {}) {}

absl::Status AdminService::HasRows() const {
  if (program_->store() != nullptr) return absl::OkStatus();
  return backup::Refused(absl::StrCat(
      "clustr-", status_->name(),
      " owns no rows: it reads everything from sales and catalog again, so back up those. To "
      "keep its trained models, copy the folder that --models names"));
}

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const GetStatusRequest* request,
                                                  GetStatusResponse* response) {
  return BeginCall(context, request, response, [this](auto* call) {
    status_->Fill(&call->response());
    call->Reply(absl::OkStatus());
  });
}

grpc::ServerUnaryReactor* AdminService::SetLogLevel(grpc::CallbackServerContext* context,
                                                    const SetLogLevelRequest* request,
                                                    SetLogLevelResponse* response) {
  return BeginCall(context, request, response, [](auto* call) {
    const auto level = static_cast<LogLevel>(call->request().level() - ops::v1::LOG_LEVEL_INFO);
    const LogLevel previous = clustr::SetLogLevel(level);
    call->response().set_previous_level(
        static_cast<ops::v1::LogLevel>(static_cast<int>(previous) + ops::v1::LOG_LEVEL_INFO));
    Log(LogLevel::kWarning, "log_level_set",
        {{"from", LevelName(previous)}, {"to", LevelName(level)}});
    call->Reply(absl::OkStatus());
  });
}

grpc::ServerWriteReactor<BackupResponse>* AdminService::Backup(grpc::CallbackServerContext* context,
                                                               const BackupRequest* request) {
  return StreamOut<BackupRequest, BackupResponse>::Start(
      context, request, chunks_, backups_, /*pauses=*/nullptr,
      [this, context](const BackupRequest&) -> StreamOut<BackupRequest, BackupResponse>::Produce {
        if (absl::Status has = HasRows(); !has.ok()) {
          return [has](const Caller&, BackupResponse*) -> absl::StatusOr<bool> { return has; };
        }
        // The source goes before the context, which gRPC keeps until the stream is deleted.
        const auto source =
            std::make_shared<BackupSource>(program_->store(), CLUSTR_VERSION, &backups_watch_,
                                           [context] { context->TryCancel(); });
        return [source](const Caller&, BackupResponse* response) { return source->Next(response); };
      });
}

grpc::ServerReadReactor<grpc::ByteBuffer>* AdminService::Restore(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  const absl::Status has = HasRows();
  return new RestoreStream(*context, response, program_->store(),
                           has.ok() ? PlaceFor<ops::v1::RestoreRequest>(*context, restores_)
                                    : absl::StatusOr<CallSlots::Slot>(has),
                           backups_watch_.limits().max_pause, &restore_pauses_);
}

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(std::shared_ptr<const ServerStatus> status) {
  return std::make_unique<AdminService>(std::move(status));
}

}  // namespace clustr::rpc
