#include "tools/clustrctl/flat/values/amount_text.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

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
  EXPECT_EQ(Read("(5.00 EUR)"), "-500e-2EUR");
  EXPECT_EQ(Read("5-"), "-5e-0");
  EXPECT_EQ(Read("1.045,99", DecimalMark::kComma), "104599e-2");
  EXPECT_EQ(Read("1 000 000"), "1000000e-0");
}

TEST(AmountTextTest, RefusesWhatHasNoReading) {
  for (const char* text : {"", "-", "$", "free", "1,2,3", "1.2.3", "1,00,000", ",5,", "0,345",
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
  EXPECT_EQ(EvidenceOf("12.200 kg"), MarkEvidence::kEither);
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

}  // namespace
}  // namespace clustr::ctl
