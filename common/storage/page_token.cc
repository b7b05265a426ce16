#include "common/storage/page_token.h"

#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"

namespace clustr::storage {
namespace {

constexpr int64_t kDefaultPageSize = 50;
constexpr int64_t kGreatestPageSize = 1000;
constexpr size_t kCheckBytes = 12;

// A digest of the request without page_size and page_token, and of the token's own content, so that
// any change of them is noticed.
std::string Check(absl::string_view body, const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> rest(request.New());
  rest->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    rest->GetReflection()->ClearField(rest.get(), rest->GetDescriptor()->FindFieldByName(name));
  }
  const std::string text =
      absl::StrCat(request.GetDescriptor()->full_name(), "|", body, "|", rest->SerializeAsString());
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), kCheckBytes));
}

std::string Body(const PageToken& token) {
  const std::string place = absl::StrCat(token.after, ".", token.total_size);
  return token.key.empty() ? place : absl::StrCat(place, ".", absl::BytesToHexString(token.key));
}

}  // namespace

int64_t PageSize(int32_t page_size) {
  return page_size == 0 ? kDefaultPageSize : std::min<int64_t>(page_size, kGreatestPageSize);
}

std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& request) {
  const std::string body = Body(token);
  return absl::WebSafeBase64Escape(absl::StrCat(body, ".", Check(body, request)));
}

absl::Status PageTokenError(absl::string_view text) {
  return FieldError(
      "page_token",
      absl::StrCat(Quoted(text),
                   " is not a token of this request; give the next_page_token of the page "
                   "before and leave the other fields as they were"),
      common::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& request) {
  std::string plain;
  PageToken token;
  // Accept only the canonical encoding: the last letter of Base64 has unused bits.
  if (absl::WebSafeBase64Unescape(text, &plain) && absl::WebSafeBase64Escape(plain) == text) {
    const std::vector<std::string> parts = absl::StrSplit(plain, '.');
    const bool has_key = parts.size() == 4;
    if ((parts.size() == 3 || has_key) && absl::SimpleAtoi(parts[0], &token.after) &&
        absl::SimpleAtoi(parts[1], &token.total_size)) {
      if (has_key) token.key = absl::HexStringToBytes(parts[2]);
      const std::string body = Body(token);
      if (absl::StrCat(body, ".", Check(body, request)) == plain) return token;
    }
  }
  return PageTokenError(text);
}

}  // namespace clustr::storage
