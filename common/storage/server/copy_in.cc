#include "common/storage/server/copy_in.h"

#include <bit>
#include <limits>
#include <memory>

#include "common/schema/text.h"
#include "soci/postgresql/soci-postgresql.h"

namespace clustr::storage {

using schema::Cell;
using schema::CellType;

namespace {

constexpr char kHeader[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
constexpr size_t kHeaderSize = sizeof(kHeader) - 1;
constexpr char kTrailer[] = "\377\377";
// How much is handed to libpq at once.
constexpr size_t kPiece = 1 << 18;

template <class Unsigned>
void AppendBigEndian(Unsigned value, std::string* out) {
  for (int shift = std::numeric_limits<Unsigned>::digits - 8; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

uint32_t ReadLength(absl::string_view bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

[[noreturn]] void Throw(PGconn* connection, const PGresult* result) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  // Without a code the connection is lost; SOCI has blanks for it.
  throw soci::postgresql_soci_error(PQerrorMessage(connection), state == nullptr ? "     " : state);
}

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

}  // namespace

void AppendCopyRow(absl::Span<const CellType> types, absl::Span<const Cell> cells,
                   std::string* rows) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (types[i] != CellType::kText || cells[i].null) continue;
    if (cells[i].text.find('\0') != std::string::npos || !schema::IsUtf8(cells[i].text)) {
      throw soci::soci_error("a text has U+0000 or is not UTF-8");
    }
  }
  AppendBigEndian(static_cast<uint16_t>(cells.size()), rows);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].null) {
      AppendBigEndian(std::numeric_limits<uint32_t>::max(), rows);
      continue;
    }
    if (types[i] == CellType::kText) {
      AppendBigEndian(static_cast<uint32_t>(cells[i].text.size()), rows);
      rows->append(cells[i].text);
      continue;
    }
    AppendBigEndian(uint32_t{sizeof(int64_t)}, rows);
    AppendBigEndian(types[i] == CellType::kInteger ? static_cast<uint64_t>(cells[i].integer)
                                                   : std::bit_cast<uint64_t>(cells[i].real),
                    rows);
  }
}

absl::string_view CopyValue(absl::string_view row, size_t column) {
  row.remove_prefix(sizeof(uint16_t));
  while (true) {
    const uint32_t length = ReadLength(row);
    const size_t size = length == std::numeric_limits<uint32_t>::max() ? 0 : length;
    row.remove_prefix(sizeof(length));
    if (column == 0) return row.substr(0, size);
    --column;
    row.remove_prefix(size);
  }
}

std::string CopyValueOf(CellType type, const Cell& cell) {
  std::string row;
  AppendCopyRow({&type, 1}, {&cell, 1}, &row);
  return std::string(CopyValue(row, 0));
}

void CopyIn(PGconn* connection, const std::string& copy, absl::string_view rows) {
  {
    const Result begun(PQexec(connection, copy.c_str()), &PQclear);
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) Throw(connection, begun.get());
  }
  bool sent = PQputCopyData(connection, kHeader, kHeaderSize) == 1;
  for (size_t at = 0; sent && at < rows.size(); at += kPiece) {
    const absl::string_view piece = rows.substr(at, kPiece);
    sent = PQputCopyData(connection, piece.data(), static_cast<int>(piece.size())) == 1;
  }
  sent = sent && PQputCopyData(connection, kTrailer, sizeof(kTrailer) - 1) == 1;
  PQputCopyEnd(connection, sent ? nullptr : "not all could be sent");
  // The first result is that of the copy; libpq wants to be asked until there is none left.
  const Result ended(PQgetResult(connection), &PQclear);
  while (const Result rest{PQgetResult(connection), &PQclear}) {
  }
  if (PQresultStatus(ended.get()) != PGRES_COMMAND_OK) Throw(connection, ended.get());
}

}  // namespace clustr::storage
