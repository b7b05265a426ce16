#include "common/rpc/status.h"

#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

TEST(StatusTest, EveryCodeComesBack) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "what to do");
    EXPECT_EQ(static_cast<int>(ToGrpc(status).error_code()), code);
    EXPECT_EQ(ToGrpc(status).error_message(), "what to do");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
}

TEST(StatusTest, DetailsComeBack) {
  const absl::Status status = ViolationError(
      {{"product.price", "-1 is below 0; give at least 0", common::v1::ERROR_REASON_UPSTREAM}});
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  EXPECT_EQ(ReasonName(ReasonOf(FromGrpc(ToGrpc(status)))), "UPSTREAM");
  EXPECT_THAT(testing::ViolatedFields(FromGrpc(ToGrpc(status))),
              ::testing::ElementsAre("product.price"));
}

TEST(StatusTest, DetailsThatDoNotFitAreLeftOutAndTheMessageStandsAlone) {
  const absl::Status status = MakeError(common::v1::ERROR_REASON_PRODUCT_NOT_FOUND, "no product 7",
                                        {{"much", std::string(5000, 'x')}});
  const grpc::Status sent = ToGrpc(status);
  EXPECT_EQ(sent.error_message(), "no product 7");
  EXPECT_EQ(sent.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(sent.error_details().empty());
  EXPECT_EQ(FromGrpc(sent).message(), "no product 7");
}

TEST(StatusTest, DetailsLoseTheirMessageBeforeTheyAreLeftOut) {
  const absl::Status status = MakeError(common::v1::ERROR_REASON_QUOTA, std::string(3000, 'm'),
                                        {{"much", std::string(2000, 'x')}});
  EXPECT_LE(ToGrpc(status).error_details().size(), 4096);
  EXPECT_EQ(ReasonName(ReasonOf(FromGrpc(ToGrpc(status)))), "QUOTA");
  EXPECT_EQ(FromGrpc(ToGrpc(status)).message(), status.message());
}

// On the wire, a byte of an emoji in the message is three: the trailers of such an error were lost.
TEST(StatusTest, DetailsLeaveRoomForAMessageThatIsNotAscii) {
  std::string emojis;
  for (int i = 0; i < 40; ++i) emojis += "\U0001F600";
  std::vector<Violation> violations;
  for (int i = 0; i < 20; ++i) {
    const std::string value = Shortened(std::to_string(i) + emojis);
    violations.push_back({"sales[0].product_external_id",
                          "catalog has no product " + value,
                          common::v1::ERROR_REASON_REFERENCE_MISSING,
                          {{"value", value}}});
  }
  const absl::Status status = ViolationError(std::move(violations));
  const grpc::Status sent = ToGrpc(status);
  size_t bytes = (sent.error_details().size() + 2) / 3 * 4;
  for (const char c : sent.error_message()) bytes += c >= ' ' && c <= '~' ? 1 : 3;
  EXPECT_GT(sent.error_message().size(), 1000);
  EXPECT_LE(bytes, 8000);
  EXPECT_EQ(ReasonName(ReasonOf(FromGrpc(sent))), "REFERENCE_MISSING");
}

TEST(StatusTest, DetailsThatDoNotParseAreIgnored) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "oh", "\xFF\xFFno proto");
  EXPECT_EQ(FromGrpc(status).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(FromGrpc(status).message(), "oh");
}

}  // namespace
}  // namespace clustr::rpc
