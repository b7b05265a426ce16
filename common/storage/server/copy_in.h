#ifndef CLUSTR_COMMON_STORAGE_SERVER_COPY_IN_H_
#define CLUSTR_COMMON_STORAGE_SERVER_COPY_IN_H_

#include <libpq-fe.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/schema/field.h"

// The binary form in which COPY takes rows; see "COPY" in the manual of PostgreSQL. By libpq, as
// SOCI has nothing for it. Failures are thrown as soci::soci_error.
namespace clustr::storage {

// Appends a row. Throws, and appends nothing, if a text is not UTF-8 or has U+0000.
void AppendCopyRow(absl::Span<const schema::CellType> types, absl::Span<const schema::Cell> cells,
                   std::string* rows);

// The value of a column of a row, as AppendCopyRow has it. O(columns).
absl::string_view CopyValue(absl::string_view row, size_t column);

// The same value, for a cell that is not NULL.
std::string CopyValueOf(schema::CellType type, const schema::Cell& cell);

// Sends rows by `copy`, a statement COPY … FROM STDIN BINARY. Two round trips.
void CopyIn(PGconn* connection, const std::string& copy, absl::string_view rows);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_COPY_IN_H_
