#include "tools/clustrctl/files/batch_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"

namespace clustr::ctl {

using common::v1::ImportSummary;
using common::v1::RowError;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Servers accept messages of up to 4 MiB, and a row takes at most three times its bytes in the
// file.
constexpr size_t kMaxBatchBytes = 1 << 20;
constexpr size_t kMaxErrors = 100;

}  // namespace

absl::StatusOr<bool> BatchReader::Fill(Message* request) {
  request->Clear();
  const FieldDescriptor* rows = RowsField(*request->GetDescriptor());
  const google::protobuf::Reflection& reflection = *request->GetReflection();
  const int max_rows = schema::FieldOptions(*rows).max_items();
  size_t bytes = 0;
  int count = 0;
  while (count < max_rows && bytes < kMaxBatchBytes) {
    RowError error;
    size_t row_bytes = 0;
    const absl::StatusOr<bool> found =
        file_.rows->Next(reflection.AddMessage(request, rows), &error, &row_bytes);
    if (!found.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat(file_.name, ": ", found.status().message()));
    }
    if (!*found || error.violations_size() > 0) reflection.RemoveLast(request, rows);
    if (!*found) break;
    if (error.violations_size() > 0) {
      Skip(std::move(error));
      continue;
    }
    bytes += row_bytes;
    ++count;
    ++rows_filled_;
  }
  return count > 0;
}

double BatchReader::share_read() const {
  if (file_.name.ends_with(".gz")) return -1;
  return static_cast<double>(file_.rows->bytes_read()) / static_cast<double>(file_.bytes);
}

void BatchReader::Skip(RowError error) {
  ++rows_skipped_;
  const int64_t next_row = rows_filled_ + 1;
  if (skipped_before_.empty() || skipped_before_.back().first != next_row) {
    skipped_before_.emplace_back(next_row, 0);
  }
  skipped_before_.back().second = rows_skipped_;
  if (errors_.size() < kMaxErrors) errors_.push_back(std::move(error));
}

int64_t BatchReader::FileRow(int64_t stream_row) const {
  const auto behind = std::upper_bound(
      skipped_before_.begin(), skipped_before_.end(), stream_row,
      [](int64_t row, const std::pair<int64_t, int64_t>& entry) { return row < entry.first; });
  return behind == skipped_before_.begin() ? stream_row : stream_row + std::prev(behind)->second;
}

void BatchReader::MergeInto(ImportSummary* summary) const {
  summary->set_failed_count(summary->failed_count() + rows_skipped_);
  auto* errors = summary->mutable_errors();
  for (RowError& error : *errors) error.set_row(FileRow(error.row()));
  errors->Add(errors_.begin(), errors_.end());
  std::stable_sort(errors->begin(), errors->end(),
                   [](const RowError& a, const RowError& b) { return a.row() < b.row(); });
  const int surplus = errors->size() - static_cast<int>(kMaxErrors);
  if (surplus > 0) errors->DeleteSubrange(kMaxErrors, surplus);
}

}  // namespace clustr::ctl
