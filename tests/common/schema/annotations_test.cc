#include "common/schema/annotations.h"

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/product_service.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"

namespace clustr::schema {
namespace {

using bundles::v1::BundleRule;
using catalog::v1::Customer;
using catalog::v1::Product;
using catalog::v1::Timeframe;
using sales::v1::Sale;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Names(
    const std::vector<const google::protobuf::FieldDescriptor*>& fields) {
  std::vector<std::string> names;
  for (const auto* field : fields) names.push_back(field->name());
  return names;
}

TEST(AnnotationsTest, AModelNamesItsTableAndItsId) {
  EXPECT_EQ(TableOptions(*Product::descriptor())->name(), "products");
  EXPECT_EQ(IdField(*Product::descriptor())->name(), "product_sku");
  EXPECT_EQ(RevisionField(*Product::descriptor())->name(), "revision");
  EXPECT_EQ(ResourceWord(*Product::descriptor()), "product");
}

TEST(AnnotationsTest, ARequestIsNotStored) {
  const auto& request = *catalog::v1::GetProductRequest::descriptor();
  EXPECT_EQ(TableOptions(request), nullptr);
  EXPECT_EQ(IdField(request), nullptr);
  EXPECT_EQ(ResourceWord(request), "");
}

TEST(AnnotationsTest, RulesHaveNoIdentity) {
  EXPECT_EQ(IdField(*BundleRule::descriptor()), nullptr);
  EXPECT_EQ(RevisionField(*BundleRule::descriptor()), nullptr);
}

TEST(AnnotationsTest, AFieldWithoutOptionsHasTheDefaults) {
  const auto& options = FieldOptions(*Product::descriptor()->FindFieldByName("category"));
  EXPECT_FALSE(options.required());
  EXPECT_FALSE(options.has_max_length());
  EXPECT_EQ(options.meaning(), options::v1::MEANING_UNSPECIFIED);
}

TEST(AnnotationsTest, UniqueTextsAreTheKeysOfARow) {
  EXPECT_THAT(Names(KeyFields(*Product::descriptor())), ElementsAre("external_id"));
  EXPECT_THAT(Names(KeyFields(*Timeframe::descriptor())), ElementsAre("date"));
  // Derived from other rows, so it identifies none.
  EXPECT_THAT(Names(KeyFields(*Sale::descriptor())), ElementsAre("external_id"));
}

TEST(AnnotationsTest, AReferenceMayBeGivenByItsKey) {
  const std::vector<ReferenceKey> references = ReferenceKeys(*Sale::descriptor());
  ASSERT_EQ(references.size(), 2u);
  EXPECT_EQ(references[0].id->name(), "transaction_id");
  EXPECT_EQ(references[0].key->name(), "transaction_external_id");
  EXPECT_EQ(references[1].id->name(), "product_sku");
  EXPECT_EQ(references[1].key->name(), "product_external_id");
  EXPECT_THAT(ReferenceKeys(*Product::descriptor()), IsEmpty());
  EXPECT_EQ(KeyOf(*Sale::descriptor(), *references[1].id), references[1].key);
  EXPECT_EQ(KeyOf(*Sale::descriptor(), *references[1].key), nullptr);
  EXPECT_EQ(ImportFields(*Sale::descriptor()).back(), references[1].key);
}

// A key stands beside the field that it is the key of.
TEST(AnnotationsTest, EveryKeyNamesAFieldOfItsMessage) {
  for (const auto* model : {Sale::descriptor(), Product::descriptor()}) {
    for (const ReferenceKey& reference : ReferenceKeys(*model)) {
      ASSERT_NE(reference.id, nullptr) << reference.key->full_name();
      EXPECT_TRUE(FieldOptions(*reference.key).not_stored());
    }
  }
}

TEST(AnnotationsTest, StoredAndInputFieldsComeInTheOrderOfTheirNumbers) {
  EXPECT_THAT(Names(StoredFields(*Timeframe::descriptor())),
              ElementsAre("time_id", "date", "day", "month", "year", "revision"));
  EXPECT_THAT(Names(InputFields(*Timeframe::descriptor())),
              ElementsAre("time_id", "date", "day", "month", "year"));
  EXPECT_THAT(Names(StoredFields(*BundleRule::descriptor())),
              ElementsAre("rule_id", "antecedents", "consequents", "support", "confidence", "lift",
                          "count_a", "count_b", "count_ab", "basket_count"));
  const testing::EditedModel turned(*Product::descriptor(), [](auto* message) {
    message->mutable_field()->SwapElements(0, message->field_size() - 1);
  });
  EXPECT_THAT(Names(StoredFields(turned.descriptor())),
              ElementsAre("product_sku", "product_name", "category", "brand", "price", "in_stock",
                          "unit_cost", "external_id", "revision"));
}

TEST(AnnotationsTest, MoneyIsKeptInAColumnOfCents) {
  EXPECT_EQ(ColumnName(*Product::descriptor()->FindFieldByName("price")), "price_cents");
  EXPECT_EQ(ColumnName(*Product::descriptor()->FindFieldByName("brand")), "brand");
}

// Personal data is never logged, so a new field of Customer must be marked as personal. `guest` says
// that a customer is no person.
TEST(AnnotationsTest, EveryFieldOfACustomerExceptIdRevisionAndGuestIsPersonal) {
  for (int i = 0; i < Customer::descriptor()->field_count(); ++i) {
    const auto* field = Customer::descriptor()->field(i);
    const bool impersonal = field == IdField(*Customer::descriptor()) ||
                            field == RevisionField(*Customer::descriptor()) ||
                            field->number() == Customer::kGuestFieldNumber;
    EXPECT_EQ(FieldOptions(*field).personal(), !impersonal) << field->full_name();
  }
}

TEST(AnnotationsTest, ReadsTheOptionsOfAnEditedModel) {
  const testing::EditedModel edited(*Product::descriptor(), [](auto* message) {
    auto* colour = testing::AddField(message, "colour", 20,
                                     google::protobuf::FieldDescriptorProto::TYPE_STRING, true);
    testing::OptionsOf(colour)->set_max_length(30);
  });
  const auto* colour = edited.descriptor().FindFieldByName("colour");
  EXPECT_EQ(FieldOptions(*colour).max_length(), 30);
  EXPECT_TRUE(colour->has_presence());
  EXPECT_EQ(TableOptions(edited.descriptor())->name(), "products");
}

}  // namespace
}  // namespace clustr::schema
