#ifndef CLUSTR_COMMON_STORAGE_TABLE_H_
#define CLUSTR_COMMON_STORAGE_TABLE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "common/schema/field.h"
#include "common/storage/server/waiting_rows.h"
#include "common/storage/session.h"
#include "common/storage/sql/bound_sql.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::storage {

// Reads and writes the rows of one stored message, driven by its descriptor. Immutable: any number
// of sessions may use one Table at the same time. Use it inside Database::Read or WriteJob::work;
// failures of the database are thrown. Functions that take or return an id need a model with an id
// field. They neither take revisions nor maintain counters: see WriteContext.
class Table {
 public:
  // `message` must be a stored message and outlive this.
  explicit Table(const google::protobuf::Descriptor& message);

  const std::string& name() const { return name_; }
  // Name of the resource as in error reasons: PRODUCT.
  const std::string& resource() const { return resource_; }
  const google::protobuf::Descriptor& model() const { return *model_; }
  const google::protobuf::FieldDescriptor& id_field() const { return *id_; }
  const std::vector<schema::Column>& columns() const { return columns_; }

  // Index of a stored field in columns(); columns().size() if it has no column. O(columns).
  size_t ColumnOf(const google::protobuf::FieldDescriptor& field) const;

  int64_t Id(const google::protobuf::Message& row) const { return schema::GetInt64(row, *id_); }

  // Reads the row with this id into `row`; returns false and leaves `row` as it is if there is
  // none.
  bool Get(Session& session, int64_t id, google::protobuf::Message* row) const;

  // Id of the row with this value in `column`, which must be unique; 0 if there is none. O(log
  // rows). `column` is one of columns().
  int64_t FindId(Session& session, const schema::Column& column, const schema::Cell& value) const;

  // For the look-ups that Get and FindId will make in the rest of this call: on a session with
  // grouped writes, makes all of them by one statement. Does nothing on other sessions, where a
  // look-up costs no round trip.
  void LookAhead(Session& session, absl::Span<const int64_t> ids) const;
  void LookAhead(Session& session, const schema::Column& column,
                 absl::Span<const std::string> values) const;

  // Adds a row. Throws if a row has its id or a unique value of it; on a session with grouped
  // writes, not before the row is sent.
  void Insert(Session& session, const google::protobuf::Message& row) const;

  // The same for a row given as one cell per column. The cells are swapped with the statement's
  // own, so their values are unspecified afterwards: no text is copied.
  void Insert(Session& session, absl::Span<schema::Cell> cells) const;

  // Replaces the stored row that has the id of `row`; it must exist.
  void Update(Session& session, const google::protobuf::Message& row) const;

  // Removes the row with this id and leaves a tombstone with `revision`.
  void Delete(Session& session, int64_t id, int64_t revision) const;

  // Removes the rows that have `value` in the `cluster_by` column and leaves a tombstone with
  // `revision` for each; returns the number of rows removed. The table must be clustered.
  int64_t DeleteCluster(Session& session, int64_t value, int64_t revision) const;

  // Revision at which the row with this id was removed; 0 if it exists or never existed.
  int64_t RemovedAt(Session& session, int64_t id) const;

  // Deletes the tombstone of this id, for a row that is inserted again.
  void ForgetRemoval(Session& session, int64_t id) const;

  // Reads the first `limit` rows with an id above `after_id`, in id order, each into the empty
  // message that `next` returns for it.
  void Scan(Session& session, int64_t after_id, int64_t limit,
            absl::FunctionRef<google::protobuf::Message*()> next) const;

  // The same for all rows that have `value` in the `cluster_by` column. The table must be
  // clustered.
  void ScanCluster(Session& session, int64_t value,
                   absl::FunctionRef<google::protobuf::Message*()> next) const;

  // The same for the rows of `SELECT <all columns> FROM <this table>` followed by `tail`, for
  // example ` WHERE …` or ` ORDER BY …`. The statement is prepared on each call, which takes about
  // 50 µs.
  void Select(Session& session, const BoundSql& tail,
              absl::FunctionRef<google::protobuf::Message*()> next) const;

  // Number of rows that satisfy a condition. Reads every row that no index rules out.
  int64_t CountWhere(Session& session, const BoundSql& condition) const;

  // Number of rows in the state that the session reads, from the counter that WriteContext::AddRows
  // maintains. O(1).
  int64_t Count(Session& session) const;

 private:
  void FetchRows(Session& session, Statement& query,
                 absl::FunctionRef<google::protobuf::Message*()> next) const;
  // Writes the texts of the current row anew, with U+FFFD in place of bytes that are not UTF-8.
  void MakeReadable(Session& session, const Statement& query, google::protobuf::Message* row) const;
  void BindRow(const google::protobuf::Message& row, Statement& statement) const;

  const google::protobuf::Descriptor* model_;
  std::string name_;
  std::string resource_;
  const google::protobuf::FieldDescriptor* id_;
  std::vector<schema::Column> columns_;
  std::vector<schema::CellType> types_;
  RowFormPtr form_;
  std::string select_;
  std::string get_;
  std::string insert_;
  std::string update_;
  std::string delete_;
  std::string scan_;
  std::string scan_cluster_;
  std::string bury_cluster_;
  std::string delete_cluster_;
  std::string count_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_TABLE_H_
