#include "common/importing/field_text.h"

#include "clustr/bundles/v1/population.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "common/importing/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::importing {
namespace {

using catalog::v1::Product;
using ::testing::ElementsAre;

std::string MoneyText(double price) {
  Product product;
  product.set_price(price);
  std::string text;
  AppendFieldText(product, *Product::descriptor()->FindFieldByName("price"), &text);
  return text;
}

TEST(FieldTextTest, WritesMoneyWithAtMostTwoDecimals) {
  EXPECT_EQ(MoneyText(29.78), "29.78");
  EXPECT_EQ(MoneyText(32.5), "32.5");
  EXPECT_EQ(MoneyText(32), "32");
  EXPECT_EQ(MoneyText(0.05), "0.05");
  EXPECT_EQ(MoneyText(9999999999.99), "9999999999.99");
}

// Importing an export must change nothing.
TEST(FieldTextTest, EveryAmountOfCentsComesBackAsTheSameDouble) {
  const auto& field = *Product::descriptor()->FindFieldByName("price");
  for (int64_t cents = 0; cents < 1'000'000'000'000; cents = cents * 3 / 2 + 1) {
    Product product;
    product.set_price(static_cast<double>(cents) / 100);
    std::string text;
    AppendFieldText(product, field, &text);
    Product copy;
    std::string why;
    ASSERT_TRUE(SetFieldFromText(text, field, &copy, &why)) << why;
    ASSERT_EQ(copy.price(), product.price()) << text;
  }
}

TEST(FieldTextTest, AnUnsetFieldGivesNoText) {
  Product product;
  std::string text;
  AppendFieldText(product, *Product::descriptor()->FindFieldByName("in_stock"), &text);
  EXPECT_EQ(text, "");
  product.set_in_stock(false);
  AppendFieldText(product, *Product::descriptor()->FindFieldByName("in_stock"), &text);
  EXPECT_EQ(text, "false");
}

TEST(FieldTextTest, AddsToARepeatedField) {
  bundles::v1::Population population;
  const auto& field = *population.GetDescriptor()->FindFieldByName("cities");
  std::string why;
  ASSERT_TRUE(SetFieldFromText("Yerevan", field, &population, &why));
  ASSERT_TRUE(SetFieldFromText("", field, &population, &why));
  EXPECT_THAT(population.cities(), ElementsAre("Yerevan", ""));
}

TEST(Utf8Test, RefusesWhatAProtoStringRefuses) {
  EXPECT_TRUE(IsUtf8("Tée 東 😀"));
  EXPECT_FALSE(IsUtf8("\xC0\x80"));
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(IsUtf8("\xE6\x9D"));
}

TEST(Utf8Test, CountsAndCutsAtCodePoints) {
  EXPECT_EQ(CountCodePoints("Té😀"), 3u);
  EXPECT_EQ(FirstCodePoints("Té😀", 2), "Té");
  EXPECT_EQ(FirstCodePoints("Té", 9), "Té");
}

}  // namespace
}  // namespace clustr::importing
