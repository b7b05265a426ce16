#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/base/error_reason.h"
#include "common/schema/annotations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/matchers.h"
#include "tools/schema_dump/data_model_page.h"
#include "tools/schema_dump/models.h"
#include "tools/schema_dump/reasons_table.h"
#include "tools/schema_dump/schema_listing.h"

namespace clustr::schema_dump {
namespace {

using ::testing::HasSubstr;

constexpr char kRenew[] =
    " is not current. If the models were changed on purpose, renew it:\n"
    "  cmake --build build/test --target clustr-renew-schema";

std::string Committed(const std::string& path) {
  std::ifstream file(CLUSTR_ROOT "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(SchemaDumpTest, TheCommittedListingIsCurrent) {
  EXPECT_EQ(Committed("proto/schema.golden"), SchemaListing()) << "proto/schema.golden" << kRenew;
}

TEST(SchemaDumpTest, TheCommittedPageIsCurrent) {
  const auto page = DataModelPage(CLUSTR_MODEL_COMMENTS);
  ASSERT_THAT(page, testing::IsOk());
  EXPECT_EQ(Committed("docs/data-model.md"), *page) << "docs/data-model.md" << kRenew;
}

TEST(SchemaDumpTest, TheCommittedTableOfErrorReasonsIsCurrent) {
  const std::string committed = Committed("docs/api.md");
  const auto page = WithReasonsTable(committed, CLUSTR_MODEL_COMMENTS);
  ASSERT_THAT(page, testing::IsOk());
  EXPECT_EQ(committed, *page) << "docs/api.md" << kRenew;
}

TEST(SchemaDumpTest, RefusesAPageWithoutThePlaceOfTheErrorReasons) {
  EXPECT_THAT(WithReasonsTable("# Errors\n", CLUSTR_MODEL_COMMENTS),
              testing::Fails(absl::StatusCode::kInvalidArgument, "", "lacks one of the lines"));
}

TEST(SchemaDumpTest, EveryModelAndEveryUniqueFieldHasItsErrorReason) {
  for (const auto* model : StoredModels()) {
    const auto& resource = schema::TableOptions(*model)->resource();
    if (!schema::TableOptions(*model)->id().empty()) {
      EXPECT_NE(ReasonNamed(resource + "_NOT_FOUND"), common::v1::ERROR_REASON_UNSPECIFIED)
          << resource;
    }
    for (int i = 0; i < model->field_count(); ++i) {
      if (!schema::FieldOptions(*model->field(i)).unique()) continue;
      const std::string name = absl::AsciiStrToUpper(model->field(i)->name());
      EXPECT_NE(ReasonNamed(name + "_EXISTS"), common::v1::ERROR_REASON_UNSPECIFIED) << name;
    }
  }
}

TEST(SchemaDumpTest, FindsEveryModel) {
  std::vector<std::string> names;
  for (const auto* model : StoredModels()) names.push_back(model->name());
  EXPECT_THAT(names, ::testing::ElementsAre("BundleRule", "Customer", "Product", "Timeframe",
                                            "Sale", "Transaction"));
}

TEST(SchemaDumpTest, ANewFieldIsListed) {
  const testing::EditedModel edited(*catalog::v1::Product::descriptor(), [](auto* product) {
    auto* colour = testing::AddField(product, "colour", 20,
                                     google::protobuf::FieldDescriptorProto::TYPE_STRING, true);
    testing::OptionsOf(colour)->set_max_length(30);
  });
  const std::string listing = ListModel(edited.descriptor());
  EXPECT_THAT(listing, HasSubstr("revision BIGINT NOT NULL DEFAULT 0, colour TEXT)\n"));
  EXPECT_THAT(listing, HasSubstr(",external_id,colour\n"));
  EXPECT_THAT(listing,
              HasSubstr("  field 20 colour: optional string, column colour, max_length=30\n"));
}

TEST(SchemaDumpTest, RefusesADescriptorSetWithoutTheModels) {
  EXPECT_THAT(DataModelPage("/nowhere"),
              testing::Fails(absl::StatusCode::kInvalidArgument, "", "is not a descriptor set"));
  EXPECT_THAT(DataModelPage("/dev/null"),
              testing::Fails(absl::StatusCode::kInvalidArgument, "",
                             "does not contain the current clustr.bundles.v1.BundleRule"));
}

}  // namespace
}  // namespace clustr::schema_dump
