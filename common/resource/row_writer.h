#ifndef CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_
#define CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"
#include "common/schema/field.h"
#include "common/schema/update.h"
#include "common/schema/validator.h"
#include "common/schema/value_rules.h"
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "google/protobuf/message.h"

namespace clustr::resource {

// The rules of one model that its .proto options cannot express, for the rows of one write: one
// call, or one batch of an import. What the write knows and the rules need (facts, counters) is
// given to the constructor and lives in this object, so nothing is left over for the next write.
// Used by one thread at a time; everything but CompleteNew runs on the writer thread.
class RowRules {
 public:
  virtual ~RowRules() = default;

  // Called once before the first of the rows of a batch, given as the caller sent them, so that the
  // rules can look up at once what they will need for each.
  virtual void Expect(storage::WriteContext& context,
                      absl::Span<const google::protobuf::Message* const> rows) {}

  // Turns the keys by which `row` names other rows (schema::ReferenceKeys) into their ids, for a
  // row that has any. Appends a violation for each that names no row, or another row than the id
  // that is also given. The keys themselves are never stored.
  virtual void Resolve(storage::WriteContext& context, google::protobuf::Message* row,
                       absl::string_view path, std::vector<Violation>* violations) {}

  // Completes `row`, whose single values are valid, before it is stored: fills the fields that the
  // server fills and appends violations that involve several fields or rows. `stored` is the row as
  // it is now, or nullptr for a new one; `given` holds the fields that the write takes from the
  // caller.
  virtual void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                        const google::protobuf::Message& given, google::protobuf::Message* row,
                        absl::string_view path, std::vector<Violation>* violations) = 0;

  // Complete for a new row, split in two so that an import can do most of it before the batch
  // reaches the writer thread: CompleteNew, on any thread, does what needs no other row, and Admit
  // does the rest. Rules that do not split return false here.
  virtual bool completes_new_rows() const { return false; }
  virtual void CompleteNew(google::protobuf::Message* row, std::vector<Violation>* violations) {}
  // `given` is the row as the caller sent it.
  virtual void Admit(storage::WriteContext& context, const google::protobuf::Message& given,
                     absl::string_view path, std::vector<Violation>* violations) {}

  // Called after a new or changed row was stored. After Admit, `row` is what the caller sent.
  virtual void Stored(storage::WriteContext& context, const google::protobuf::Message& row) {}

  // Called after `row` was removed.
  virtual void Removed(storage::WriteContext& context, const google::protobuf::Message& row) {}

  // Called once after the last row, unless the write failed: updates rows that depend on those
  // that were written.
  virtual void End(storage::WriteContext& context) {}
};

// Makes the rules of one write; nullptr if the model has none. Called on any thread.
using MakeRowRules = std::function<std::unique_ptr<RowRules>()>;

enum class RowOutcome { kCreated, kUpdated, kUnchanged, kRefused };

// Writes rows of one model to its table: every row that is created, updated or imported passes
// through here. Immutable and thread-safe; borrows table and validator. Each method takes the rules
// of the write it is part of, nullptr for a model without any; the caller ends with RowRules::End.
class RowWriter {
 public:
  RowWriter(const storage::Table* table, const schema::Validator* validator)
      : table_(*table),
        validator_(*validator),
        revision_field_(schema::RevisionField(*table->id_field().containing_type())),
        revision_column_(table->ColumnOf(*revision_field_)),
        references_(schema::ReferenceKeys(table->model())) {
    for (size_t i = 0; i < table_.columns().size(); ++i) {
      if (schema::FieldOptions(*table_.columns()[i].field).unique()) unique_.push_back(i);
    }
    for (const auto* field : schema::KeyFields(table_.model())) {
      keys_.push_back(table_.ColumnOf(*field));
    }
  }

  const storage::Table& table() const { return table_; }
  const schema::Validator& validator() const { return validator_; }

  // Clears the fields that only an import may set, for a new row of any other call.
  void ClearImportOnly(google::protobuf::Message* row) const;

  // To be called before the rows of a batch are written one by one, so that they can be looked up
  // at once where each look-up would cost a round trip.
  void Expect(storage::WriteContext& context, RowRules* rules,
              absl::Span<const google::protobuf::Message* const> rows) const;

  // Completes and stores a new row; assigns the next id if it has none. kRefused if this appended
  // to `violations`.
  RowOutcome Create(storage::WriteContext& context, RowRules* rules, google::protobuf::Message* row,
                    absl::string_view path, std::vector<Violation>* violations) const;

  // The part of Create that needs neither the database nor the rules. On any thread.
  void PrepareNew(google::protobuf::Message* row, absl::string_view path,
                  std::vector<Violation>* violations) const;

  // The rest of Create, for a row that went through PrepareNew and RowRules::CompleteNew, and whose
  // id is above every id that the table ever had. `cells` are its values by table().columns(); this
  // sets the revision. kRefused if `violations` is not empty.
  RowOutcome Insert(storage::WriteContext& context, RowRules* rules,
                    const google::protobuf::Message& given, absl::Span<schema::Cell> cells,
                    std::vector<Violation>* violations) const;

  // True if one of schema::KeyFields is set and not empty, which identifies a row without an id.
  bool HasKey(const google::protobuf::Message& row) const { return KeyColumn(row) != nullptr; }

  // Id of the stored row with the same key, by the first key that `row` sets; 0 if there is none or
  // `row` has no key. Costs one look-up in an index.
  int64_t FindByKey(storage::WriteContext& context, const google::protobuf::Message& row) const;

  // True if the row names another row by its key.
  bool NamesByKey(const google::protobuf::Message& row) const {
    return std::any_of(references_.begin(), references_.end(),
                       [&](const auto& reference) { return schema::IsSet(row, *reference.key); });
  }

  // Appends a violation with reason <FIELD>_EXISTS for each unique field of `row` that differs from
  // `stored`, which may be nullptr, and whose value another row has.
  void CheckUnique(storage::WriteContext& context, const google::protobuf::Message* stored,
                   const google::protobuf::Message& row, absl::string_view path,
                   std::vector<Violation>* violations) const;

  // Applies `given` to the stored row with its id, or creates the row if there is none. `row`
  // receives what is stored afterwards. A row that does not change keeps its revision.
  RowOutcome Upsert(storage::WriteContext& context, RowRules* rules,
                    const schema::RowUpdate& update, const google::protobuf::Message& given,
                    absl::string_view path, google::protobuf::Message* row,
                    std::vector<Violation>* violations) const;

  // Applies `given` to `row`, which holds the stored row and receives what is stored afterwards.
  RowOutcome Update(storage::WriteContext& context, RowRules* rules,
                    const schema::RowUpdate& update, const google::protobuf::Message& given,
                    absl::string_view path, google::protobuf::Message* row,
                    std::vector<Violation>* violations) const;

  // Removes the stored row `row` and leaves a tombstone.
  void Delete(storage::WriteContext& context, RowRules* rules,
              const google::protobuf::Message& row) const;

  // True if the table never had a row with the id, so that a row with it is new without a look-up.
  // Most rows of an import have such an id. Also true for 0, which is no id yet.
  bool IsBeyondAllIds(const storage::WriteContext& context, int64_t id) const {
    return id == 0 || (id > context.LastId(table_.name()) && id <= schema::kMaxGivenId);
  }

 private:
  const schema::Column* KeyColumn(const google::protobuf::Message& row) const;
  bool IsSame(const google::protobuf::Message& a, const google::protobuf::Message& b) const;
  // Appends a violation and returns false if a new row must not have this id.
  bool CheckGivenId(int64_t id, absl::string_view path, std::vector<Violation>* violations) const;
  // Appends a violation with reason <FIELD>_EXISTS if a row other than `id` has this value.
  void CheckFree(storage::WriteContext& context, const schema::Column& column,
                 const schema::Cell& value, int64_t id, absl::string_view path,
                 std::vector<Violation>* violations) const;
  // A copy of `given` with ids instead of keys. Drops references that `update` does not take.
  std::unique_ptr<google::protobuf::Message> Resolved(storage::WriteContext& context,
                                                      RowRules* rules,
                                                      const schema::RowUpdate& update,
                                                      const google::protobuf::Message& given,
                                                      absl::string_view path,
                                                      std::vector<Violation>* violations) const;
  // Clears output fields and rounds amounts to whole cents.
  void Normalise(google::protobuf::Message* row) const;

  const storage::Table& table_;
  const schema::Validator& validator_;
  const google::protobuf::FieldDescriptor* const revision_field_;
  const size_t revision_column_;
  std::vector<size_t> unique_;  // Places of unique columns in table().columns().
  std::vector<size_t> keys_;    // Places of the columns of schema::KeyFields.
  const std::vector<schema::ReferenceKey> references_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_
