#include "common/resource/importer.h"

namespace clustr::resource {

namespace {
constexpr int kMaxReported = 100;
}  // namespace

common::v1::RowError MakeRowError(int64_t row, int64_t id,
                                  const std::vector<Violation>& violations) {
  common::v1::RowError error;
  error.set_row(row);
  error.set_id(id);
  for (const Violation& violation : violations) {
    common::v1::FieldViolation* told = error.add_violations();
    told->set_field(violation.field);
    told->set_description(violation.description);
    told->set_reason(std::string(ReasonName(violation.reason)));
  }
  return error;
}

void MergeErrors(std::vector<common::v1::RowError> errors, common::v1::ImportSummary* summary) {
  auto* all = summary->mutable_errors();
  for (common::v1::RowError& error : errors) *all->Add() = std::move(error);
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.row() < b.row(); });
  if (all->size() > kMaxReported) all->DeleteSubrange(kMaxReported, all->size() - kMaxReported);
}

}  // namespace clustr::resource
