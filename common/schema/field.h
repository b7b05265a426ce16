#ifndef CLUSTR_COMMON_SCHEMA_FIELD_H_
#define CLUSTR_COMMON_SCHEMA_FIELD_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// Converts fields of messages to cells of tables and back; the only switch over the types of stored
// fields. The functions keep no state, so they are thread-safe as long as no other thread writes to
// the messages they are given. Reading or writing a field of a type that no column can hold (an
// enum, a message, a float) ends the process.
namespace clustr::schema {

enum class CellType { kInteger, kReal, kText };

// A stored field with everything about it that is looked up once per table.
struct Column {
  const google::protobuf::FieldDescriptor* field;
  std::string name;
  CellType type;
  bool money;        // Stored as integer cents.
  bool nullable;     // Stored as NULL if absent.
  bool output_only;  // Set by the server only.
};

// One value on its way to or from the database; only the member of the column's type has a meaning.
struct Cell {
  bool null = false;
  long long integer = 0;  // NOLINT(google-runtime-int): the type that SOCI binds to BIGINT.
  double real = 0;
  std::string text;
};

// Columns of a stored message, ordered by field number.
std::vector<Column> ColumnsOf(const google::protobuf::Descriptor& message);

// Reads a field into a cell. Money that CentsOf refuses becomes 0. Repeated int64 fields become the
// text `1,2,3`. `reflection` must be that of `message`: looking it up for each field would double
// the cost of a call.
void ReadCell(const google::protobuf::Message& message,
              const google::protobuf::Reflection& reflection, const Column& column, Cell* cell);
inline void ReadCell(const google::protobuf::Message& message, const Column& column, Cell* cell) {
  ReadCell(message, *message.GetReflection(), column, cell);
}

// Sets a field from a cell; NULL clears the field. Entries of a repeated field are appended, so the
// field must be empty before.
void WriteCell(const Cell& cell, const Column& column,
               const google::protobuf::Reflection& reflection, google::protobuf::Message* message);
inline void WriteCell(const Cell& cell, const Column& column, google::protobuf::Message* message) {
  WriteCell(cell, column, *message->GetReflection(), message);
}

// True if the field is set: present or, for a field without presence, neither 0 nor empty.
bool IsSet(const google::protobuf::Message& message,
           const google::protobuf::FieldDescriptor& field);

// Copies one field between messages of the same type; a field absent in `from` becomes absent in
// `to`, and money is rounded to whole cents.
void CopyField(const google::protobuf::Message& from, const Column& column,
               google::protobuf::Message* to);

// True if both messages, of the same type, have the same value in a singular scalar field or both
// leave it absent. Money is compared in cents.
bool SameField(const google::protobuf::Message& a, const google::protobuf::Message& b,
               const Column& column);

// Reads or sets a singular int64 field such as an id or a revision.
int64_t GetInt64(const google::protobuf::Message& message,
                 const google::protobuf::FieldDescriptor& field);
void SetInt64(google::protobuf::Message* message, const google::protobuf::FieldDescriptor& field,
              int64_t value);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_FIELD_H_
