#include "tools/clustrctl/commands/backup/backup_services.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

// Enough of a digest to compare two by eye.
constexpr size_t kShownBytes = 8;

}  // namespace

void DefineOnlyFlag(FlagSet* flags, std::string* only) {
  flags->Add("only", "catalog|sales", "only this service; default both",
             [only](std::string_view value) {
               *only = value;
               if (value == "catalog" || value == "sales") return std::string();
               if (value == "bundles") {
                 return std::string(
                     "bundles owns no rows and reads everything again from catalog and sales; give "
                     "catalog or sales");
               }
               return absl::StrCat("\"", *only, "\" is unknown; give catalog or sales");
             });
}

std::vector<const Service*> ServicesOf(const Context& context, const std::string& only,
                                       bool sales_first) {
  std::vector<const Service*> services = {&context.catalog, &context.sales};
  if (sales_first) std::reverse(services.begin(), services.end());
  if (!only.empty()) {
    services.erase(std::remove_if(services.begin(), services.end(),
                                  [&](const Service* service) { return service->name != only; }),
                   services.end());
  }
  return services;
}

double ShareOf(int64_t rows, const ops::v1::BackupHeader& header) {
  int64_t all = 0;
  for (const auto& [table, count] : header.row_counts()) all += count;
  return all == 0 ? 1 : std::min(1.0, static_cast<double>(rows) / static_cast<double>(all));
}

void BackupTable::Add(const ops::v1::BackupHeader& header, const ops::v1::BackupEnd& end,
                      double seconds) {
  table_.Add({header.service(), absl::StrCat(header.revision()), WithSeparators(end.row_count()),
              WithSeparators(static_cast<int64_t>(static_cast<double>(end.row_count()) / seconds)),
              absl::BytesToHexString(end.data_sha256().substr(0, kShownBytes))});
  ops::v1::BackupContent part;
  *part.mutable_header() = header;
  parts_.push_back(part);
  *part.mutable_end() = end;
  parts_.push_back(part);
}

void BackupTable::Print(const Context& context) const {
  if (!context.json) return table_.Print(context.out, context.width);
  for (const ops::v1::BackupContent& part : parts_) {
    if (part.has_header()) context.PrintJson(part.header());
    if (part.has_end()) context.PrintJson(part.end());
  }
}

}  // namespace clustr::ctl
