#include "common/schema/lists/filter.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/edited_model.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using catalog::v1::Customer;
using catalog::v1::Product;
using catalog::v1::Timeframe;
using google::protobuf::Descriptor;

std::string Show(const Comparison& comparison) {
  static const char* const kSigns[] = {"=", "!=", "<", "<=", ">", ">=", ":", " is set", " never"};
  const std::string left =
      absl::StrCat(comparison.column.name, kSigns[static_cast<int>(comparison.op)]);
  if (comparison.op == FilterOp::kIsSet || comparison.op == FilterOp::kNever) return left;
  switch (comparison.column.type) {
    case CellType::kInteger:
      return absl::StrCat(left, comparison.value.integer);
    case CellType::kReal:
      return absl::StrCat(left, comparison.value.real);
    case CellType::kText:
      return absl::StrCat(left, "[", comparison.value.text, "]");
  }
  return "";
}

// The tree as text: `(category=[a] OR NOT brand=[b]) AND …`.
std::string Show(const Filter& filter) {
  if (filter.kind == Filter::Kind::kComparison) {
    return (filter.negated ? "NOT " : "") + Show(filter.comparison);
  }
  const char* word = filter.kind == Filter::Kind::kAllOf ? " AND " : " OR ";
  return absl::StrCat(
      "(",
      absl::StrJoin(filter.parts, word,
                    [](std::string* out, const Filter& part) { absl::StrAppend(out, Show(part)); }),
      ")");
}

// The tree that a filter is parsed into, or why it is refused.
std::string Read(absl::string_view text, const Descriptor& model = *Product::descriptor()) {
  std::vector<Violation> violations;
  const Filter filter = ParseFilter(text, model, &violations);
  if (violations.empty()) return Show(filter);
  EXPECT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "filter");
  EXPECT_EQ(violations[0].reason, common::v1::ERROR_REASON_FILTER_INVALID);
  return violations[0].description;
}

TEST(FilterTest, AnEmptyFilterMatchesEveryRow) {
  for (const char* text : {"", " ", "     "}) {
    std::vector<Violation> violations;
    EXPECT_TRUE(ParseFilter(text, *Product::descriptor(), &violations).MatchesAll());
    EXPECT_TRUE(violations.empty());
  }
}

TEST(FilterTest, OrBindsTighterThanAnd) {
  constexpr struct {
    const char* text;
    const char* meaning;
  } kTable[] = {
      {"brand=a AND brand=b OR brand=c", "(brand=[a] AND (brand=[b] OR brand=[c]))"},
      {"brand=a OR brand=b AND brand=c", "((brand=[a] OR brand=[b]) AND brand=[c])"},
      {"brand=a OR brand=b AND brand=c OR brand=d",
       "((brand=[a] OR brand=[b]) AND (brand=[c] OR brand=[d]))"},
      {"(brand=a AND brand=b) OR brand=c", "((brand=[a] AND brand=[b]) OR brand=[c])"},
      {"brand=a brand=b", "(brand=[a] AND brand=[b])"},
      {"brand=a brand=b OR brand=c brand=d",
       "(brand=[a] AND (brand=[b] OR brand=[c]) AND brand=[d])"},
      {"brand=a brand=b AND brand=c brand=d",
       "(brand=[a] AND brand=[b] AND brand=[c] AND brand=[d])"},
      {"NOT brand=a OR brand=b", "(NOT brand=[a] OR brand=[b])"},
      {"NOT brand=a AND brand=b", "(NOT brand=[a] AND brand=[b])"},
      {"-brand=a brand=b", "(NOT brand=[a] AND brand=[b])"},
      {"brand=a -brand=b", "(brand=[a] AND NOT brand=[b])"},
      {"NOT (brand=a OR brand=b)", "(NOT brand=[a] AND NOT brand=[b])"},
      {"NOT(brand=a AND brand=b)", "(NOT brand=[a] OR NOT brand=[b])"},
      {"-(brand=a -brand=b)", "(NOT brand=[a] OR brand=[b])"},
      {"NOT NOT brand=a", "brand=[a]"},
      {"((((brand=a))))", "brand=[a]"},
      {"(brand=a)(brand=b)", "(brand=[a] AND brand=[b])"},
      {"brand=a AND(brand=b)", "(brand=[a] AND brand=[b])"},
  };
  for (const auto& [text, meaning] : kTable) EXPECT_EQ(Read(text), meaning) << text;
}

TEST(FilterTest, TextsMayBeQuotedOrBare) {
  EXPECT_EQ(Read("brand = Nike"), "brand=[Nike]");
  EXPECT_EQ(Read("brand=\"The North Face\""), "brand=[The North Face]");
  EXPECT_EQ(Read("brand = 'Levi\\'s \"501\" \\\\'"), "brand=[Levi's \"501\" \\]");
  EXPECT_EQ(Read("brand : \"AND\""), "brand:[AND]");
  EXPECT_EQ(Read("brand = \"\""), "brand=[]");
  EXPECT_EQ(Read("brand = \"*\""), "brand=[*]");
  EXPECT_EQ(Read("brand = 漢字😀"), "brand=[漢字😀]");
  EXPECT_EQ(Read("brand = 42"), "brand=[42]");
  EXPECT_EQ(Read("brand = -x"), "brand=[-x]");
  EXPECT_EQ(Read("brand=a.b@c-d/e;f%_"), "brand=[a.b@c-d/e;f%_]");
  EXPECT_EQ(Read("brand = \"'; DROP TABLE products; --\""), "brand=['; DROP TABLE products; --]");
}

TEST(FilterTest, ParsesEveryOperator) {
  for (const char* op : {"=", "!=", "<", "<=", ">", ">="}) {
    EXPECT_EQ(Read(absl::StrCat("revision", op, "7")), absl::StrCat("revision", op, "7"));
    EXPECT_EQ(Read(absl::StrCat("brand ", op, " x")), absl::StrCat("brand", op, "[x]"));
  }
  EXPECT_EQ(Read("brand:x"), "brand:[x]");
  EXPECT_EQ(Read("product_sku:7"), "product_sku=7");
}

TEST(FilterTest, AStarAsksForPresence) {
  EXPECT_EQ(Read("brand:*"), "brand is set");
  EXPECT_EQ(Read("NOT price : *"), "NOT price_cents is set");
  EXPECT_EQ(Read("brand:\"*\""), "brand:[*]");
  // A field without presence counts as set if it is neither 0 nor empty.
  EXPECT_EQ(Read("product_name:*"), "product_name!=[]");
  EXPECT_EQ(Read("-revision:*"), "NOT revision!=0");
}

TEST(FilterTest, WholeNumbersAreExactTo64Bits) {
  EXPECT_EQ(Read("revision = 9223372036854775807"), "revision=9223372036854775807");
  EXPECT_EQ(Read("revision > -9223372036854775808"), "revision>-9223372036854775808");
  EXPECT_EQ(Read("revision = \"12\""), "revision=12");
  EXPECT_EQ(Read("revision = 9223372036854775808"),
            "position 12: revision: \"9223372036854775808\" does not fit in 64 bits; give a "
            "number from -9223372036854775808 to 9223372036854775807");
  for (const char* wrong : {"1.5", "1e3", "0x10", "ten", "--1", "-", "+1", "\"\"", "1_000"}) {
    EXPECT_THAT(Read(absl::StrCat("revision = ", wrong)),
                ::testing::EndsWith("is not a whole number; give one, for example 42"))
        << wrong;
  }
  // An int32 field is compared with any whole number of 64 bits.
  EXPECT_EQ(Read("age < 5000000000", *Customer::descriptor()), "age<5000000000");
}

TEST(FilterTest, AmountsCompareInCentsAndExactly) {
  constexpr struct {
    const char* text;
    const char* meaning;
  } kTable[] = {
      {"price = 19.99", "price_cents=1999"},
      {"price = 5", "price_cents=500"},
      {"price = 0.3", "price_cents=30"},
      {"price = 0.300", "price_cents=30"},
      {"price >= 9999999999.99", "price_cents>=999999999999"},
      {"price < 1.005", "price_cents<=100"},
      {"price <= 1.005", "price_cents<=100"},
      {"price > 1.005", "price_cents>100"},
      {"price >= 1.005", "price_cents>100"},
      {"price = 1.005", "price_cents never"},
      {"price != 1.005", "price_cents is set"},
      {"price:1.005", "price_cents never"},
      {"NOT price = 1.005", "NOT price_cents never"},
      {"price = 1.0000000000000000000000001", "price_cents never"},
      {"price > -1", "price_cents>-100"},
      {"price > -0.005", "price_cents>-1"},
      {"price < -0.005", "price_cents<=-1"},
      {"price = -0", "price_cents=0"},
      {"price < 123456789012345678901234567890", "price_cents<1000000000000000"},
      {"price > -99999999999999999999.999", "price_cents>-1000000000000001"},
  };
  for (const auto& [text, meaning] : kTable) EXPECT_EQ(Read(text), meaning) << text;
  for (const char* wrong : {"five", "1.", ".5", "1e3", "1,5", "NaN", "inf", "$5", "1.2.3", "-"}) {
    EXPECT_THAT(Read(absl::StrCat("price = ", wrong)), ::testing::HasSubstr("position ")) << wrong;
  }
}

TEST(FilterTest, BoolsAndDatesAreParsedStrictly) {
  EXPECT_EQ(Read("in_stock = true AND NOT in_stock = false"), "(in_stock=1 AND NOT in_stock=0)");
  EXPECT_EQ(Read("in_stock = 1"),
            "position 12: in_stock: \"1\" is neither true nor false; give one of the two");
  const Descriptor& timeframe = *Timeframe::descriptor();
  EXPECT_EQ(Read("date >= \"2024-11-01\" AND month = 11", timeframe),
            "(date>=[2024-11-01] AND month=11)");
  EXPECT_EQ(Read("date < 2024-02-29", timeframe), "date<[2024-02-29]");
  EXPECT_EQ(Read("date:\"2024-02\"", timeframe), "date:[2024-02]");
  EXPECT_EQ(Read("date = 2024-02-30", timeframe),
            "position 8: date: \"2024-02-30\" is not a date that exists; give YYYY-MM-DD");
}

TEST(FilterTest, ADoubleThatIsNotMoneyIsANumber) {
  const testing::EditedModel edited(*Product::descriptor(), [](auto* message) {
    testing::AddField(message, "weight", 20, google::protobuf::FieldDescriptorProto::TYPE_DOUBLE,
                      true);
  });
  EXPECT_EQ(Read("weight > -1.5e3", edited.descriptor()), "weight>-1500");
  EXPECT_EQ(Read("weight = nan", edited.descriptor()),
            "position 10: weight: \"nan\" is not a number; give one, for example 0.25");
}

TEST(FilterTest, AnErrorSaysWhereAndWhatToGive) {
  constexpr struct {
    const char* text;
    const char* error;
  } kTable[] = {
      {"pricee < 5",
       "position 1: \"pricee\" is not a field of product; give one of product_sku, product_name, "
       "category, brand, price, in_stock, unit_cost, external_id, revision"},
      {"brand = 😀 AND pricee < 5", "position 15: \"pricee\" is not a field of product"},
      {"price_cents = 5", "position 1: \"price_cents\" is not a field of product"},
      {"product.brand = x", "position 1: \"product.brand\" is not a field of product"},
      {"Shoes", "position 1: \"Shoes\" is not a field of product"},
      {"brand = x and price < 5", "position 11: \"and\" is not a field; write AND"},
      {"brand", "position 6: the filter ends here; give an operator: = != < <= > >= or :"},
      {"brand =", "position 8: the filter ends here; give a value"},
      {"brand = = x", "position 9: unexpected \"=\"; give a value"},
      {"brand == x", "position 8: unexpected \"=\"; give a value"},
      {"brand <> x", "position 8: unexpected \">\"; give a value"},
      {"brand ! x", "position 7: `!` has no meaning here"},
      {"brand = AND", "position 9: unexpected \"AND\"; give a value, in quotes"},
      {"brand = x AND", "position 14: the filter ends here; give a comparison"},
      {"AND brand = x", "position 1: unexpected \"AND\"; give a comparison"},
      {"brand = x OR OR brand = y", "position 14: unexpected \"OR\"; give a comparison"},
      {"NOT", "position 4: the filter ends here; give a comparison"},
      {"-", "position 2: the filter ends here"},
      {"()", "position 2: unexpected \")\"; give a comparison"},
      {"(brand = x", "position 1: this parenthesis is never closed; close it"},
      {"brand = x)", "position 10: this parenthesis was never opened; remove it"},
      {"\"brand\" = x", "position 1: unexpected \"brand\"; give a comparison"},
      {"brand = \"x", "position 9: this quote is never closed; close it with `\"`"},
      {"brand = \"x\\", "position 9: this quote is never closed"},
      {"brand = 'a\\nb'", "position 11: a backslash is allowed only before a quote or a backslash"},
      {"brand = a\\b", "position 10: `\\` has no meaning here"},
      {"brand = a, b", "position 10: `,` has no meaning here"},
      {"brand = x = y", "position 11: unexpected \"=\"; give a comparison"},
      {"brand = *", "position 9: `*` asks whether a field is set; write `field:*`"},
      {"brand = Nik*", "position 9: \"Nik*\" contains a `*`, which is not a wildcard"},
      {"brand = (x)", "position 9: unexpected \"(\"; give a value"},
      {"brand x", "position 7: unexpected \"x\"; give an operator"},
      {"1 < price", "position 1: \"1\" is not a field of product"},
      {"brand(x)", "position 6: unexpected \"(\"; give an operator"},
  };
  for (const auto& [text, error] : kTable) {
    EXPECT_THAT(Read(text), ::testing::StartsWith(error)) << text;
  }
}

TEST(FilterTest, LimitsKeepEveryInputHarmless) {
  const auto repeat = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  EXPECT_EQ(Read(repeat("(", 20) + "brand=a" + repeat(")", 20)), "brand=[a]");
  EXPECT_EQ(Read(repeat("(", 21) + "brand=a" + repeat(")", 21)),
            "position 21: more than 20 nested parentheses; simplify the filter");
  EXPECT_EQ(Read(repeat("(", 1'000'000)),
            "position 21: more than 20 nested parentheses; simplify the filter");
  EXPECT_THAT(Read(repeat("brand=a OR ", 499) + "brand=a"), ::testing::StartsWith("(brand=[a] OR"));
  EXPECT_EQ(Read(repeat("brand=a AND ", 2000) + "brand=a"),
            "position 6001: more than 500 comparisons; split the filter over several calls");
  EXPECT_EQ(Read(repeat("NOT ", 100'000) + "brand=a"), "brand=[a]");
  EXPECT_EQ(Read(repeat("-", 100'001) + "brand=a"), "NOT brand=[a]");
}

TEST(FilterTest, AReferenceMayBeComparedByItsKey) {
  const auto by_id = [](absl::string_view text) {
    std::vector<Violation> violations;
    Filter filter = ParseFilter(text, *sales::v1::Sale::descriptor(), &violations);
    EXPECT_THAT(violations, ::testing::IsEmpty());
    EXPECT_TRUE(ComparesKeys(filter));
    ReplaceKeys(
        *sales::v1::Sale::descriptor(),
        [](const auto& field, const std::string& key) -> int64_t {
          return field.name() == "product_external_id" && key == "A-17" ? 17 : 0;
        },
        &filter);
    EXPECT_FALSE(ComparesKeys(filter));
    return Show(filter);
  };
  EXPECT_EQ(by_id("product_external_id = \"A-17\""), "product_sku=17");
  EXPECT_EQ(by_id("NOT product_external_id = \"A-17\""), "NOT product_sku=17");
  EXPECT_EQ(by_id("product_external_id != \"A-17\" quantity > 1"),
            "(product_sku!=17 AND quantity>1)");
  // Nothing equals a row that does not exist, and everything differs from it.
  EXPECT_EQ(by_id("product_external_id = B"), "product_sku never");
  EXPECT_EQ(by_id("product_external_id != B"), "NOT product_sku never");
  EXPECT_EQ(by_id("NOT product_external_id != B"), "product_sku never");
  EXPECT_EQ(by_id("transaction_external_id = \"A-17\""), "transaction_id never");
}

TEST(FilterTest, AKeyIsNotOrdered) {
  const Descriptor& sale = *sales::v1::Sale::descriptor();
  for (const char* op : {"<", ">=", ":"}) {
    EXPECT_EQ(Read(absl::StrCat("product_external_id ", op, " A"), sale),
              "position 21: product_external_id names a row; compare it with = or !=");
  }
}

}  // namespace
}  // namespace clustr::schema
