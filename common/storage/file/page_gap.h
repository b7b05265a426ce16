#ifndef CLUSTR_COMMON_STORAGE_FILE_PAGE_GAP_H_
#define CLUSTR_COMMON_STORAGE_FILE_PAGE_GAP_H_

#include <cstdint>

#include "absl/types/span.h"

namespace clustr::storage {

// Overwrites with zeros what a page of a b-tree does not use between its list of cells and its
// first cell. When SQLite moves rows to another page, their bytes stay there, even with
// secure_delete: a row that is deleted from the other page later would remain readable in the file.
// Leaves any other page alone. `number` is that of the page, from 1, and `pages` the number of
// pages of the file, both by the size of `page`.
void ClearGap(uint32_t number, uint64_t pages, absl::Span<uint8_t> page);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_PAGE_GAP_H_
