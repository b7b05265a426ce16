#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;
using testing::Timeframes;
using Fields = std::vector<std::string>;

class TimeframesTest : public ::testing::Test {
 protected:
  auto Create(const std::string& timeframe) {
    return catalog_.Ask(&Timeframes::CreateTimeframe, "timeframe { " + timeframe + " }");
  }
  auto Update(const std::string& request) {
    return catalog_.Ask(&Timeframes::UpdateTimeframe, request);
  }
  auto Import(const std::string& request) {
    return catalog_.Send(&Timeframes::ImportTimeframes, {request});
  }

  testing::CatalogServer catalog_;
};

TEST_F(TimeframesTest, AreFilledFromTheirDate) {
  EXPECT_THAT(*Create("date: '2024-02-29'"),
              EqualsText("timeframe { time_id: 1 date: '2024-02-29' day: 29 month: 2 year: 2024 "
                         "revision: 1 }"));
  EXPECT_THAT(Create("date: '2024-03-01' day: 1 month: 3 year: 2024"), IsOk());
}

TEST_F(TimeframesTest, AgreeWithTheirDate) {
  EXPECT_THAT(Create("date: '2024-02-29' day: 28 month: 3 year: -1"),
              RefusesFields(Fields{"timeframe.day", "timeframe.month", "timeframe.year"}));
  EXPECT_THAT(Create("date: '2024-02-30'"), RefusesFields(Fields{
                                                "timeframe.date",
                                            }));
  EXPECT_THAT(Create("day: 3"), RefusesFields(Fields{"timeframe.date"}));
}

TEST_F(TimeframesTest, ADateIsThereOnce) {
  EXPECT_THAT(Create("date: '2024-02-29'"), IsOk());
  EXPECT_THAT(
      Create("date: '2024-02-29'"),
      Fails(absl::StatusCode::kAlreadyExists, "DATE_EXISTS",
            "timeframe.date: \"2024-02-29\" is already taken by timeframe 1; use that one"));
  EXPECT_THAT(catalog_.Ask(&Timeframes::DeleteTimeframe, "time_id: 1"), IsOk());
  const auto again = Create("date: '2024-02-29'");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->timeframe().time_id(), 2);
}

TEST_F(TimeframesTest, ADateNeverChanges) {
  EXPECT_THAT(Create("date: '2024-02-29'"), IsOk());
  EXPECT_THAT(Update("timeframe { time_id: 1 date: '2024-03-01' }"),
              RefusesFields(Fields{"timeframe.date"}));
  EXPECT_THAT(Update("timeframe { time_id: 1 date: '2024-02-29' day: 29 }"), IsOk());
  EXPECT_THAT(Update("timeframe { time_id: 1 day: 28 }"), RefusesFields(Fields{"timeframe.day"}));
  EXPECT_THAT(Update("timeframe { time_id: 1 date: '2024-02-29' } update_mask { paths: '*' }"),
              IsOk());
  EXPECT_EQ(catalog_.Head(), 1);
}

TEST_F(TimeframesTest, AreImportedWithTheSameRules) {
  const std::string rows =
      "timeframes { time_id: 5 date: '2024-01-05' } "
      "timeframes { time_id: 6 date: '2024-01-05' } "
      "timeframes { time_id: 5 date: '2024-01-06' } "
      "timeframes { time_id: 7 date: '2024-01-07' day: 8 } "
      "timeframes { time_id: 5 day: 5 }";
  const auto imported = Import(rows);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().created_count(), 1);
  EXPECT_EQ(imported->summary().unchanged_count(), 1);
  EXPECT_EQ(imported->summary().failed_count(), 3);
  EXPECT_EQ(imported->summary().errors(0).row(), 2);
  EXPECT_EQ(imported->summary().errors(0).violations(0).reason(), "DATE_EXISTS");
  EXPECT_EQ(imported->summary().errors(1).violations(0).field(), "date");
  EXPECT_EQ(imported->summary().errors(2).violations(0).field(), "day");
}

TEST_F(TimeframesTest, AnImportKeepsWhatTheServerFilled) {
  const std::string row =
      "timeframes { time_id: 5 date: '2024-01-05' } "
      "update_mask { paths: 'date' paths: 'day' paths: 'month' paths: 'year' }";
  EXPECT_EQ(Import(row)->summary().created_count(), 1);
  EXPECT_EQ(Import(row)->summary().unchanged_count(), 1);
  EXPECT_THAT(*catalog_.Ask(&Timeframes::GetTimeframe, "time_id: 5"),
              EqualsText("timeframe { time_id: 5 date: '2024-01-05' day: 5 month: 1 year: 2024 "
                         "revision: 1 }"));
}

}  // namespace
}  // namespace clustr::catalog
