#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_file.h"
#include "tools/clustrctl/commands/backup/backup_services.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

using ops::v1::AdminService;

class RestoreCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineOnlyFlag(flags, &only_);
    flags->Switch("check", "only checks that FILE is whole and undamaged; asks no server",
                  &check_only_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl restore FILE"));
    const std::string& path = arguments[0];
    BackupTable table;
    Progress reading("check of the file");
    CLUSTR_ASSIGN_OR_RETURN(const std::vector<BackupSection> sections,
                            CheckBackupFile(path, [&](double share) { reading.Update(0, share); }));
    const double seconds = reading.Finish();
    // Catalog first, so that sales finds what its purchases refer to.
    const auto services = ServicesOf(context, only_, /*sales_first=*/false);
    std::vector<std::pair<const Service*, const BackupSection*>> jobs;
    for (const Service* service : services) {
      const auto section = std::find_if(
          sections.begin(), sections.end(),
          [&](const BackupSection& one) { return one.header.service() == service->name; });
      if (section != sections.end()) jobs.emplace_back(service, &*section);
    }
    if (jobs.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": holds no backup of ", only_, "; leave out --only=", only_));
    }
    if (check_only_) {
      for (const auto& [service, section] : jobs) {
        table.Add(section->header, section->end, seconds);
      }
      table.Print(context);
      return ExitCode::kOk;
    }
    for (const auto& [service, section] : jobs)
      CLUSTR_RETURN_IF_ERROR(CheckEmpty(*service, context));
    for (const auto& [service, section] : jobs) {
      CLUSTR_RETURN_IF_ERROR(Send(*service, path, *section, &table));
    }
    table.Print(context);
    return ExitCode::kOk;
  }

 private:
  // So that nothing is restored if the second server would refuse.
  static absl::Status CheckEmpty(const Service& service, const Context& context) {
    const auto stub = AdminService::NewStub(service.channel);
    ops::v1::GetStatusResponse status;
    CLUSTR_RETURN_IF_ERROR(Call(service, &AdminService::Stub::GetStatus, *stub,
                                context.timeout_seconds, ops::v1::GetStatusRequest(), &status));
    if (status.revision() == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        service.name, " at ", service.address, " has or had rows (its newest revision is ",
        status.revision(), "), and a backup does not replace any; start it with a new --database"));
  }

  static absl::Status Send(const Service& service, const std::string& path,
                           const BackupSection& section, BackupTable* table) {
    const auto stub = AdminService::NewStub(service.channel);
    grpc::ClientContext rpc;
    ops::v1::RestoreResponse response;
    const auto writer = stub->Restore(&rpc, &response);
    Progress progress(absl::StrCat("restore of ", service.name));
    int64_t rows = 0;
    ops::v1::RestoreRequest request;
    const absl::Status read = ReadSection(path, section, [&](const ops::v1::BackupChunk& chunk) {
      *request.mutable_chunk() = chunk;
      rows += section.end.row_count() / std::max<int64_t>(section.chunks, 1);
      progress.Update(rows, ShareOf(rows, section.header));
      return writer->Write(request);
    });
    if (read.ok()) {
      writer->WritesDone();
    } else {
      rpc.TryCancel();
    }
    const grpc::Status finished = writer->Finish();
    const double seconds = progress.Finish();
    CLUSTR_RETURN_IF_ERROR(read);
    CLUSTR_RETURN_IF_ERROR(ServiceError(service, finished));
    table->Add(section.header, section.end, seconds);
    return absl::OkStatus();
  }

  std::string only_;
  bool check_only_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeRestoreCommand() { return std::make_unique<RestoreCommand>(); }

}  // namespace clustr::ctl
