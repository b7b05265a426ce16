#ifndef CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_
#define CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

// Tokens of AIP-158 paging: text that says where a listing goes on and which request it belongs to.
namespace clustr::storage {

struct PageToken {
  int64_t after = 0;       // Place, or id, of the last row that was sent.
  int64_t total_size = 0;  // As counted for the first page.
  std::string key = {};    // What else says where that row stands, any bytes; empty: nothing.
};

// Serialised size at which a page, or a batch of an export, ends before its last row, so that the
// answer stays below the 4 MiB that clients accept by default. A single row has about 10 KiB at
// most.
inline constexpr size_t kMaxPageBytes = size_t{3} << 20;

// Page size that a request means: 0 is 50, above 1,000 is 1,000.
int64_t PageSize(int32_t page_size);

// Token for the page behind `token.after` of the listing that `request` asks for, whatever its
// page_size and page_token.
std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& request);

// The refusal of `text` as page_token: INVALID_ARGUMENT with reason PAGE_TOKEN_INVALID.
absl::Status PageTokenError(absl::string_view text);

// PageTokenError if `text` is damaged, or of another request.
absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& request);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_PAGE_TOKEN_H_
