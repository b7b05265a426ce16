#ifndef CLUSTR_COMMON_RESOURCE_IMPORTER_H_
#define CLUSTR_COMMON_RESOURCE_IMPORTER_H_

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clustr/common/v1/import.pb.h"
#include "common/base/status_macros.h"
#include "common/resource/row_faults.h"
#include "common/resource/row_field.h"
#include "common/resource/row_writer.h"
#include "common/rpc/stream_in.h"
#include "common/schema/annotations.h"
#include "common/schema/validator.h"
#include "common/schema/wire/entry_limits.h"

namespace clustr::resource {

// Prepares the batches of one import; owned by it.
template <class Request>
class ImportPreparation {
 public:
  virtual ~ImportPreparation() = default;
  // Makes the rules that the batch `request` is written with. Called on the pool, one batch at a
  // time and in order, so this is where to look up what the rows refer to: it does not hold up the
  // writer. Rows that `faults` refuses are not written. An error ends the import.
  virtual absl::StatusOr<std::unique_ptr<RowRules>> Prepare(const Request& request,
                                                            const RowFaults& faults) = 0;
};

// The preparation of an import whose rows refer to nothing outside of the database.
template <class Request>
class NoPreparation final : public ImportPreparation<Request> {
 public:
  explicit NoPreparation(MakeRowRules make_rules) : make_rules_(std::move(make_rules)) {}
  absl::StatusOr<std::unique_ptr<RowRules>> Prepare(const Request&, const RowFaults&) override {
    return make_rules_();
  }

 private:
  const MakeRowRules make_rules_;
};

// The row as an import reports it.
common::v1::RowError MakeRowError(int64_t row, int64_t id,
                                  const std::vector<Violation>& violations);

// Adds the refused rows of one batch to a summary, which keeps the first 100 in the order of rows.
void MergeErrors(std::vector<common::v1::RowError> errors, common::v1::ImportSummary* summary);

// Numbers of rows by RowOutcome.
using OutcomeCounts = std::array<int64_t, 4>;
void AddCounts(const OutcomeCounts& counts, common::v1::ImportSummary* summary);

// The violation of a row that has neither an id nor a key.
Violation NamelessRow(const storage::Table& table);

// Appends the required fields that `given` lacks if there is no stored row with its id: an invalid
// row that would be new reports everything that is wrong with it.
void CheckRequiredIfNew(const RowWriter& writer, storage::WriteContext& context,
                        const google::protobuf::Message& given, std::vector<Violation>* violations);

// A row that was completed ahead of the writer, in case it is new.
struct AheadRow {
  bool complete = false;              // False if required fields are missing.
  std::vector<Violation> violations;  // Found by RowRules::CompleteNew.
  std::vector<schema::Cell> cells;    // In the form that RowWriter::Insert takes.
};
// Completes `row`, a copy of what the caller sent. On any thread.
AheadRow CompleteAhead(const RowWriter& writer, RowRules& rules, google::protobuf::Message* row);

// An import of model M: rows are upserted one by one, and an invalid one is counted, reported and
// skipped. A row without an id stands for the stored row with the same key (schema::KeyFields),
// which an earlier row of the stream may have created, or else for a new row with the next id. Rows
// with an id cost no look-up by key. The first batch gives the settings of the whole stream:
// update_mask, validate_only. Ends with INVALID_ARGUMENT at wrong settings or too large a batch,
// and with UNAVAILABLE, reason UPSTREAM, at a row that could not be checked because another service
// was unreachable; the stream can then be sent again from the start.
template <class M, class Request, class Response>
class Importer final : public rpc::BatchSink<Request, Response> {
 public:
  using Sink = rpc::BatchSink<Request, Response>;
  using Batch = typename Sink::Batch;

  // Borrows the writer; owns the preparation.
  Importer(const RowWriter* writer, std::unique_ptr<ImportPreparation<Request>> preparation)
      : writer_(*writer), preparation_(std::move(preparation)) {}

  // See rpc::BatchSink.
  std::unique_ptr<Batch> NewBatch() override { return std::make_unique<Rows>(); }
  absl::Status Prepare(Batch& batch) override;
  absl::Status Write(storage::WriteContext& context, Batch& batch) override;
  void Committed(Batch& batch) override;
  bool validate_only() const override { return validate_only_; }
  absl::Status Answer(int64_t head, Response* response) override;

 private:
  struct Rows : Batch {
    int64_t first_row = 0;  // Place of its first row in the stream, from 1.
    RowFaults faults;
    std::unique_ptr<RowRules> rules;                 // May be nullptr.
    std::vector<AheadRow> ahead;                     // One for each row, or none at all.
    OutcomeCounts counts{};
    std::vector<common::v1::RowError> errors;
  };

  // Checks what holds for the message as a whole, and, with the first one, reads the settings.
  absl::Status CheckMessage(const Request& request);
  void CheckRows(Rows* rows) const;
  void CompleteRowsAhead(Rows* rows) const;
  // Writes row `i`, which is `given` once it is identified; `row` is scratch space.
  RowOutcome WriteRow(storage::WriteContext& context, Rows& rows, int i, const M& given, M* row,
                      std::vector<Violation>* violations) const;

  // `row`, or, if it has no id, a copy in `keyed` with the id of the stored row that has its key.
  const M& Identified(storage::WriteContext& context, const M& row, M* keyed) const;
  // True if `row` is new by its id alone. Most rows of an import are, and cost no look-up.
  bool IsBeyondAllIds(const storage::WriteContext& context, const M& row) const {
    return Id(row) != 0 && writer_.IsBeyondAllIds(context, Id(row));
  }
  int64_t Id(const M& row) const { return writer_.table().Id(row); }

  const RowWriter& writer_;
  const std::unique_ptr<ImportPreparation<Request>> preparation_;
  std::optional<schema::RowUpdate> update_;  // Set with the first batch, before any is written.
  std::atomic<bool> validate_only_{false};
  int64_t rows_seen_ = 0;
  common::v1::ImportSummary summary_;
};

// Before a batch is written, on the pool.

template <class M, class Request, class Response>
absl::Status Importer<M, Request, Response>::Prepare(Batch& batch) {
  auto& rows = static_cast<Rows&>(batch);
  CLUSTR_RETURN_IF_ERROR(CheckMessage(rows.request));
  rows.first_row = rows_seen_ + 1;
  rows_seen_ += RowCount<M>(rows.request);
  CheckRows(&rows);
  CLUSTR_ASSIGN_OR_RETURN(rows.rules, preparation_->Prepare(rows.request, rows.faults));
  if (rows.rules != nullptr && rows.rules->completes_new_rows()) CompleteRowsAhead(&rows);
  return absl::OkStatus();
}

template <class M, class Request, class Response>
absl::Status Importer<M, Request, Response>::CheckMessage(const Request& request) {
  std::vector<Violation> violations;
  if (!update_.has_value()) {
    validate_only_ = request.validate_only();
    schema::ValidatorOf<Request>().CheckSettings(request, &violations);
    update_.emplace(*M::descriptor(), request.update_mask(), "update_mask",
                    schema::RowUpdate::Kind::kImport, &violations);
  }
  const int max_rows = schema::FieldOptions(*RowField<M, Request>()).max_items();
  if (RowCount<M>(request) > max_rows) {
    violations.push_back({RowField<M, Request>()->name(),
                          schema::TooManyEntries(RowCount<M>(request), max_rows)});
  }
  return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
}

template <class M, class Request, class Response>
void Importer<M, Request, Response>::CheckRows(Rows* rows) const {
  rows->faults = RowFaults(RowCount<M>(rows->request));
  for (int i = 0; i < RowCount<M>(rows->request); ++i) {
    const M& row = RowAt<M>(rows->request, i);
    std::vector<Violation> violations;
    writer_.validator().Check(row, "", &violations);
    if (Id(row) == 0 && !writer_.HasKey(row)) violations.push_back(NamelessRow(writer_.table()));
    if (!violations.empty()) rows->faults.Refuse(i, std::move(violations));
  }
}

template <class M, class Request, class Response>
void Importer<M, Request, Response>::CompleteRowsAhead(Rows* rows) const {
  rows->ahead.resize(RowCount<M>(rows->request));
  for (int i = 0; i < RowCount<M>(rows->request); ++i) {
    M row = RowAt<M>(rows->request, i);
    if (Id(row) == 0 || rows->faults.IsRefused(i) || writer_.NamesByKey(row)) continue;
    rows->ahead[i] = CompleteAhead(writer_, *rows->rules, &row);
  }
}

// While it is written, on the writer thread.

template <class M, class Request, class Response>
absl::Status Importer<M, Request, Response>::Write(storage::WriteContext& context, Batch& batch) {
  auto& rows = static_cast<Rows&>(batch);
  std::vector<const google::protobuf::Message*> given_rows;
  for (int i = 0; i < RowCount<M>(rows.request); ++i) {
    given_rows.push_back(&RowAt<M>(rows.request, i));
  }
  writer_.Expect(context, rows.rules.get(), given_rows);
  M keyed;
  M row;
  for (int i = 0; i < RowCount<M>(rows.request); ++i) {
    if (rows.faults.IsRefused(i) && rows.faults.Find(i) == nullptr) {
      ++rows.counts[static_cast<int>(RowOutcome::kRefused)];
      continue;
    }
    const M& given = Identified(context, RowAt<M>(rows.request, i), &keyed);
    std::vector<Violation> violations;
    const RowOutcome outcome = WriteRow(context, rows, i, given, &row, &violations);
    ++rows.counts[static_cast<int>(outcome)];
    if (outcome != RowOutcome::kRefused) continue;
    for (const Violation& violation : violations) {
      if (violation.reason == common::v1::ERROR_REASON_UPSTREAM) return ViolationError({violation});
    }
    if (rows.errors.size() < RowFaults::kMaxReported) {
      rows.errors.push_back(MakeRowError(rows.first_row + i, Id(given), violations));
    }
  }
  if (rows.rules != nullptr) rows.rules->End(context);
  return absl::OkStatus();
}

template <class M, class Request, class Response>
RowOutcome Importer<M, Request, Response>::WriteRow(storage::WriteContext& context, Rows& rows,
                                                    int i, const M& given, M* row,
                                                    std::vector<Violation>* violations) const {
  if (const auto* faults = rows.faults.Find(i)) {
    *violations = *faults;
    CheckRequiredIfNew(writer_, context, given, violations);
    return RowOutcome::kRefused;
  }
  RowRules* const rules = rows.rules.get();
  if (!rows.ahead.empty() && rows.ahead[i].complete && IsBeyondAllIds(context, given)) {
    *violations = rows.ahead[i].violations;
    return writer_.Insert(context, rules, given, absl::MakeSpan(rows.ahead[i].cells), violations);
  }
  return writer_.Upsert(context, rules, *update_, given, "", row, violations);
}

template <class M, class Request, class Response>
const M& Importer<M, Request, Response>::Identified(storage::WriteContext& context, const M& row,
                                                    M* keyed) const {
  if (Id(row) != 0) return row;
  *keyed = row;
  schema::SetInt64(keyed, writer_.table().id_field(), writer_.FindByKey(context, row));
  return *keyed;
}

// Afterwards.

template <class M, class Request, class Response>
void Importer<M, Request, Response>::Committed(Batch& batch) {
  auto& rows = static_cast<Rows&>(batch);
  AddCounts(rows.counts, &summary_);
  MergeErrors(std::move(rows.errors), &summary_);
}

template <class M, class Request, class Response>
absl::Status Importer<M, Request, Response>::Answer(int64_t head, Response* response) {
  summary_.set_revision(head);
  *response->mutable_summary() = std::move(summary_);
  return absl::OkStatus();
}

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_IMPORTER_H_
