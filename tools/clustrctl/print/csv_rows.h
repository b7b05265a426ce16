#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_CSV_ROWS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_CSV_ROWS_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace clustr::ctl {

// Prints messages of one type as CSV (RFC 4180, lines end with LF): a header row of field names,
// and a row per message. The fields of a message within the message are columns `outer.inner`. A
// list of numbers is one cell `1,2`, a list of texts `a; b`, a list of messages its JSON. A field
// that is unset is an empty cell. Spreadsheets run a text that begins with =, +, -, @, a tab or a
// line break as a formula, so such a text gets an apostrophe in front. Not thread-safe; borrows
// `out`.
class CsvRows {
 public:
  // Prints the header row.
  CsvRows(const google::protobuf::Descriptor* type, std::ostream* out);

  void Add(const google::protobuf::Message& row);

 private:
  // The fields that lead to the value of a column; all but the last are messages.
  using Path = std::vector<const google::protobuf::FieldDescriptor*>;

  void AddColumns(const google::protobuf::Descriptor& type, const Path& outer);

  std::ostream& out_;
  std::vector<Path> columns_;
};

// A text as a CSV cell: in quotes if it has a comma, a quote or a line break, and with an
// apostrophe in front if a spreadsheet would run it as a formula. Pure.
std::string CsvTextCell(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_CSV_ROWS_H_
