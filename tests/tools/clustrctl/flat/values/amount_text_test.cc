#include "tools/clustrctl/flat/values/amount_text.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/values/currency.h"

namespace clustr::ctl {
namespace {

std::string Read(std::string_view text, DecimalMark mark = DecimalMark::kDot) {
  const auto amount = ParseAmount(text, mark);
  if (!amount.has_value()) return "none";
  return absl::StrCat(amount->number.digits, "e-", amount->number.scale,
                      std::string(amount->currency));
}

TEST(AmountTextTest, ReadsSignsCurrenciesAndGroups) {
  EXPECT_EQ(Read("$1,045.99"), "104599e-2$");
  EXPECT_EQ(Read("-$1,045.99"), "-104599e-2$");
  EXPECT_EQ(Read("(5.00 EUR)"), "-500e-2€");
  EXPECT_EQ(Read("5-"), "-5e-0");
  EXPECT_EQ(Read("1.045,99", DecimalMark::kComma), "104599e-2");
  EXPECT_EQ(Read("1 000 000"), "1000000e-0");
}

TEST(AmountTextTest, ADashBehindAMarkIsNoSign) {
  for (const char* text : {"5.-", "5.--", "5.\u2014", "5.\u2013", "5/-", "CHF 5.-", "5.- CHF"}) {
    EXPECT_EQ(Read(text).substr(0, 4), "5e-0") << text;
  }
  EXPECT_EQ(Read("5,-", DecimalMark::kDot), "5e-0");
  EXPECT_EQ(Read("19,-", DecimalMark::kComma), "19e-0");
  EXPECT_EQ(Read("1.200,-", DecimalMark::kComma), "1200e-0");
  EXPECT_EQ(Read("1.200,-", DecimalMark::kDot), "none");
  EXPECT_EQ(Read("-5.-"), "-5e-0");
  EXPECT_EQ(Read("$ -"), "0e-0$");
  EXPECT_EQ(Read("-   \u20AC"), "0e-0€");
}

TEST(AmountTextTest, ReadsAllNegativeMarks) {
  for (const char* text : {"\u20135.00", "\u22125.00", "\u25B25.00", "\u25B35.00", "5.00\u2013",
                           "5.00-", "\uFE635.00", "-5.00"}) {
    EXPECT_EQ(Read(text), "-500e-2") << text;
  }
  EXPECT_EQ(Read("\u20AC\u20135.00"), "-500e-2€");
  EXPECT_EQ(Read("\u20AC\u22125.00"), "-500e-2€");
  EXPECT_EQ(Read("-\u20135.00"), "none");
  EXPECT_EQ(Read("-.50"), "-50e-2");
  for (const char* text : {"Fr. -.50", "CHF \u2014.50"}) {
    EXPECT_EQ(Read(text), "none") << text;
    EXPECT_TRUE(absl::StrContains(WhyNoAmount(text), "above 0 if it stands for no whole units"));
  }
  EXPECT_EQ(Read("-,50", DecimalMark::kComma), "none");
}

TEST(AmountTextTest, KnowsCurrenciesAndNothingElse) {
  const std::pair<const char*, const char*> kKnown[] = {
      {"5.00 USD", "500e-2USD"},
      {"US$5.00", "500e-2USD"},
      {"usd 5.00", "500e-2USD"},
      {"\u00A35.00", "500e-2£"},
      {"5.00 GBP", "500e-2£"},
      {"5.00 kr.", "500e-2kr"},
      {"5.00 Fr.", "500e-2CHF"},
      {"Fr. 5.00", "500e-2CHF"},
      {"500 Rs.", "500e-0Rs"},
      {"Rs.500", "500e-0Rs"},
      {"$.50", "50e-2$"},
      {"5.00 z\u0142.", "500e-2PLN"},
      {"S/ 12.50", "1250e-2PEN"},
      {"S/. 12.50", "1250e-2PEN"},
      {"US $5.00", "500e-2USD"},
      {"C $5.00", "500e-2CAD"},
      {"$5.00 CAD", "500e-2CAD"},
      {"$5.00 USD", "500e-2USD"},
      {"5.00\u00A0\u20AC", "500e-2€"},
      {"\u20AC\u00A05.00", "500e-2€"},
  };
  for (const auto& [text, read] : kKnown) EXPECT_EQ(Read(text), read) << text;
  for (const char* text : {"SKU123", "l2.00", "5 kg", "5.00 CR", "5.00 DR", "\u25BC5", "5 %",
                           "50 ct", "EUR 5.00 USD", "\u20AC5.00 $", "5 pcs", "x5", "5 kg."}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
  EXPECT_TRUE(absl::StrContains(WhyNoAmount("5.00 CR"), "\"CR\" is none; give"));
  EXPECT_TRUE(absl::StrContains(WhyNoAmount("1.25E+02"), "scientific notation"));
  EXPECT_TRUE(absl::StrContains(WhyNoAmount("\u201C5.00\u201D"), "quotes that are not"));
  EXPECT_TRUE(absl::StrContains(WhyNoAmount("free"), "give for example 12.50"));
}

TEST(AmountTextTest, ReadsTheGroupsOfIndia) {
  EXPECT_EQ(Read("\u20B91,23,456.00"), "12345600e-2INR");
  EXPECT_EQ(Read("12,34,567.89"), "123456789e-2");
  EXPECT_EQ(Read("1,00,000"), "100000e-0");
  EXPECT_EQ(EvidenceOf("1,23,456"), MarkEvidence::kDot);
  for (const char* text : {"123,45,678", "1,23,45", "1,234,56,789", "1 23 456"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
  EXPECT_EQ(Read("1.23.456", DecimalMark::kComma), "none");
}

TEST(AmountTextTest, RefusesWhatHasNoReading) {
  for (const char* text : {"", "-", "$", "free", "1,2,3", "1.2.3", "1,00,00", ",5,", "0,345",
                           "1234,567", "--5", "1e5", "12345678901234567890"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
}

TEST(AmountTextTest, SaysWhatATextTellsAboutTheMark) {
  for (const char* text : {"2.5", "1,045.99", "1,000,000", "0.345", "12345.678", "$5."}) {
    EXPECT_EQ(EvidenceOf(text), MarkEvidence::kDot) << text;
  }
  for (const char* text : {"2,5", "1.045,99", "1.000.000", "0,345", "1 045,999"}) {
    EXPECT_EQ(EvidenceOf(text), MarkEvidence::kComma) << text;
  }
  EXPECT_EQ(EvidenceOf("1,200"), MarkEvidence::kEither);
  EXPECT_EQ(EvidenceOf("12.200 kr"), MarkEvidence::kEither);
  for (const char* text : {"12", "1 000", "a.b", ""}) {
    EXPECT_EQ(EvidenceOf(text), MarkEvidence::kNone) << text;
  }
}

TEST(AmountTextTest, CalculatesInWholeCents) {
  EXPECT_EQ(ExactCents({7505, 3}), std::nullopt);
  EXPECT_EQ(ExactCents({75000, 4}), 750);
  EXPECT_EQ(ExactCents({25500000000000003, 16}), 255);
  EXPECT_EQ(RoundedCents({7505, 3}), 751);
  EXPECT_EQ(RoundedCents({-7505, 3}), -751);
  EXPECT_EQ(ProductInCents({345, 3}, {300, 2}), 104);
  EXPECT_EQ(Whole({2000, 3}), 2);
  EXPECT_EQ(Whole({2001, 3}), std::nullopt);
  EXPECT_EQ(DividedCents(1000, 3), 333);
  EXPECT_EQ(DividedCents(1001, 2), 501);
}

TEST(CurrencyTest, AShopMayWriteItsCurrencyWithASignOfSeveral) {
  const auto fits = [](std::string_view shop, std::string_view text) {
    return MayBeWrittenAs(CurrencyOf(shop), CurrencyOf(text));
  };
  for (const auto& [shop, text] :
       {std::pair("JPY", "¥"), std::pair("CNY", "￥"), std::pair("CAD", "$"), std::pair("AUD", "$"),
        std::pair("MXN", "$"), std::pair("USD", "$"), std::pair("USD", "US$"),
        std::pair("XOF", "FCFA"), std::pair("XAF", "CFA"), std::pair("NOK", "kr"),
        std::pair("EUR", "€"), std::pair("CAD", "C$")}) {
    EXPECT_TRUE(fits(shop, text)) << shop << " " << text;
  }
  for (const auto& [shop, text] :
       {std::pair("CAD", "USD"), std::pair("CAD", "US$"), std::pair("USD", "CAD"),
        std::pair("JPY", "CNY"), std::pair("JPY", "元"), std::pair("EUR", "$"),
        std::pair("XOF", "XAF"), std::pair("$", "CAD")}) {
    EXPECT_FALSE(fits(shop, text)) << shop << " " << text;
  }
}

}  // namespace
}  // namespace clustr::ctl
