#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_SERVICES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_SERVICES_H_

#include <string>
#include <vector>

#include "clustr/ops/v1/backup.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/print/text_table.h"

// What `backup` and `restore` share.
namespace clustr::ctl {

// The flag --only=catalog|sales.
void DefineOnlyFlag(FlagSet* flags, std::string* only);

// The services that have backups, or the one that --only names.
std::vector<const Service*> ServicesOf(const Context& context, const std::string& only,
                                       bool sales_first);

// The share of the rows of a backup that is done, 0 to 1.
double ShareOf(int64_t rows, const ops::v1::BackupHeader& header);

// A line for each service: what is in the backup, or was restored.
class BackupTable {
 public:
  void Add(const ops::v1::BackupHeader& header, const ops::v1::BackupEnd& end, double seconds);
  // As a table, or each service as JSON.
  void Print(const Context& context) const;

 private:
  TextTable table_{
      {{"SERVICE", Align::kLeft}, {"REVISION"}, {"ROWS"}, {"ROWS/S"}, {"DIGEST", Align::kLeft}}};
  std::vector<ops::v1::BackupContent> parts_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_BACKUP_SERVICES_H_
