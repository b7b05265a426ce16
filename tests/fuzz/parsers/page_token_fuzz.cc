// Page tokens: a text is refused with its reason, or it is a token of this request, which is
// encoded to the same text. A token that was changed in one place is not taken for another one.
// Texts are made UTF-8, as gRPC delivers no other text.

#include <string>

#include "clustr/catalog/v1/product_service.pb.h"
#include "common/base/errors.h"
#include "common/schema/text.h"
#include "common/storage/page_token.h"
#include "tests/fuzz/messages/check.h"
#include "tests/fuzz/messages/input.h"

namespace clustr::fuzz {
namespace {

void CheckText(const std::string& text, const google::protobuf::Message& request) {
  const auto token = storage::DecodePageToken(text, request);
  if (token.ok()) {
    Check(storage::EncodePageToken(*token, request) == text, "a token has one text", text);
  } else {
    Check(ReasonOf(token.status()) == common::v1::ERROR_REASON_PAGE_TOKEN_INVALID,
          "a refused token has its reason", token.status().ToString());
  }
}

void Run(Input input) {
  catalog::v1::ListProductsRequest request;
  request.set_filter(input.Any({"", "price > 1"}));
  storage::PageToken token;
  token.after = static_cast<int64_t>(input.Word());
  token.total_size = static_cast<int64_t>(input.Word());
  token.key = input.Line();
  std::string text = storage::EncodePageToken(token, request);
  const auto decoded = storage::DecodePageToken(text, request);
  Check(decoded.ok() && decoded->after == token.after && decoded->total_size == token.total_size &&
            decoded->key == token.key,
        "a token survives its text", text);
  catalog::v1::ListProductsRequest other = request;
  other.set_order_by("price");
  Check(!storage::DecodePageToken(text, other).ok(), "a token belongs to one request");
  const size_t place = input.Below(text.size());
  text[place] = static_cast<char>(input.Byte());
  CheckText(schema::ReplaceInvalidUtf8(text), request);
  CheckText(schema::ReplaceInvalidUtf8(input.Rest()), request);
}

}  // namespace
}  // namespace clustr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  clustr::fuzz::Run({data, size});
  return 0;
}
