#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_file.h"
#include "tools/clustrctl/commands/backup/backup_services.h"
#include "tools/clustrctl/commands/backup/backup_stream.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"

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
      CLUSTR_ASSIGN_OR_RETURN(
          const ReceivedBackup received,
          ReceiveBackup(*service, absl::StrCat("backup of ", service->name),
                        [&](const ops::v1::BackupChunk& chunk) { return file.Write(chunk); }));
      table.Add(received.header, received.end, received.seconds);
    }
    CLUSTR_RETURN_IF_ERROR(file.Close());
    table.Print(context);
    if (!context.json) {
      context.out << arguments[0] << ": " << Bytes(file.bytes()) << '\n';
    }
    return ExitCode::kOk;
  }

 private:
  std::string only_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeBackupCommand() { return std::make_unique<BackupCommand>(); }

}  // namespace clustr::ctl
