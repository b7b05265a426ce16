#include "tools/clustrctl/flat/file/refusals.h"

#include <algorithm>
#include <utility>

namespace clustr::ctl {

using common::v1::RowError;

namespace {

constexpr size_t kReported = 100;

void CutToFirst(std::vector<RowError>* errors) {
  std::stable_sort(errors->begin(), errors->end(),
                   [](const RowError& a, const RowError& b) { return a.row() < b.row(); });
  if (errors->size() > kReported) errors->resize(kReported);
}

}  // namespace

void Refusals::Add(RowError error) {
  absl::MutexLock lock(&mutex_);
  ++count_;
  kept_.push_back(std::move(error));
  if (kept_.size() >= 2 * kReported) CutToFirst(&kept_);
}

void Refusals::Add(int64_t row, const std::string& field, const std::string& description) {
  RowError error;
  error.set_row(row);
  auto* violation = error.add_violations();
  violation->set_field(field);
  violation->set_description(description);
  Add(std::move(error));
}

int64_t Refusals::count() const {
  absl::MutexLock lock(&mutex_);
  return count_;
}

std::vector<RowError> Refusals::First() const {
  absl::MutexLock lock(&mutex_);
  std::vector<RowError> first = kept_;
  CutToFirst(&first);
  return first;
}

}  // namespace clustr::ctl
