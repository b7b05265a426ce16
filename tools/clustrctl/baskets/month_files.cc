#include "tools/clustrctl/baskets/month_files.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/status_macros.h"

namespace clustr::ctl {
namespace {

constexpr size_t kHeldBytes = size_t{1} << 20;

std::string MonthOf(int32_t epoch_day) {
  return absl::FormatCivilTime(absl::CivilMonth(absl::CivilDay(1970, 1, 1) + epoch_day));
}

}  // namespace

absl::Status MonthFiles::Add(int32_t epoch_day, absl::string_view line) {
  const auto [it, is_new] = held_.try_emplace(MonthOf(epoch_day));
  absl::StrAppend(&it->second, line, "\n");
  return it->second.size() < kHeldBytes ? absl::OkStatus() : Append(it->first, &it->second);
}

absl::Status MonthFiles::Close() {
  for (auto& [month, lines] : held_) CLUSTR_RETURN_IF_ERROR(Append(month, &lines));
  return absl::OkStatus();
}

absl::Status MonthFiles::Append(const std::string& month, std::string* lines) const {
  const std::string folder = absl::StrCat(folder_, "/month=", month);
  const std::string path = folder + "/part-0.jsonl";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << *lines;
  file.close();
  if (error || !file) {
    return absl::DataLossError(
        absl::StrCat(path, ": cannot be written; check the disk and its permissions"));
  }
  lines->clear();
  return absl::OkStatus();
}

}  // namespace clustr::ctl
