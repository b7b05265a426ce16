#ifndef CLUSTR_COMMON_SCHEMA_FIELD_H_
#define CLUSTR_COMMON_SCHEMA_FIELD_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// How a field of a message becomes a cell of a table and back: the only switch over the types of
// fields. Functions are pure; a message is the caller's alone while it is given here.
namespace clustr::schema {

enum class CellType { kInteger, kReal, kText };

// A stored field, looked up once.
struct Column {
  const google::protobuf::FieldDescriptor* field;
  std::string name;
  CellType type;
  bool money;        // Held as integer cents.
  bool nullable;     // Absent is NULL.
  bool output_only;  // Set by the server alone.
};

// One value on its way to or from a database.
struct Cell {
  bool null = false;
  long long integer = 0;  // NOLINT(google-runtime-int): the type that SOCI binds to BIGINT.
  double real = 0;
  std::string text;
};

// Columns of a stored message, in the order of its field numbers.
std::vector<Column> ColumnsOf(const google::protobuf::Descriptor& message);

// Cell of a field. Money must be valid (schema/money), or the cell is 0. Repeated integers become
// `1,2,3`. `reflection` is that of the message: looking it up anew for each field costs as much as
// the rest.
void ReadCell(const google::protobuf::Message& message,
              const google::protobuf::Reflection& reflection, const Column& column, Cell* cell);
inline void ReadCell(const google::protobuf::Message& message, const Column& column, Cell* cell) {
  ReadCell(message, *message.GetReflection(), column, cell);
}

// Sets a field from a cell; a NULL leaves it absent.
void WriteCell(const Cell& cell, const Column& column,
               const google::protobuf::Reflection& reflection, google::protobuf::Message* message);
inline void WriteCell(const Cell& cell, const Column& column, google::protobuf::Message* message) {
  WriteCell(cell, column, *message->GetReflection(), message);
}

// True if the field is set: present, and where it has no presence, not 0 or empty.
bool IsSet(const google::protobuf::Message& message,
           const google::protobuf::FieldDescriptor& field);

// Copies one field, absent included, between messages of one type; money becomes whole cents.
void CopyField(const google::protobuf::Message& from, const Column& column,
               google::protobuf::Message* to);

// True if both messages, of one type, have the same value in a singular scalar field.
bool SameField(const google::protobuf::Message& a, const google::protobuf::Message& b,
               const Column& column);

// An int64 field, for ids and revisions.
int64_t GetInt64(const google::protobuf::Message& message,
                 const google::protobuf::FieldDescriptor& field);
void SetInt64(google::protobuf::Message* message, const google::protobuf::FieldDescriptor& field,
              int64_t value);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_FIELD_H_
