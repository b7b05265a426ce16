#include "common/storage/server/waiting_rows.h"

#include <libpq-fe.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/storage/server/copy_in.h"

namespace clustr::storage {

void WaitingRows::Add(const RowFormPtr& form, absl::Span<const schema::Cell> cells) {
  Rows& rows = rows_[form];
  const size_t before = rows.bytes.size();
  AppendCopyRow(form->types, cells, &rows.bytes);
  rows.ends.push_back(rows.bytes.size());
  bytes_ += rows.bytes.size() - before;
}

bool WaitingRows::Has(const RowFormPtr& form, size_t column, const schema::Cell& value) {
  const auto at = rows_.find(form);
  if (at == rows_.end() || value.null) return false;
  Rows& rows = at->second;
  Values& values = rows.values[column];
  for (size_t& i = values.indexed; i < rows.ends.size(); ++i) {
    const size_t begin = i == 0 ? 0 : rows.ends[i - 1];
    const absl::string_view row(rows.bytes.data() + begin, rows.ends[i] - begin);
    // NULL counts as an empty value, and at worst the rows are sent early.
    values.set.emplace(CopyValue(row, column));
  }
  return values.set.contains(CopyValueOf(form->types[column], value));
}

bool WaitingRows::transaction_failed() const {
  const PGTransactionStatusType status = PQtransactionStatus(connection_);
  return status == PQTRANS_INERROR || status == PQTRANS_UNKNOWN;
}

WaitingRows::Mark WaitingRows::mark() const {
  Mark mark;
  for (const auto& [form, rows] : rows_) mark[form] = rows.ends.size();
  return mark;
}

void WaitingRows::Remove(Rows* rows, size_t first, size_t last) {
  if (first == last) return;
  const size_t begin = first == 0 ? 0 : rows->ends[first - 1];
  const size_t size = rows->ends[last - 1] - begin;
  rows->bytes.erase(begin, size);
  rows->ends.erase(rows->ends.begin() + first, rows->ends.begin() + last);
  for (size_t i = first; i < rows->ends.size(); ++i) rows->ends[i] -= size;
  rows->values.clear();
  bytes_ -= size;
}

void WaitingRows::SendUpTo(const Mark& mark) {
  for (const auto& [form, count] : mark) {
    const auto at = rows_.find(form);
    if (count == 0 || at == rows_.end()) continue;
    Rows& rows = at->second;
    CopyIn(connection_,
           absl::StrCat("COPY ", form->table, " (", absl::StrJoin(form->names, ", "),
                        ") FROM STDIN (FORMAT BINARY)"),
           absl::string_view(rows.bytes).substr(0, rows.ends[count - 1]));
    Remove(&rows, 0, count);
  }
}

void WaitingRows::ReturnTo(const Mark& mark) {
  for (auto& [form, rows] : rows_) {
    const auto at = mark.find(form);
    const size_t kept = at == mark.end() ? 0 : at->second;
    // Some that waited at the mark may have been sent, before the connection was lost.
    Remove(&rows, std::min(kept, rows.ends.size()), rows.ends.size());
  }
}

}  // namespace clustr::storage
