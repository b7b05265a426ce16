#include "common/storage/system/broken_texts.h"

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/schema/text.h"

namespace clustr::storage {
namespace {

constexpr size_t kMaxRows = 1000;
constexpr size_t kMaxReported = 20;

}  // namespace

std::string BrokenTexts::Readable(absl::string_view table, int64_t id, absl::string_view column,
                                  const std::string& text) {
  if (schema::IsUtf8(text)) return text;
  Report(table, id, column);
  return schema::ReplaceInvalidUtf8(text);
}

void BrokenTexts::Report(absl::string_view table, int64_t id, absl::string_view column) {
  any_.store(true, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  const Row row(table, id);
  if (columns_.size() >= kMaxRows && columns_.count(row) == 0) {
    ++overflow_;
  } else if (columns_.emplace(row, column).second) {
    Log(LogLevel::kWarning, "damaged text",
        {{"table", table}, {"id", absl::StrCat(id)}, {"column", column}});
  }
}

void BrokenTexts::Forget(absl::string_view table, int64_t id) {
  if (!any_.load(std::memory_order_relaxed)) return;
  absl::MutexLock lock(&mutex_);
  columns_.erase(Row(table, id));
  if (columns_.empty()) overflow_ = 0;
}

int64_t BrokenTexts::count() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(columns_.size());
}

std::vector<std::string> BrokenTexts::Problems() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> problems;
  for (const auto& [row, column] : columns_) {
    if (problems.size() == kMaxReported) break;
    problems.push_back(absl::StrCat("row ", row.second, " of ", row.first, " has a damaged ",
                                    column,
                                    "; readers see U+FFFD in place of bytes that are not UTF-8, "
                                    "and 1970-01-01 in place of what is not a date; store the "
                                    "value again with an update"));
  }
  if (columns_.size() > kMaxReported || overflow_ > 0) {
    problems.push_back(absl::StrCat(columns_.size() - problems.size(), overflow_ > 0 ? " or" : "",
                                    " more rows have damaged texts; restore the "
                                    "database from a backup, or update these rows"));
  }
  return problems;
}

}  // namespace clustr::storage
