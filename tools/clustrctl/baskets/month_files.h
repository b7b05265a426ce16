#ifndef CLUSTR_TOOLS_CLUSTRCTL_BASKETS_MONTH_FILES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_BASKETS_MONTH_FILES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clustr::ctl {

// Lines by month, in files FOLDER/month=YYYY-MM/part-0.jsonl: what Spark and its relatives read as
// a table with a column `month`. Holds up to 1 MiB of lines for each month, so that it needs no
// open file for each. Not thread-safe.
class MonthFiles {
 public:
  explicit MonthFiles(std::string folder) : folder_(std::move(folder)) {}

  // Adds a line, without its line feed, to the file of the month of this day, counted from
  // 1970-01-01. Both return DATA_LOSS, naming the file, if the disk is full or failing.
  absl::Status Add(int32_t epoch_day, absl::string_view line);
  // Writes what is still held. To be called once, at the end.
  absl::Status Close();

  int64_t months() const { return static_cast<int64_t>(held_.size()); }

 private:
  absl::Status Append(const std::string& month, std::string* lines) const;

  const std::string folder_;
  std::map<std::string, std::string> held_;  // By month.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_BASKETS_MONTH_FILES_H_
