#ifndef CLUSTR_COMMON_RESOURCE_IMPORTER_H_
#define CLUSTR_COMMON_RESOURCE_IMPORTER_H_

#include <algorithm>
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
#include "common/resource/row_writer.h"
#include "common/rpc/stream_in.h"
#include "common/schema/annotations.h"
#include "common/schema/validator.h"

namespace clustr::resource {

// Prepares the batches of one import; owned by it.
template <class Request>
class ImportPreparation {
 public:
  virtual ~ImportPreparation() = default;
  // Makes the rules that the batch `request` is written with. Called on the pool, one batch at a
  // time and in order, so this is where to look up what the rows refer to: it does not hold up the
  // writer. `violations` are those that each row has by itself; a row with any is not written. An
  // error ends the import.
  virtual absl::StatusOr<std::unique_ptr<RowRules>> Prepare(
      const Request& request, const std::vector<std::vector<Violation>>& violations) = 0;
};

// The preparation of an import whose rows refer to nothing outside of the database.
template <class Request>
class NoPreparation final : public ImportPreparation<Request> {
 public:
  explicit NoPreparation(MakeRowRules make_rules) : make_rules_(std::move(make_rules)) {}
  absl::StatusOr<std::unique_ptr<RowRules>> Prepare(
      const Request&, const std::vector<std::vector<Violation>>&) override {
    return make_rules_();
  }

 private:
  const MakeRowRules make_rules_;
};

// Adds refusals of one batch to a summary; the first 100 by row are kept.
void MergeErrors(std::vector<common::v1::RowError> errors, common::v1::ImportSummary* summary);

// Violations of a row as an import reports them.
common::v1::RowError MakeRowError(int64_t row, int64_t id,
                                  const std::vector<Violation>& violations);

// An import of model M: rows are upserted one by one; a bad one is counted, reported and skipped. A
// row without an id is the stored one that has its key (schema::KeyFields), an earlier row of the
// same stream included, or else a new one that gets the next id. Rows with an id cost no look-up.
template <class M, class Request, class Response>
class Importer final : public rpc::BatchSink<Request, Response> {
 public:
  using Sink = rpc::BatchSink<Request, Response>;

  // Borrows the writer; owns the preparation.
  Importer(const RowWriter* writer, std::unique_ptr<ImportPreparation<Request>> preparation)
      : writer_(*writer), preparation_(std::move(preparation)), rows_field_(FindRowsField()) {}

  std::unique_ptr<typename Sink::Batch> NewBatch() override { return std::make_unique<Rows>(); }

  absl::Status Prepare(typename Sink::Batch& batch) override {
    auto& rows = static_cast<Rows&>(batch);
    std::vector<Violation> violations;
    if (!update_.has_value()) {
      validate_only_ = rows.request.validate_only();
      schema::ValidatorOf<Request>().CheckSettings(rows.request, &violations);
      update_.emplace(*M::descriptor(), rows.request.update_mask(), "update_mask",
                      schema::RowUpdate::Kind::kImport, &violations);
    }
    const int most = schema::FieldOptions(*rows_field_).max_items();
    const int size = Size(rows.request);
    if (size > most) {
      violations.push_back(
          {rows_field_->name(), absl::StrCat(size, " entries; give at most ", most)});
    }
    if (!violations.empty()) return ViolationError(violations);
    rows.first_row = rows_seen_ + 1;
    rows_seen_ += size;
    rows.violations.resize(size);
    for (int i = 0; i < size; ++i) {
      const M& row = Row(rows.request, i);
      writer_.validator().Check(row, "", &rows.violations[i]);
      if (writer_.table().Id(row) == 0 && !writer_.HasKey(row)) {
        rows.violations[i].push_back(NamelessRow());
      }
    }
    CLUSTR_ASSIGN_OR_RETURN(rows.rules, preparation_->Prepare(rows.request, rows.violations));
    if (rows.rules == nullptr || !rows.rules->completes_new_rows()) return absl::OkStatus();
    rows.ahead.resize(size);
    for (int i = 0; i < size; ++i) {
      const M& row = Row(rows.request, i);
      const bool has_id = writer_.table().Id(row) != 0;
      if (has_id && rows.violations[i].empty())
        CompleteAhead(row, rows.rules.get(), &rows.ahead[i]);
    }
    return absl::OkStatus();
  }

  absl::Status Write(storage::WriteContext& context, typename Sink::Batch& batch) override {
    auto& rows = static_cast<Rows&>(batch);
    rows.counts = {};
    rows.errors.clear();
    RowRules* const rules = rows.rules.get();
    M row;
    M keyed;
    for (int i = 0; i < Size(rows.request); ++i) {
      const M& given = Identified(context, Row(rows.request, i), &keyed);
      std::vector<Violation> violations = rows.violations[i];
      RowOutcome outcome = RowOutcome::kRefused;
      if (!violations.empty()) {
        AddMissing(context, given, &violations);
      } else if (!rows.ahead.empty() && rows.ahead[i].complete && IsNew(context, given)) {
        violations = rows.ahead[i].violations;
        outcome =
            writer_.Insert(context, rules, given, absl::MakeSpan(rows.ahead[i].cells), &violations);
      } else {
        outcome = writer_.Upsert(context, rules, *update_, given, "", &row, &violations);
      }
      ++rows.counts[static_cast<int>(outcome)];
      if (outcome != RowOutcome::kRefused) continue;
      for (const Violation& violation : violations) {
        if (violation.reason == "UPSTREAM") return ViolationError({violation});
      }
      if (rows.errors.size() < kMaxErrors) {
        rows.errors.push_back(
            MakeRowError(rows.first_row + i, writer_.table().Id(given), violations));
      }
    }
    if (rules != nullptr) rules->End(context);
    return absl::OkStatus();
  }

  void Committed(typename Sink::Batch& batch) override {
    auto& rows = static_cast<Rows&>(batch);
    summary_.set_created_count(summary_.created_count() + rows.counts[0]);
    summary_.set_updated_count(summary_.updated_count() + rows.counts[1]);
    summary_.set_unchanged_count(summary_.unchanged_count() + rows.counts[2]);
    summary_.set_failed_count(summary_.failed_count() + rows.counts[3]);
    MergeErrors(std::move(rows.errors), &summary_);
  }

  bool validate_only() const override { return validate_only_; }

  absl::Status Answer(int64_t head, Response* response) override {
    summary_.set_revision(head);
    *response->mutable_summary() = std::move(summary_);
    return absl::OkStatus();
  }

 private:
  static constexpr size_t kMaxErrors = 100;

  // What a row stores if the writer finds that it is new.
  struct Ahead {
    bool complete = false;
    std::vector<Violation> violations;
    std::vector<schema::Cell> cells;
  };
  struct Rows : Sink::Batch {
    int64_t first_row = 0;
    std::vector<std::vector<Violation>> violations;  // Of each row.
    std::unique_ptr<RowRules> rules;                 // May be nullptr.
    std::vector<Ahead> ahead;                        // Of each row, or empty.
    std::array<int64_t, 4> counts{};                 // By RowOutcome.
    std::vector<common::v1::RowError> errors;
  };

  void CompleteAhead(const M& given, RowRules* rules, Ahead* ahead) const {
    M row = given;
    std::vector<Violation> missing;
    writer_.PrepareNew(&row, "", &missing);
    ahead->complete = missing.empty();
    if (!ahead->complete) return;
    rules->CompleteNew(&row, &ahead->violations);
    if (!ahead->violations.empty()) return;
    const std::vector<schema::Column>& columns = writer_.table().columns();
    const google::protobuf::Reflection& reflection = *row.GetReflection();
    ahead->cells.resize(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) {
      schema::ReadCell(row, reflection, columns[i], &ahead->cells[i]);
    }
  }

  Violation NamelessRow() const {
    std::string names;
    for (const auto* key : schema::KeyFields(*M::descriptor())) {
      absl::StrAppend(&names, " or its ", key->name());
    }
    return {writer_.table().id_field().name(),
            absl::StrCat("is required in an import; give the row's id", names)};
  }

  // `row`, or, where it has no id, a copy in `keyed` with the id of the stored row that has its
  // key.
  const M& Identified(storage::WriteContext& context, const M& row, M* keyed) const {
    if (writer_.table().Id(row) != 0) return row;
    *keyed = row;
    schema::SetInt64(keyed, writer_.table().id_field(), writer_.FindByKey(context, row));
    return *keyed;
  }

  // An id beyond all that ever were needs no look-up: that is most of an import.
  bool IsNew(const storage::WriteContext& context, const M& row) const {
    return writer_.table().Id(row) > context.LastId(writer_.table().name());
  }

  // A bad row that would be new is told of all that is wrong with it.
  void AddMissing(storage::WriteContext& context, const M& given,
                  std::vector<Violation>* violations) const {
    M stored;
    if (!writer_.table().Get(context.session(), writer_.table().Id(given), &stored)) {
      writer_.validator().CheckRequired(given, "", violations);
    }
  }

  static const google::protobuf::FieldDescriptor* FindRowsField() {
    const auto* descriptor = Request::descriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      if (descriptor->field(i)->message_type() == M::descriptor()) return descriptor->field(i);
    }
    return nullptr;
  }
  int Size(const Request& request) const {
    return request.GetReflection()->FieldSize(request, rows_field_);
  }
  const M& Row(const Request& request, int i) const {
    return static_cast<const M&>(
        request.GetReflection()->GetRepeatedMessage(request, rows_field_, i));
  }

  const RowWriter& writer_;
  const std::unique_ptr<ImportPreparation<Request>> preparation_;
  const google::protobuf::FieldDescriptor* const rows_field_;
  std::optional<schema::RowUpdate> update_;  // Made with the first batch, before any is written.
  std::atomic<bool> validate_only_{false};
  int64_t rows_seen_ = 0;
  common::v1::ImportSummary summary_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_IMPORTER_H_
