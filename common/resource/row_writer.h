#ifndef CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_
#define CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_

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
#include "common/storage/store.h"
#include "common/storage/table.h"
#include "google/protobuf/message.h"

namespace clustr::resource {

// Rules of one model that no option can say. Called on the writer thread.
class RowRules {
 public:
  virtual ~RowRules() = default;

  // Around the rows that one call writes. End, which is left out if the call fails, brings along
  // what hangs on the rows.
  virtual void Begin() {}
  virtual void End(storage::WriteContext& context) {}

  // Completes `row`, which is about to be stored and whose single values are valid: fills what the
  // server fills, and appends what is wrong across fields or rows. `stored` is the row as it is
  // now, nullptr for a new one; `given` is what the call takes of what the caller sent.
  virtual void Complete(storage::WriteContext& context, const google::protobuf::Message* stored,
                        const google::protobuf::Message& given, google::protobuf::Message* row,
                        absl::string_view path, std::vector<Violation>* violations) = 0;

  // What of Complete, for a new row, depends on other rows: asked alone where the rest was done
  // before (ImportRules::CompleteNew). `given` is what the caller sent.
  virtual void Admit(storage::WriteContext& context, const google::protobuf::Message& given,
                     absl::string_view path, std::vector<Violation>* violations) {}

  // Called after `row` was stored, if it was new or changed. Of a row that was only admitted it is
  // what the caller sent.
  virtual void Stored(storage::WriteContext& context, const google::protobuf::Message& row) {}

  // Called after `row` was removed.
  virtual void Removed(storage::WriteContext& context, const google::protobuf::Message& row) {}
};

enum class RowOutcome { kCreated, kUpdated, kUnchanged, kRefused };

// Brings rows of one model into its table: the one way in which rows are created, updated and
// imported. Thread-safe as far as its rules are; borrows all it is given.
class RowWriter {
 public:
  // `rules` may be nullptr.
  RowWriter(const storage::Table* table, const schema::Validator* validator, RowRules* rules)
      : table_(*table),
        validator_(*validator),
        rules_(rules),
        revision_field_(schema::RevisionField(*table->id_field().containing_type())),
        revision_column_(table->ColumnOf(*revision_field_)) {
    for (size_t i = 0; i < table_.columns().size(); ++i) {
      if (schema::FieldOptions(*table_.columns()[i].field).unique()) unique_.push_back(i);
    }
    for (const auto* field : schema::KeyFields(table_.model())) {
      keys_.push_back(table_.ColumnOf(*field));
    }
  }

  const storage::Table& table() const { return table_; }
  const schema::Validator& validator() const { return validator_; }

  // Around the rows that one call writes; see RowRules.
  void Begin() const {
    if (rules_ != nullptr) rules_->Begin();
  }
  void End(storage::WriteContext& context) const {
    if (rules_ != nullptr) rules_->End(context);
  }

  // Clears what only imports give: for a new row of any other call.
  void ClearImportOnly(google::protobuf::Message* row) const;

  // Stores a new row, with a new id where it has none. Refused if anything was appended to
  // `violations`.
  RowOutcome Create(storage::WriteContext& context, google::protobuf::Message* row,
                    absl::string_view path, std::vector<Violation>* violations) const;

  // The part of Create that needs neither the database nor the rules: on any thread.
  void PrepareNew(google::protobuf::Message* row, absl::string_view path,
                  std::vector<Violation>* violations) const;

  // The rest of it for a row whose id is above all that ever were, completed and turned into the
  // `cells` of table().columns() before; the revision is set here. Refused if `violations` has any.
  RowOutcome Insert(storage::WriteContext& context, const google::protobuf::Message& given,
                    absl::Span<schema::Cell> cells, std::vector<Violation>* violations) const;

  // Whether a row without an id can be told from others: one of schema::KeyFields is set and not
  // empty.
  bool HasKey(const google::protobuf::Message& row) const { return KeyColumn(row) != nullptr; }

  // Id of the stored row that has the same key, by the first key that `row` sets; 0 if there is
  // none, or `row` has no key. One look-up in an index.
  int64_t FindByKey(storage::WriteContext& context, const google::protobuf::Message& row) const;

  // Applies `given` to the row with its id, or creates that row, with a new id where it has none.
  // `row` receives what is stored then. A row that stays as it was keeps its revision.
  RowOutcome Upsert(storage::WriteContext& context, const schema::RowUpdate& update,
                    const google::protobuf::Message& given, absl::string_view path,
                    google::protobuf::Message* row, std::vector<Violation>* violations) const;

  // The same for a row that was read: `row` holds what is stored.
  RowOutcome Update(storage::WriteContext& context, const schema::RowUpdate& update,
                    const google::protobuf::Message& given, absl::string_view path,
                    google::protobuf::Message* row, std::vector<Violation>* violations) const;

  // Removes a row that was read, and leaves a tombstone.
  void Delete(storage::WriteContext& context, const google::protobuf::Message& row) const;

 private:
  const schema::Column* KeyColumn(const google::protobuf::Message& row) const;
  bool IsSame(const google::protobuf::Message& a, const google::protobuf::Message& b) const;
  // Appends a violation, <FIELD>_EXISTS, if a row other than `id` has this value.
  void CheckFree(storage::WriteContext& context, const schema::Column& column,
                 const schema::Cell& value, int64_t id, absl::string_view path,
                 std::vector<Violation>* violations) const;
  // CheckFree for each unique field that differs from `stored`, which may be nullptr.
  void CheckUnique(storage::WriteContext& context, const google::protobuf::Message* stored,
                   const google::protobuf::Message& row, absl::string_view path,
                   std::vector<Violation>* violations) const;
  // Output fields are cleared, and amounts become what their whole cents are.
  void Normalise(google::protobuf::Message* row) const;

  const storage::Table& table_;
  const schema::Validator& validator_;
  RowRules* const rules_;
  const google::protobuf::FieldDescriptor* const revision_field_;
  const size_t revision_column_;
  std::vector<size_t> unique_;  // Columns.
  std::vector<size_t> keys_;    // Those of schema::KeyFields.
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_WRITER_H_
