#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/backup/backup_check.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_file.h"
#include "tools/clustrctl/commands/backup/backup_services.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

class BackupCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineOnlyFlag(flags, &only_);
    flags->Switch("force", "replaces FILE if it exists", &force_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl backup FILE"));
    // Sales first: what its purchases refer to is then in the later state of catalog.
    const std::vector<const Service*> services = ServicesOf(context, only_, /*sales_first=*/true);
    std::vector<std::string> names;
    for (const Service* service : services) names.push_back(service->name);
    CLUSTR_ASSIGN_OR_RETURN(BackupFileWriter file,
                            BackupFileWriter::Create(arguments[0], force_, names));
    BackupTable table;
    for (const Service* service : services) {
      CLUSTR_RETURN_IF_ERROR(Receive(*service, &file, &table));
    }
    CLUSTR_RETURN_IF_ERROR(file.Close());
    table.Print(context);
    if (!context.json) {
      context.out << arguments[0] << ": " << Bytes(file.bytes()) << '\n';
    }
    return ExitCode::kOk;
  }

 private:
  static absl::Status Receive(const Service& service, BackupFileWriter* file, BackupTable* table) {
    const auto stub = ops::v1::AdminService::NewStub(service.channel);
    grpc::ClientContext rpc;
    const auto reader = stub->Backup(&rpc, ops::v1::BackupRequest());
    backup::BackupCheck check;
    Progress progress(absl::StrCat("backup of ", service.name));
    ops::v1::BackupResponse response;
    absl::Status status;
    while (status.ok() && reader->Read(&response)) {
      status = check.Next(response.chunk()).status();
      if (status.ok()) status = file->Write(response.chunk());
      progress.Update(check.rows(), ShareOf(check.rows(), check.header()));
    }
    const double seconds = progress.Finish();
    if (!status.ok()) rpc.TryCancel();
    const grpc::Status finished = reader->Finish();
    CLUSTR_RETURN_IF_ERROR(status);
    CLUSTR_RETURN_IF_ERROR(ServiceError(service, finished));
    CLUSTR_RETURN_IF_ERROR(check.Complete());
    table->Add(check.header(), check.end(), seconds);
    return absl::OkStatus();
  }

  std::string only_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeBackupCommand() { return std::make_unique<BackupCommand>(); }

}  // namespace clustr::ctl
