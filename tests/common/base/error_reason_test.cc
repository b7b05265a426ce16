#include "common/base/error_reason.h"

#include "absl/strings/str_cat.h"
#include "clustr/options/v1/options.pb.h"
#include "gtest/gtest.h"

namespace clustr {
namespace {

TEST(ErrorReasonTest, NamesReadBackAndHaveNoPrefix) {
  EXPECT_EQ(ReasonName(common::v1::ERROR_REASON_QUOTA), "QUOTA");
  EXPECT_EQ(ReasonNamed("QUOTA"), common::v1::ERROR_REASON_QUOTA);
}

TEST(ErrorReasonTest, AnUnknownNameIsUnspecifiedAndHasNoName) {
  EXPECT_EQ(ReasonNamed("NO_SUCH_REASON"), common::v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonNamed(""), common::v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonName(common::v1::ERROR_REASON_UNSPECIFIED), "");
  EXPECT_EQ(CodeOf(common::v1::ERROR_REASON_UNSPECIFIED), absl::StatusCode::kInternal);
}

TEST(ErrorReasonTest, EveryReasonHasACodeOfGrpc) {
  const auto& reasons = *common::v1::ErrorReason_descriptor();
  for (int i = 1; i < reasons.value_count(); ++i) {
    const auto reason = static_cast<ErrorReason>(reasons.value(i)->number());
    const auto& options = reasons.value(i)->options().GetExtension(options::v1::reason);
    EXPECT_EQ(absl::StatusCodeToString(CodeOf(reason)), options.code()) << reasons.value(i)->name();
  }
}

TEST(ErrorReasonTest, EveryUnavailableReasonSaysWhenToRetry) {
  const auto& reasons = *common::v1::ErrorReason_descriptor();
  for (int i = 1; i < reasons.value_count(); ++i) {
    const auto reason = static_cast<ErrorReason>(reasons.value(i)->number());
    if (CodeOf(reason) != absl::StatusCode::kUnavailable) continue;
    EXPECT_GT(RetryDelayOf(reason), absl::ZeroDuration()) << reasons.value(i)->name();
  }
}

TEST(ErrorReasonTest, DocumentsItsMetadata) {
  EXPECT_TRUE(HasMetadata(common::v1::ERROR_REASON_FIELD_INVALID, "field"));
  EXPECT_TRUE(HasMetadata(common::v1::ERROR_REASON_FIELD_INVALID, "value"));
  EXPECT_FALSE(HasMetadata(common::v1::ERROR_REASON_FILTER_INVALID, "value"));
  EXPECT_FALSE(HasMetadata(common::v1::ERROR_REASON_UNSPECIFIED, "field"));
}

}  // namespace
}  // namespace clustr
