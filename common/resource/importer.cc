#include "common/resource/importer.h"

#include <algorithm>

namespace clustr::resource {

common::v1::RowError MakeRowError(int64_t row, int64_t id,
                                  const std::vector<Violation>& violations) {
  common::v1::RowError error;
  error.set_row(row);
  error.set_id(id);
  for (const Violation& violation : violations) {
    common::v1::FieldViolation* reported = error.add_violations();
    reported->set_field(violation.field);
    reported->set_description(violation.description);
    reported->set_reason(std::string(ReasonName(violation.reason)));
  }
  return error;
}

void MergeErrors(std::vector<common::v1::RowError> errors, common::v1::ImportSummary* summary) {
  auto* all = summary->mutable_errors();
  for (common::v1::RowError& error : errors) *all->Add() = std::move(error);
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.row() < b.row(); });
  constexpr int kMax = RowFaults::kMaxReported;
  if (all->size() > kMax) all->DeleteSubrange(kMax, all->size() - kMax);
}

void AddCounts(const OutcomeCounts& counts, common::v1::ImportSummary* summary) {
  const auto count = [&](RowOutcome outcome) { return counts[static_cast<int>(outcome)]; };
  summary->set_created_count(summary->created_count() + count(RowOutcome::kCreated));
  summary->set_updated_count(summary->updated_count() + count(RowOutcome::kUpdated));
  summary->set_unchanged_count(summary->unchanged_count() + count(RowOutcome::kUnchanged));
  summary->set_failed_count(summary->failed_count() + count(RowOutcome::kRefused));
}

Violation NamelessRow(const storage::Table& table) {
  std::string names;
  for (const auto* key : schema::KeyFields(table.model())) {
    absl::StrAppend(&names, " or its ", key->name());
  }
  return {table.id_field().name(),
          absl::StrCat("is required in an import; give the row's id", names)};
}

void CheckRequiredIfNew(const RowWriter& writer, storage::WriteContext& context,
                        const google::protobuf::Message& given,
                        std::vector<Violation>* violations) {
  const std::unique_ptr<google::protobuf::Message> stored(given.New());
  if (writer.table().Get(context.session(), writer.table().Id(given), stored.get())) return;
  writer.validator().CheckRequired(given, "", violations);
}

AheadRow CompleteAhead(const RowWriter& writer, RowRules& rules, google::protobuf::Message* row) {
  AheadRow ahead;
  std::vector<Violation> missing;
  writer.PrepareNew(row, "", &missing);
  ahead.complete = missing.empty();
  if (!ahead.complete) return ahead;
  rules.CompleteNew(row, &ahead.violations);
  if (!ahead.violations.empty()) return ahead;
  const std::vector<schema::Column>& columns = writer.table().columns();
  const google::protobuf::Reflection& reflection = *row->GetReflection();
  ahead.cells.resize(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    schema::ReadCell(*row, reflection, columns[i], &ahead.cells[i]);
  }
  return ahead;
}

}  // namespace clustr::resource
