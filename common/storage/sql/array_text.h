#ifndef CLUSTR_COMMON_STORAGE_SQL_ARRAY_TEXT_H_
#define CLUSTR_COMMON_STORAGE_SQL_ARRAY_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace clustr::storage {

// An array as PostgreSQL writes it, to be bound as a text and cast: CAST(:ids AS BIGINT[]),
// CAST(:names AS TEXT[]). SOCI has no arrays. Texts with U+0000, which no row has, are left out.
std::string ArrayText(absl::Span<const int64_t> values);
std::string ArrayText(absl::Span<const std::string> values);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_ARRAY_TEXT_H_
