#include "tools/clustrctl/commands/backup/migrate.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_services.h"
#include "tools/clustrctl/commands/backup/migration.h"
#include "tools/clustrctl/connecting_command.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

class MigrateCommand : public ConnectingCommand {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Text("to-catalog", "HOST:PORT", "address of the catalog that gets the rows",
                &to_catalog_);
    flags->Text("to-sales", "HOST:PORT", "address of the sales that gets the rows", &to_sales_);
    DefineOnlyFlag(flags, &only_);
  }

  void UseCredentials(std::shared_ptr<grpc::ChannelCredentials> credentials) override {
    credentials_ = std::move(credentials);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(
        arguments, 0, 0, "clustrctl migrate --to-catalog=HOST:PORT --to-sales=HOST:PORT"));
    CLUSTR_ASSIGN_OR_RETURN(std::vector<Job> jobs, JobsOf(context));
    // Both are asked before the first is changed.
    for (Job& job : jobs) {
      CLUSTR_ASSIGN_OR_RETURN(job.need, NeedOf(*job.source, job.target, context.timeout_seconds));
      context.err << job.source->name << ": "
                  << (job.need == MigrationNeed::kCopy ? "all rows go from "
                                                       : "was migrated before; compares ")
                  << job.source->address << (job.need == MigrationNeed::kCopy ? " to " : " with ")
                  << job.target.address << std::endl;
    }
    for (Job& job : jobs) {
      if (job.need != MigrationNeed::kCopy) continue;
      CLUSTR_ASSIGN_OR_RETURN(job.sent, CopyRows(*job.source, job.target, context.timeout_seconds));
      context.err << job.source->name << ": " << WithSeparators(job.sent.end.row_count())
                  << " rows are at " << job.target.address << std::endl;
    }
    return Compare(&jobs, context);
  }

 private:
  struct Job {
    const Service* source;
    Service target;
    MigrationNeed need = MigrationNeed::kCopy;
    ReceivedBackup sent = {};
  };

  absl::StatusOr<std::vector<Job>> JobsOf(const Context& context) const {
    std::vector<Job> jobs;
    // Catalog first, so that sales finds what its purchases refer to.
    for (const Service* source : ServicesOf(context, only_, /*sales_first=*/false)) {
      const std::string& to = source->name == "catalog" ? to_catalog_ : to_sales_;
      if (to.empty()) {
        return absl::InvalidArgumentError(absl::StrCat(
            "--to-", source->name, " is missing; give the address of the empty ", source->name,
            " that gets the rows, or --only=", source->name == "catalog" ? "sales" : "catalog"));
      }
      jobs.push_back({source, Connect(source->name, to, credentials_)});
    }
    return jobs;
  }

  // Reads both sides, and tells whether they hold the same.
  static absl::StatusOr<ExitCode> Compare(std::vector<Job>* jobs, const Context& context) {
    BackupTable table;
    std::vector<std::string> names;
    std::vector<std::string> differ;
    for (Job& job : *jobs) {
      names.push_back(job.source->name);
      const bool copied = job.need == MigrationNeed::kCopy;
      if (!copied) {
        CLUSTR_ASSIGN_OR_RETURN(job.sent, ReadRows(*job.source));
      }
      CLUSTR_ASSIGN_OR_RETURN(const ReceivedBackup got, ReadRows(job.target));
      table.Add(got.header, got.end, copied ? job.sent.seconds : got.seconds);
      if (job.sent.end.data_sha256() != got.end.data_sha256()) {
        differ.push_back(
            absl::StrCat(job.source->name, " at ", job.source->address, " has the digest ",
                         absl::BytesToHexString(job.sent.end.data_sha256()), ", and at ",
                         job.target.address, " ", absl::BytesToHexString(got.end.data_sha256())));
      }
    }
    table.Print(context);
    for (const Job& job : *jobs) {
      const absl::Status unchanged =
          CheckUnchanged(*job.source, job.sent.header.revision(), context.timeout_seconds);
      if (!unchanged.ok()) differ.push_back(absl::StrCat(unchanged.message()));
    }
    if (!differ.empty()) {
      context.err << "clustrctl migrate: the two sides differ: " << absl::StrJoin(differ, "; ")
                  << "; stop what writes to them, start the target with a new --database, and "
                     "migrate again"
                  << std::endl;
      return ExitCode::kRowsFailedOrDiffers;
    }
    if (!context.json) {
      context.out << "the same on both sides: " << absl::StrJoin(names, ", ") << '\n';
    }
    return ExitCode::kOk;
  }

  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::string to_catalog_;
  std::string to_sales_;
  std::string only_;
};

}  // namespace

std::unique_ptr<Command> MakeMigrateCommand() { return std::make_unique<MigrateCommand>(); }

}  // namespace clustr::ctl
