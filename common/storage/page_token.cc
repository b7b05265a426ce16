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

// Of all fields that must stay as they were, and of the token itself, so that a changed digit is
// noticed.
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

}  // namespace

int64_t PageSize(int32_t page_size) {
  return page_size == 0 ? kDefaultPageSize : std::min<int64_t>(page_size, kGreatestPageSize);
}

std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& request) {
  const std::string body = absl::StrCat(token.after, ".", token.total_size);
  return absl::WebSafeBase64Escape(absl::StrCat(body, ".", Check(body, request)));
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& request) {
  std::string plain;
  PageToken token;
  if (absl::WebSafeBase64Unescape(text, &plain)) {
    const std::vector<std::string> parts = absl::StrSplit(plain, '.');
    if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &token.after) &&
        absl::SimpleAtoi(parts[1], &token.total_size) &&
        parts[2] == Check(absl::StrCat(parts[0], ".", parts[1]), request)) {
      return token;
    }
  }
  return FieldError(
      "page_token",
      absl::StrCat(Quoted(text),
                   " is not a token of this request; give the next_page_token of the page "
                   "before and leave the other fields as they were"),
      "PAGE_TOKEN_INVALID");
}

}  // namespace clustr::storage
