#include "common/resource/importer.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::resource {
namespace {

TEST(ImportErrorsTest, ARowReportsItsPlaceItsIdAndEveryViolation) {
  EXPECT_THAT(MakeRowError(3, 7,
                           {{"price", "-1 is below 0"},
                            {"date", "is there", common::v1::ERROR_REASON_DATE_EXISTS}}),
              testing::EqualsText(
                  "row: 3 id: 7 "
                  "violations { field: 'price' description: '-1 is below 0' "
                  "reason: 'FIELD_INVALID' } "
                  "violations { field: 'date' description: 'is there' reason: 'DATE_EXISTS' }"));
}

TEST(ImportErrorsTest, TheFirstHundredRowsAreKeptWhateverTheirOrder) {
  common::v1::ImportSummary summary;
  const auto batch = [](int64_t from, int64_t to) {
    std::vector<common::v1::RowError> errors;
    for (int64_t row = from; row <= to; ++row) errors.push_back(MakeRowError(row, 0, {}));
    return errors;
  };
  MergeErrors(batch(61, 160), &summary);
  MergeErrors(batch(1, 60), &summary);
  ASSERT_EQ(summary.errors_size(), 100);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(summary.errors(i).row(), i + 1);
}

TEST(RowFaultsTest, KeepsTheViolationsOfTheFirstHundredRefusedRows) {
  RowFaults faults(250);
  for (int row = 1; row < 250; row += 2) faults.Refuse(row, {{"id", "is required"}});
  EXPECT_FALSE(faults.IsRefused(0));
  EXPECT_EQ(faults.Find(0), nullptr);
  EXPECT_TRUE(faults.IsRefused(199));
  ASSERT_NE(faults.Find(199), nullptr);
  EXPECT_EQ(faults.Find(199)->front().field, "id");
  EXPECT_TRUE(faults.IsRefused(201));
  EXPECT_EQ(faults.Find(201), nullptr);
}

}  // namespace
}  // namespace clustr::resource
