#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::EqualsText;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using Fields = std::vector<std::string>;

std::string Row(int64_t sku, double price) {
  return absl::StrCat(" products { product_sku: ", sku, " product_name: 'Cap' price: ", price,
                      " } ");
}

class ImportTest : public ::testing::Test {
 protected:
  auto Import(const std::vector<std::string>& requests) {
    return catalog_.Send(&Products::ImportProducts, requests);
  }
  v1::Product Stored(int64_t sku) {
    const auto got = catalog_.Ask(&Products::GetProduct, absl::StrCat("product_sku: ", sku));
    EXPECT_THAT(got, IsOk());
    return got.ok() ? got->product() : v1::Product();
  }

  testing::CatalogServer catalog_;
};

TEST_F(ImportTest, AnEmptyStreamChangesNothing) {
  EXPECT_THAT(*Import({}), EqualsText("summary {}"));
  EXPECT_THAT(*Import({""}), EqualsText("summary {}"));
}

TEST_F(ImportTest, RowsKeepTheirIds) {
  EXPECT_THAT(*Import({Row(40, 1) + Row(9006099743113215, 2), Row(7, 3)}),
              EqualsText("summary { created_count: 3 revision: 2 }"));
  EXPECT_EQ(Stored(9006099743113215).price(), 2);
  EXPECT_EQ(Stored(7).revision(), 2);
}

// gRPC's own reader used to end the stream there, and the rows behind were lost with status OK.
TEST_F(ImportTest, AMessageThatCannotBeDecodedIsNotTheEndOfTheStream) {
  std::vector<v1::ImportProductsRequest> requests(3);
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i] = testing::Text<v1::ImportProductsRequest>(Row(static_cast<int64_t>(i) + 1, 1));
  }
  requests[1].mutable_products(0)->set_product_name("Caf\xE9");
  EXPECT_THAT(catalog_.SendAll(&Products::ImportProducts, requests),
              testing::Fails(absl::StatusCode::kUnimplemented, "",
                             "message 2 of the stream cannot be decoded"));
  EXPECT_EQ(Stored(1).price(), 1);
  EXPECT_EQ(catalog_.Head(), 1);
}

TEST_F(ImportTest, TheSameStreamAgainChangesNothing) {
  const std::vector<std::string> requests = {Row(1, 1) + Row(2, 2), Row(3, 3)};
  EXPECT_THAT(Import(requests), IsOk());
  EXPECT_THAT(*Import(requests), EqualsText("summary { unchanged_count: 3 revision: 2 }"));
  EXPECT_EQ(catalog_.Head(), 2);
}

TEST_F(ImportTest, OfTwoRowsTheLaterWins) {
  EXPECT_THAT(*Import({Row(1, 1) + Row(1, 2), Row(1, 3)}),
              EqualsText("summary { created_count: 1 updated_count: 2 revision: 2 }"));
  EXPECT_EQ(Stored(1).price(), 3);
}

TEST_F(ImportTest, ABadRowIsReportedAndSkipped) {
  const auto imported =
      Import({Row(1, 1) + Row(2, -1), Row(3, 3) + " products { price: 0.001 brand: '\\n' } " +
                                          " products { product_sku: 5 }" + Row(6, 6)});
  ASSERT_THAT(imported, IsOk());
  const auto& summary = imported->summary();
  EXPECT_EQ(summary.created_count(), 3);
  EXPECT_EQ(summary.failed_count(), 3);
  ASSERT_EQ(summary.errors_size(), 3);
  EXPECT_THAT(summary.errors(0),
              EqualsText("row: 2 id: 2 violations { field: 'price' reason: 'FIELD_INVALID' "
                         "description: '-1 is below 0; give at least 0' }"));
  EXPECT_EQ(summary.errors(1).row(), 4);
  EXPECT_EQ(summary.errors(1).id(), 0);
  std::vector<std::string> fields;
  for (const auto& violation : summary.errors(1).violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, ::testing::ElementsAre("brand", "price", "product_sku", "product_name"));
  EXPECT_EQ(summary.errors(2).row(), 5);
  EXPECT_EQ(summary.errors(2).violations_size(), 2);
  EXPECT_EQ(Stored(6).price(), 6);
}

TEST_F(ImportTest, TheFirstHundredBadRowsAreReported) {
  std::vector<std::string> requests(3);
  for (int i = 0; i < 180; ++i) requests[i / 60] += Row(i + 1, -1);
  const auto imported = Import(requests);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().failed_count(), 180);
  ASSERT_EQ(imported->summary().errors_size(), 100);
  EXPECT_EQ(imported->summary().errors(99).row(), 100);
}

TEST_F(ImportTest, WithoutAMaskUnsetFieldsKeepWhatIsStored) {
  EXPECT_THAT(Import({"products { product_sku: 1 product_name: 'Cap' price: 1 brand: 'Apex' }"}),
              IsOk());
  EXPECT_THAT(Import({"products { product_sku: 1 price: 2 revision: 99 }"}), IsOk());
  EXPECT_THAT(Stored(1), EqualsText("product_sku: 1 product_name: 'Cap' price: 2 brand: 'Apex' "
                                    "revision: 2"));
}

TEST_F(ImportTest, AMaskOfTheFirstMessageClearsWhatARowLeavesUnset) {
  EXPECT_THAT(Import({"products { product_sku: 1 product_name: 'Cap' price: 1 brand: 'Apex' }"}),
              IsOk());
  EXPECT_THAT(Import({"update_mask { paths: 'brand' }", "products { product_sku: 1 price: 9 }"}),
              IsOk());
  EXPECT_THAT(Stored(1), EqualsText("product_sku: 1 product_name: 'Cap' price: 1 revision: 2"));
}

TEST_F(ImportTest, AWrongMaskRefusesTheStream) {
  EXPECT_THAT(Import({Row(1, 1) + " update_mask { paths: 'colour' paths: 'revision' }"}),
              RefusesFields(Fields{"update_mask", "update_mask"}));
  EXPECT_EQ(catalog_.Head(), 0);
}

TEST_F(ImportTest, AMessageHasAtMostAThousandRows) {
  std::string rows;
  for (int sku = 1; sku <= 1001; ++sku) rows += Row(sku, 1);
  EXPECT_THAT(Import({rows}), RefusesFields(Fields{"products"}));
}

TEST_F(ImportTest, ValidateOnlyChecksEveryRowAndChangesNothing) {
  EXPECT_THAT(Import({Row(1, 1)}), IsOk());
  const auto checked = Import({"validate_only: true" + Row(1, 2) + Row(2, 2), Row(3, -1)});
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->summary().created_count(), 1);
  EXPECT_EQ(checked->summary().updated_count(), 1);
  EXPECT_EQ(checked->summary().failed_count(), 1);
  EXPECT_EQ(Stored(1).price(), 1);
  EXPECT_EQ(catalog_.Head(), 1);
}

TEST_F(ImportTest, ADeletedIdComesBack) {
  EXPECT_THAT(Import({Row(1, 1) + Row(2, 2)}), IsOk());
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"), IsOk());
  EXPECT_THAT(*Import({Row(1, 1)}), EqualsText("summary { created_count: 1 revision: 3 }"));
  EXPECT_EQ(Stored(1).revision(), 3);
  const auto changes =
      catalog_.Receive(&testing::CatalogStream::StreamCatalog, "after_revision: 1");
  ASSERT_THAT(changes, IsOk());
  ASSERT_EQ((*changes)[0].changes_size(), 1);
  EXPECT_TRUE((*changes)[0].changes(0).has_product());
}

std::string Keyed(const std::string& external_id, double price) {
  return absl::StrCat(" products { external_id: '", external_id,
                      "' product_name: 'Cap' price: ", price, " } ");
}

TEST_F(ImportTest, ARowWithoutAnIdIsTheStoredOneWithItsExternalId) {
  EXPECT_THAT(*Import({Row(7, 1) + Keyed("A", 2) + Keyed("B", 3)}),
              EqualsText("summary { created_count: 3 revision: 1 }"));
  EXPECT_THAT(Stored(8), EqualsText("product_sku: 8 product_name: 'Cap' price: 2 external_id: 'A' "
                                    "revision: 1"));
  EXPECT_THAT(*Import({Keyed("B", 3) + Keyed("A", 4)}),
              EqualsText("summary { updated_count: 1 unchanged_count: 1 revision: 2 }"));
  EXPECT_EQ(Stored(8).price(), 4);
  EXPECT_EQ(catalog_.Ask(&Products::ListProducts, "page_size: 1")->total_size(), 3);
}

TEST_F(ImportTest, OfTwoRowsWithOneExternalIdTheLaterWinsInOneMessageAndAcross) {
  EXPECT_THAT(*Import({Keyed("A", 1) + Keyed("A", 2), Keyed("A", 3)}),
              EqualsText("summary { created_count: 1 updated_count: 2 revision: 2 }"));
  EXPECT_EQ(Stored(1).price(), 3);
}

TEST_F(ImportTest, ARowWithNeitherIdNorExternalIdIsRefused) {
  const auto imported =
      Import({" products { product_name: 'Cap' price: 1 }" + Keyed("", 1) + Keyed("A", 1)});
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().created_count(), 1);
  ASSERT_EQ(imported->summary().errors_size(), 2);
  for (const auto& error : imported->summary().errors()) {
    const auto& last = *error.violations().rbegin();
    EXPECT_EQ(last.field(), "product_sku");
    EXPECT_EQ(last.description(), "is required in an import; give the row's id or its external_id");
  }
  EXPECT_EQ(imported->summary().errors(1).violations(0).field(), "external_id");
}

TEST_F(ImportTest, ABadRowWithAnExternalIdSaysWhichRowItWouldHaveChanged) {
  EXPECT_THAT(Import({Row(4, 1) + Keyed("A", 1)}), IsOk());
  const auto imported =
      Import({" products { external_id: 'A' price: -1 } products { "
              "external_id: 'B' price: -1 }"});
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->summary().errors_size(), 2);
  EXPECT_EQ(imported->summary().errors(0).id(), 5);
  EXPECT_EQ(imported->summary().errors(0).violations_size(), 1);
  EXPECT_EQ(imported->summary().errors(1).id(), 0);
  EXPECT_EQ(imported->summary().errors(1).violations_size(), 2);
  EXPECT_EQ(imported->summary().errors(1).violations(1).field(), "product_name");
}

TEST_F(ImportTest, AnIdAndTheExternalIdOfAnotherRowAreRefused) {
  EXPECT_THAT(Import({Keyed("A", 1) + Keyed("B", 1)}), IsOk());
  const auto imported = Import({"products { product_sku: 2 external_id: 'A' }"});
  ASSERT_THAT(imported, IsOk());
  ASSERT_EQ(imported->summary().errors_size(), 1);
  EXPECT_EQ(imported->summary().errors(0).violations(0).reason(), "EXTERNAL_ID_EXISTS");
}

TEST_F(ImportTest, ATimeframeIsKnownByItsDate) {
  const auto import = [&] {
    return catalog_.Send(&testing::Timeframes::ImportTimeframes,
                         {"timeframes { date: '2024-01-31' } timeframes { date: '2024-02-01' }"});
  };
  EXPECT_THAT(*import(), EqualsText("summary { created_count: 2 revision: 1 }"));
  EXPECT_THAT(*import(), EqualsText("summary { unchanged_count: 2 revision: 1 }"));
}

TEST_F(ImportTest, ManyStreamsAtOnceLandEveryRow) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      std::vector<std::string> requests(20);
      for (int i = 0; i < 200; ++i) requests[i / 10] += Row(1 + t + 4 * i, 1);
      EXPECT_THAT(Import(requests), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(catalog_.Ask(&Products::ListProducts, "page_size: 1")->total_size(), 800);
}

}  // namespace
}  // namespace clustr::catalog
