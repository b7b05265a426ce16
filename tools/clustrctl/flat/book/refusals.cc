#include "tools/clustrctl/flat/book/refusals.h"

#include <algorithm>
#include <utility>

namespace clustr::ctl {

using common::v1::RowError;

namespace {

constexpr size_t kReported = 100;
constexpr size_t kGroups = 50;

// A fault without the values that it names, so that equal faults are recognised.
std::string KindOf(const std::string& description) {
  std::string kind;
  bool quoted = false;
  for (const char c : description) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c < '0' || c > '9')) kind.push_back(c);
  }
  return kind;
}

void CutToFirst(std::vector<RowError>* errors) {
  std::stable_sort(errors->begin(), errors->end(),
                   [](const RowError& a, const RowError& b) { return a.row() < b.row(); });
  if (errors->size() > kReported) errors->resize(kReported);
}

}  // namespace

void Refusals::Add(RowError error) {
  absl::MutexLock lock(&mutex_);
  ++count_;
  AddToGroup(error);
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

void Refusals::AddToGroup(const RowError& error) {
  if (error.violations().empty()) return;
  const auto& violation = error.violations(0);
  const std::string key = violation.field() + '\0' + KindOf(violation.description());
  if (groups_.size() >= kGroups && !groups_.contains(key)) return;
  Group& group = groups_[key];
  ++group.count;
  if (group.first_row != 0 && group.first_row <= error.row()) return;
  group.first_row = error.row();
  group.field = violation.field();
  group.description = violation.description();
}

std::vector<Refusals::Group> Refusals::Groups() const {
  absl::MutexLock lock(&mutex_);
  std::vector<Group> groups;
  for (const auto& [key, group] : groups_) groups.push_back(group);
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.count != b.count ? a.count > b.count : a.first_row < b.first_row;
  });
  return groups;
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
