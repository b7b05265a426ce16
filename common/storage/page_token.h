#ifndef CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_
#define CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

// Tokens of AIP-158 paging: opaque texts that hold the position after which a listing continues and
// a digest of the request that they belong to. Pure functions, thread-safe.
namespace clustr::storage {

struct PageToken {
  int64_t after = 0;       // Position or id of the last row that was sent.
  int64_t total_size = 0;  // Number of rows, as counted for the first page.
  std::string key = {};    // Further data, any bytes, on the position of that row; may be empty.
};

// Serialised size at which a page, or a batch of an export, ends before its last row, so that the
// answer stays below the 4 MiB that clients accept by default. A single row has about 10 KiB at
// most.
inline constexpr size_t kMaxPageBytes = size_t{3} << 20;

// The page size for a request's `page_size`, which must not be negative: 50 if it is 0, at most
// 1,000.
int64_t PageSize(int32_t page_size);

// Encodes the token of the page after `token.after` in the listing that `request` asks for. It
// stays valid if only page_size and page_token of the request change.
std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& request);

// The error for `text` as page_token: INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID.
absl::Status PageTokenError(absl::string_view text);

// Decodes a token. PageTokenError if `text` is damaged or belongs to another request.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& request);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_
