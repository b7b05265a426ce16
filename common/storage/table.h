#ifndef CLUSTR_COMMON_STORAGE_TABLE_H_
#define CLUSTR_COMMON_STORAGE_TABLE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "common/schema/field.h"
#include "common/storage/session.h"
#include "common/storage/sql/bound_sql.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::storage {

// Rows of one stored message, by descriptor. Immutable: any number of sessions may use one table.
// Called inside Database::Read or a write; failures of the database are thrown.
class Table {
 public:
  explicit Table(const google::protobuf::Descriptor& message);

  const std::string& name() const { return name_; }
  // Name of the resource in reasons: PRODUCT.
  const std::string& resource() const { return resource_; }
  const google::protobuf::Descriptor& model() const { return *model_; }
  const google::protobuf::FieldDescriptor& id_field() const { return *id_; }
  const std::vector<schema::Column>& columns() const { return columns_; }

  // Place of a stored field in columns().
  size_t ColumnOf(const google::protobuf::FieldDescriptor& field) const;

  int64_t Id(const google::protobuf::Message& row) const { return schema::GetInt64(row, *id_); }

  // Reads the row with this id into `row`; false if there is none.
  bool Get(Session& session, int64_t id, google::protobuf::Message* row) const;

  // Id of the row with this value in a column that is unique; 0 if there is none.
  int64_t FindId(Session& session, const schema::Column& column, const schema::Cell& value) const;

  // Adds a row; there must be none with its id.
  void Insert(Session& session, const google::protobuf::Message& row) const;

  // The same for a row that is cells already, one a column, whose texts are taken away.
  void Insert(Session& session, absl::Span<schema::Cell> cells) const;

  // Replaces the row with the id of `row`, which exists.
  void Update(Session& session, const google::protobuf::Message& row) const;

  // Removes the row with this id and leaves a tombstone of `revision`.
  void Delete(Session& session, int64_t id, int64_t revision) const;

  // Removes the rows with `value` in the column that they are stored together by, and leaves their
  // tombstones; returns how many there were.
  int64_t DeleteCluster(Session& session, int64_t value, int64_t revision) const;

  // Revision at which a row with this id was removed; 0 if it exists or never did.
  int64_t RemovedAt(Session& session, int64_t id) const;

  // Forgets that a row with this id was removed: it comes back.
  void ForgetRemoval(Session& session, int64_t id) const;

  // Calls `next` for each of the first `limit` rows with an id above `after_id`, in id order; it
  // gives the message to fill.
  void Scan(Session& session, int64_t after_id, int64_t limit,
            absl::FunctionRef<google::protobuf::Message*()> next) const;

  // The same over the rows with `value` in the column that they are stored together by.
  void ScanCluster(Session& session, int64_t value,
                   absl::FunctionRef<google::protobuf::Message*()> next) const;

  // Calls `next` for each row that `SELECT (all columns) FROM (this table)` with `tail` behind it
  // gives: ` WHERE …`, ` ORDER BY …`. Prepared anew each time, some 50 µs.
  void Select(Session& session, const BoundSql& tail,
              absl::FunctionRef<google::protobuf::Message*()> next) const;

  // Rows that satisfy a condition; reads all that no index rules out.
  int64_t CountWhere(Session& session, const BoundSql& condition) const;

  // Rows in the state that the session reads, as its writers counted them. O(1).
  int64_t Count(Session& session) const;

 private:
  void FetchRows(Statement& query, absl::FunctionRef<google::protobuf::Message*()> next) const;
  void BindRow(const google::protobuf::Message& row, Statement& statement) const;

  const google::protobuf::Descriptor* model_;
  std::string name_;
  std::string resource_;
  const google::protobuf::FieldDescriptor* id_;
  std::vector<schema::Column> columns_;
  std::vector<schema::CellType> types_;
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
