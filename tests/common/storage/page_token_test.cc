#include "common/storage/page_token.h"

#include "absl/strings/ascii.h"
#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/catalog/v1/customer_service.pb.h"
#include "clustr/sales/v1/transaction_service.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::storage {
namespace {

using bundles::v1::ListAssociationRulesRequest;
using catalog::v1::ListCustomersRequest;
using sales::v1::ListTransactionsRequest;
using testing::Fails;
using testing::IsOk;
using testing::Text;

const PageToken kToken = {(int64_t{1} << 53) - 1, 123'456};

auto RefusesToken() {
  return Fails(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID", "page_token: ");
}

TEST(PageTokenTest, ComesBackForAnyPageSize) {
  ListCustomersRequest request;
  const std::string text = EncodePageToken(kToken, request);
  request.set_page_size(7);
  request.set_page_token(text);
  const auto token = DecodePageToken(text, request);
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->after, kToken.after);
  EXPECT_EQ(token->total_size, kToken.total_size);
}

TEST(PageTokenTest, CarriesAKeyOfAnyBytes) {
  const ListCustomersRequest request;
  for (const std::string& key : {std::string("x"), std::string("a.b\0\xFF|", 6)}) {
    const PageToken with_key = {7, 9, key};
    const auto token = DecodePageToken(EncodePageToken(with_key, request), request);
    ASSERT_THAT(token, IsOk());
    EXPECT_EQ(token->after, 7);
    EXPECT_EQ(token->total_size, 9);
    EXPECT_EQ(token->key, key);
  }
  EXPECT_EQ(DecodePageToken(EncodePageToken(kToken, request), request)->key, "");
}

TEST(PageTokenTest, IsPlainTextForUrls) {
  for (const char c : EncodePageToken({7, 9, "\xFB\xFF?"}, ListCustomersRequest())) {
    EXPECT_TRUE(absl::ascii_isalnum(c) || c == '-' || c == '_') << c;
  }
}

TEST(PageTokenTest, RefusesEveryFlippedBit) {
  const ListCustomersRequest request;
  for (const char* key : {"", "k", "key"}) {
    const std::string text = EncodePageToken({7, 9, key}, request);
    for (size_t i = 0; i < text.size(); ++i) {
      for (int bit = 0; bit < 7; ++bit) {
        std::string damaged = text;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        EXPECT_THAT(DecodePageToken(damaged, request), RefusesToken()) << i << " " << bit;
      }
    }
  }
}

TEST(PageTokenTest, RefusesTruncatedAndExtendedTokens) {
  const ListCustomersRequest request;
  const std::string text = EncodePageToken(kToken, request);
  for (size_t i = 0; i < text.size(); ++i) {
    EXPECT_THAT(DecodePageToken(text.substr(0, i), request), RefusesToken()) << i;
  }
  EXPECT_THAT(DecodePageToken(text + "A", request), RefusesToken());
  EXPECT_THAT(DecodePageToken(text + text, request), RefusesToken());
}

TEST(PageTokenTest, RefusesForeignTexts) {
  const ListCustomersRequest request;
  for (const char* text : {"x", "1", "MS4yLjM", "' OR 1=1", "..", "Li4u"}) {
    EXPECT_THAT(DecodePageToken(text, request), RefusesToken()) << text;
  }
}

TEST(PageTokenTest, RefusesTheTokenOfAnotherMethod) {
  const std::string text = EncodePageToken(kToken, ListCustomersRequest());
  EXPECT_THAT(DecodePageToken(text, ListTransactionsRequest()), RefusesToken());
}

TEST(PageTokenTest, RefusesTheTokenOfAnotherFilter) {
  const auto women = Text<ListAssociationRulesRequest>("population { genders: \"Female\" }");
  const std::string text = EncodePageToken(kToken, women);
  EXPECT_THAT(DecodePageToken(text, women), IsOk());
  EXPECT_THAT(DecodePageToken(text, ListAssociationRulesRequest()), RefusesToken());
}

TEST(PageTokenTest, RefusesTheTokenOfAnotherOrder) {
  const auto request = Text<ListCustomersRequest>("filter: 'age > 3' order_by: 'age'");
  const std::string text = EncodePageToken(kToken, request);
  EXPECT_THAT(DecodePageToken(text, request), IsOk());
  for (const char* other : {"filter: 'age > 3'", "filter: 'age > 3' order_by: 'age desc'",
                            "filter: 'age > 4' order_by: 'age'", "order_by: 'age'",
                            "filter: 'age' order_by: 'age > 3'"}) {
    EXPECT_THAT(DecodePageToken(text, Text<ListCustomersRequest>(other)), RefusesToken()) << other;
  }
}

TEST(PageSizeTest, ZeroMeans50AndMoreThan1000Means1000) {
  EXPECT_EQ(PageSize(0), 50);
  EXPECT_EQ(PageSize(1), 1);
  EXPECT_EQ(PageSize(1000), 1000);
  EXPECT_EQ(PageSize(1001), 1000);
  EXPECT_EQ(PageSize(2'147'483'647), 1000);
}

}  // namespace
}  // namespace clustr::storage
