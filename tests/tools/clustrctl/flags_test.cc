#include "tools/clustrctl/flags.h"

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "clustr/bundles/v1/population.pb.h"
#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FlagSetTest : public ::testing::Test {
 protected:
  FlagSetTest() {
    flags_.Text("name", "TEXT", "who", &name_);
    flags_.Int64("limit", "how many", &limit_);
    flags_.Double("mean", "about", &mean_);
    flags_.Switch("verbose", "more", &verbose_);
    flags_.OptionalValue("wait", "SECONDS", "until", [this](std::string_view value) {
      wait_ = value.data() == nullptr ? "alone" : std::string(value);
      return std::string();
    });
    flags_.Field("city", &population_, "cities", "where");
    flags_.Field("min-age", &population_, "min_age", "how old");
    flags_.Field("in-stock-only", &constraints_, "in_stock_only", "stock");
  }

  std::string ErrorOf(const std::vector<std::string>& arguments) {
    const auto others = flags_.Parse(arguments);
    EXPECT_EQ(others.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(others.status().message());
  }

  FlagSet flags_;
  std::string name_;
  int64_t limit_ = 20;
  double mean_ = 0;
  bool verbose_ = false;
  std::string wait_;
  bundles::v1::Population population_;
  bundles::v1::BundleConstraints constraints_;
};

TEST_F(FlagSetTest, ReadsValuesAfterAnEqualsSignOrASpace) {
  const auto others = flags_.Parse({"a", "--name=x=y", "--limit", "-3", "--verbose", "b"});
  ASSERT_TRUE(others.ok()) << others.status();
  EXPECT_THAT(*others, ElementsAre("a", "b"));
  EXPECT_EQ(name_, "x=y");
  EXPECT_EQ(limit_, -3);
  EXPECT_TRUE(verbose_);
}

TEST_F(FlagSetTest, EverythingAfterTwoDashesIsPositional) {
  EXPECT_THAT(*flags_.Parse({"--", "--name=x"}), ElementsAre("--name=x"));
}

TEST_F(FlagSetTest, LeadingFlagsEndAtTheFirstPositionalArgument) {
  EXPECT_THAT(*flags_.ParseLeading({"--limit=7", "rules", "--nope"}),
              ElementsAre("rules", "--nope"));
  EXPECT_EQ(limit_, 7);
}

TEST_F(FlagSetTest, SetsFieldsOfAMessage) {
  ASSERT_TRUE(flags_.Parse({"--city=Yerevan", "--city=", "--min-age=18", "--in-stock-only"}).ok());
  EXPECT_THAT(population_.cities(), ElementsAre("Yerevan", ""));
  EXPECT_EQ(population_.min_age(), 18);
  EXPECT_TRUE(constraints_.in_stock_only());
}

TEST_F(FlagSetTest, SetsABoolToFalse) {
  ASSERT_TRUE(flags_.Parse({"--in-stock-only=false"}).ok());
  EXPECT_TRUE(constraints_.has_in_stock_only());
  EXPECT_FALSE(constraints_.in_stock_only());
}

TEST_F(FlagSetTest, AnOptionalValueMayBeLeftOut) {
  EXPECT_THAT(*flags_.Parse({"--wait", "x"}), ElementsAre("x"));
  EXPECT_EQ(wait_, "alone");
}

TEST_F(FlagSetTest, ReadsSharesWithAndWithoutAPercentSign) {
  for (const auto& [text, share] :
       std::initializer_list<std::pair<const char*, double>>{{"1%", 0.01},
                                                             {"0.01", 0.01},
                                                             {"1 %", 0.01},
                                                             {"0.7%", 0.007},
                                                             {"100%", 1},
                                                             {"0", 0},
                                                             {"12.5%", 0.125},
                                                             {"5e-3", 0.005},
                                                             {"150%", 1.5},
                                                             {"-3%", -0.03}}) {
    bundles::v1::RuleThresholds thresholds;
    FlagSet flags;
    flags.Share("min-support", &thresholds, "min_support", "");
    ASSERT_TRUE(flags.Parse({std::string("--min-support=") + text}).ok()) << text;
    EXPECT_EQ(thresholds.min_support(), share) << text;
  }
  for (const char* text : {"", "%", "x%", "1%%", "1e-1%", "nan", "nan%", "inf%", "1,5%", "% 1"}) {
    bundles::v1::RuleThresholds thresholds;
    FlagSet flags;
    flags.Share("min-support", &thresholds, "min_support", "");
    const absl::Status status = flags.Parse({std::string("--min-support=") + text}).status();
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("is not a share; give for example 0.01 or 1%"))
        << text;
  }
}

TEST_F(FlagSetTest, NamesFlagsInsteadOfFields) {
  flags_.Share("min-support", &constraints_, "min_support", "");
  const auto told = [&](const char* text) { return flags_.WithFlagNames(text); };
  EXPECT_EQ(told("thresholds.min_support: 2 is above 1; give at most 1"),
            "--min-support: 2 is above 1; give at most 1");
  EXPECT_EQ(told("population.cities[2]: is blank"), "--city: is blank");
  EXPECT_EQ(told("min_age: 200 is above 150"), "--min-age: 200 is above 150");
  EXPECT_EQ(told("lower constraints.min_support."), "lower --min-support.");
  EXPECT_EQ(told("cities: a; b.cities"), "--city: a; --city");
  // An ordinary word, what users wrote, and paths of other fields stay.
  for (const char* same :
       {"the cities are many", "\"min_support: 1\" is \"cities:\"", "sales[0].product_sku: 0",
        "catalog at 127.0.0.1:50051: --min-support=2", "", ".", "..", "a.[", "\""}) {
    EXPECT_EQ(told(same), same);
  }
}

TEST_F(FlagSetTest, HelpFitsATerminal) {
  FlagSet flags;
  bool on = false;
  flags.Switch("a-long-name", "explains what the flag does in many words", &on);
  flags.Switch("b", "short", &on);
  EXPECT_EQ(flags.Help(),
            "  --a-long-name  explains what the flag does in many words\n"
            "  --b            short\n");
  EXPECT_EQ(flags.Help(36),
            "  --a-long-name\n"
            "            explains what the flag\n"
            "            does in many words\n"
            "  --b       short\n");
}

TEST_F(FlagSetTest, RefusalNamesFlagValueAndRemedy) {
  EXPECT_EQ(ErrorOf({"--nope"}), "--nope is unknown; --help lists the flags");
  EXPECT_EQ(ErrorOf({"--limit=abc"}),
            "--limit: \"abc\" is not a whole number; give for example 42");
}

TEST_F(FlagSetTest, RefusesWrongNumbers) {
  EXPECT_THAT(ErrorOf({"--mean=nan"}), HasSubstr("--mean: \"nan\" is not a number"));
  EXPECT_THAT(ErrorOf({"--min-age=1.5"}), HasSubstr("--min-age: \"1.5\" is not a whole number"));
}

TEST_F(FlagSetTest, RefusesAMissingValueARepeatedFlagAndAnUnexpectedValue) {
  EXPECT_EQ(ErrorOf({"--name"}), "--name needs a value; give --name=TEXT");
  EXPECT_EQ(ErrorOf({"--limit=1", "--limit=2"}), "--limit is given twice; give it once");
  EXPECT_EQ(ErrorOf({"--verbose=1"}), "--verbose takes no value; give it alone");
}

TEST(RowNamesTest, ANumberIsAnIdAndAnyOtherTextAnExternalId) {
  bundles::v1::RecommendProductsRequest request;
  ASSERT_TRUE(AddRowNames("1001,85123A,@1001,@@x,7", "basket_skus", &request).ok());
  EXPECT_THAT(request.basket_skus(), ElementsAre(1001, 7));
  EXPECT_THAT(request.basket_external_ids(), ElementsAre("85123A", "1001", "@x"));
  for (const char* bad : {"", "1,", "0", "-4", "@", "1,@", "9223372036854775808"}) {
    EXPECT_EQ(AddRowNames(bad, "basket_skus", &request).code(), absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(RowNamesTest, AFlagTakesEither) {
  bundles::v1::RecommendProductsRequest request;
  FlagSet flags;
  flags.Field("customer", &request, "customer_id", "who");
  flags.Field("exclude", request.mutable_constraints(), "excluded_skus", "not this");
  ASSERT_TRUE(flags.Parse({"--customer=C-17", "--exclude=5", "--exclude=@5"}).ok());
  EXPECT_EQ(request.customer_external_id(), "C-17");
  EXPECT_FALSE(request.has_customer_id());
  EXPECT_THAT(request.constraints().excluded_skus(), ElementsAre(5));
  EXPECT_THAT(request.constraints().excluded_external_ids(), ElementsAre("5"));
}

}  // namespace
}  // namespace clustr::ctl
