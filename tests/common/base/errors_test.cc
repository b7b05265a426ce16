#include "common/base/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr {
namespace {

using ::clustr::testing::DetailBytes;
using ::clustr::testing::Fails;
using ::clustr::testing::RefusesFields;
using ::clustr::testing::ViolatedFields;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

template <class Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload =
      status.GetPayload("type.googleapis.com/" + std::string(Detail::descriptor()->full_name()));
  EXPECT_TRUE(payload.has_value()) << status;
  if (payload.has_value()) detail.ParseFromString(std::string(*payload));
  return detail;
}

std::vector<Violation> Many(int count, const std::string& description) {
  std::vector<Violation> violations;
  for (int i = 0; i < count; ++i) {
    violations.push_back({absl::StrCat("sales[", i, "].quantity"), description});
  }
  return violations;
}

TEST(MakeErrorTest, CarriesReasonDomainAndMetadata) {
  const absl::Status status =
      MakeError(common::v1::ERROR_REASON_REVISION_MISMATCH, "read it again", {{"at", "7"}});
  EXPECT_THAT(status, Fails(absl::StatusCode::kAborted, "REVISION_MISMATCH", "read it again"));
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.domain(), "clustr");
  EXPECT_EQ(info.metadata().at("at"), "7");
}

TEST(ViolationErrorTest, TellsAllInOneMessageAndInDetails) {
  const absl::Status status =
      ViolationError({{"price", "-1 is below 0; give at least 0"}, {"brand", "is too long"}});
  EXPECT_THAT(status, RefusesFields(std::vector<std::string>{"price", "brand"}));
  EXPECT_EQ(status.message(), "price: -1 is below 0; give at least 0; brand: is too long");
}

TEST(ViolationErrorTest, TellsTheFirstTwentyAndHowManyMore) {
  const absl::Status status = ViolationError(Many(25, "is bad"));
  EXPECT_THAT(ViolatedFields(status), SizeIs(20));
  EXPECT_THAT(std::string(status.message()), HasSubstr("; and 5 more"));
}

TEST(ViolationErrorTest, TellsNothingOfMoreWhereAllAreTold) {
  EXPECT_THAT(std::string(ViolationError(Many(20, "is bad")).message()),
              ::testing::Not(HasSubstr("more")));
}

TEST(ViolationErrorTest, TellsAsManyAsFitInFourKibibytes) {
  const absl::Status status = ViolationError(Many(20, std::string(200, 'x')));
  const size_t told = ViolatedFields(status).size();
  EXPECT_LT(told, 20);
  EXPECT_GE(told, 3);
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("; and ", 20 - told, " more")));
  EXPECT_LT(status.message().size() + DetailBytes(status), 4096);
}

TEST(ViolationErrorTest, TellsOneViolationHoweverLong) {
  EXPECT_THAT(ViolatedFields(ViolationError({{"brand", std::string(3000, 'x')}})),
              ElementsAre("brand"));
}

TEST(ViolationErrorTest, TakesTheCodeOfItsReason) {
  const auto code_of = [](ErrorReason reason) {
    return ViolationError({{"f", "d", reason}}).code();
  };
  EXPECT_EQ(code_of(common::v1::ERROR_REASON_FILTER_INVALID), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(common::v1::ERROR_REASON_DATE_EXISTS), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(code_of(common::v1::ERROR_REASON_REFERENCE_MISSING),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code_of(common::v1::ERROR_REASON_REVISION_MISMATCH), absl::StatusCode::kAborted);
}

TEST(ViolationErrorTest, AsksToRetryWhereAnUpstreamIsOut) {
  const absl::Status status =
      ViolationError({{"product_sku", "catalog is out", common::v1::ERROR_REASON_UPSTREAM}});
  EXPECT_THAT(status, Fails(absl::StatusCode::kUnavailable, "UPSTREAM", "catalog is out"));
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(status).retry_delay().seconds(), 1);
}

TEST(ViolationErrorTest, AnInvalidFieldOutranksAMissingReference) {
  const absl::Status status =
      ViolationError({{"product_sku", "no product 7", common::v1::ERROR_REASON_REFERENCE_MISSING},
                      {"quantity", "0 is below 1"}});
  EXPECT_THAT(status, RefusesFields(std::vector<std::string>{"quantity", "product_sku"}));
}

TEST(ViolationErrorTest, MetadataAreThoseOfTheViolationThatGivesTheReason) {
  const absl::Status status = ViolationError(
      {{"sales[0].product_sku", "no product 7", common::v1::ERROR_REASON_REFERENCE_MISSING},
       {"quantity", "9 is above 3", common::v1::ERROR_REASON_FIELD_INVALID, {{"limit", "3"}}}});
  EXPECT_THAT(MetadataOf(status),
              UnorderedElementsAre(Pair("field", "quantity"), Pair("limit", "3"),
                                   Pair("violation_count", "2")));
  EXPECT_THAT(MetadataOf(FieldError("price", "is bad")), ElementsAre(Pair("field", "price")));
}

TEST(ViolationErrorTest, MetadataNameEachMissingValueOnce) {
  const auto missing = [](const char* field, const char* value) {
    return Violation{
        field, "is missing", common::v1::ERROR_REASON_REFERENCE_MISSING, {{"value", value}}};
  };
  const absl::Status status =
      ViolationError({missing("sales[0].product_sku", "7"), missing("sales[1].product_sku", "8"),
                      missing("sales[2].product_sku", "7")});
  EXPECT_THAT(MetadataOf(status),
              UnorderedElementsAre(Pair("field", "sales[0].product_sku"), Pair("value", "7"),
                                   Pair("values", "7,8"), Pair("violation_count", "3")));
}

TEST(ViolationErrorTest, MissingValuesThatCommasDoNotSeparateOrThatAreCutAreNotListed) {
  for (const std::string& value : {std::string("cup,red"), Shortened(std::string(41, 'x'))}) {
    const auto missing = [](const char* field, const std::string& of) {
      return Violation{
          field, "is missing", common::v1::ERROR_REASON_REFERENCE_MISSING, {{"value", of}}};
    };
    EXPECT_THAT(
        MetadataOf(ViolationError({missing("a", "7"), missing("b", value)})),
        UnorderedElementsAre(Pair("field", "a"), Pair("value", "7"), Pair("violation_count", "2")));
  }
}

TEST(NotFoundErrorTest, NamesTheResource) {
  const absl::Status status = NotFoundError("PRODUCT", "7");
  EXPECT_THAT(status, Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", "no product 7"));
  EXPECT_THAT(MetadataOf(status), UnorderedElementsAre(Pair("ids", "7"), Pair("id_count", "1")));
}

TEST(NotFoundErrorTest, NamesTheFirstTwentyAndHowManyMore) {
  std::vector<std::string> ids;
  for (int i = 1; i <= 22; ++i) ids.push_back(absl::StrCat(i));
  const absl::Status status = NotFoundError("SALE", ids);
  EXPECT_EQ(status.message(),
            "no sale 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 and 2 "
            "more");
  EXPECT_THAT(
      MetadataOf(status),
      UnorderedElementsAre(Pair("ids", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20"),
                           Pair("id_count", "22")));
}

TEST(WithMetadataTest, AddsWhatIsMissingAndKeepsTheRest) {
  absl::Status status = FieldError("price", "is bad");
  status = WithMetadata(status, {{"field", "other"}, {"value", "-1"}});
  EXPECT_THAT(MetadataOf(status),
              UnorderedElementsAre(Pair("field", "price"), Pair("value", "-1")));
  EXPECT_THAT(status, RefusesFields(std::vector<std::string>{"price"}));
}

TEST(WithMetadataTest, LeavesForeignErrorsAlone) {
  const absl::Status foreign = absl::InternalError("oh");
  EXPECT_EQ(WithMetadata(foreign, {{"value", "1"}}), foreign);
  EXPECT_THAT(MetadataOf(foreign), IsEmpty());
}

TEST(MakeErrorTest, SaysWhenToRetryWhereThatHelps) {
  const auto retry =
      DetailOf<google::rpc::RetryInfo>(MakeError(common::v1::ERROR_REASON_STARTING, "not yet"));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_FALSE(MakeError(common::v1::ERROR_REASON_DISK_FULL, "full")
                   .GetPayload("type.googleapis.com/google.rpc.RetryInfo")
                   .has_value());
}

TEST(ReasonOfTest, IsUnspecifiedForForeignErrors) {
  EXPECT_EQ(ReasonOf(absl::InternalError("oh")), common::v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonOf(absl::OkStatus()), common::v1::ERROR_REASON_UNSPECIFIED);
}

TEST(QuotedTest, CutsAtFortyCodePointsNotBytes) {
  std::string cats;
  for (int i = 0; i < 40; ++i) cats += "🐈";
  EXPECT_EQ(Quoted("a\"b"), "\"a\"b\"");
  EXPECT_EQ(Quoted(cats), "\"" + cats + "\"");
  EXPECT_EQ(Quoted(cats + "x"), "\"" + cats + "…\"");
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  CLUSTR_ASSIGN_OR_RETURN(const int half, Half(number));
  CLUSTR_RETURN_IF_ERROR(Half(half).status());
  return half / 2;
}

TEST(StatusMacrosTest, LeaveWithTheError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(7).status().message(), "odd");
  EXPECT_EQ(Quarter(6).status().message(), "odd");
}

}  // namespace
}  // namespace clustr
