#include "tools/clustrctl/flat/rows/row_units.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"
#include "common/schema/money.h"
#include "common/schema/value_rules.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"
#include "tools/clustrctl/flat/values/pieces.h"

namespace clustr::ctl {
namespace {

std::string QuotedText(std::string_view text) {
  return Quoted(absl::string_view(text.data(), text.size()));
}

double AsDouble(const Decimal& value) {
  return static_cast<double>(value.digits) / std::pow(10.0, value.scale);
}

Decimal Absolute(const Decimal& value) { return {std::abs(value.digits), value.scale}; }

// The amount in cents without its sign; unset, and `why` set, if it cannot be stored.
std::optional<int64_t> Cents(const Decimal& value, std::string* why) {
  const std::optional<int64_t> cents = ExactCents(Absolute(value));
  if (cents.has_value() && *cents < schema::kMoneyLimitCents) return cents;
  *why = schema::WhyNotMoney(AsDouble(Absolute(value)));
  if (why->empty())
    *why =
        "has a fraction of a cent; give at most two decimals, or name the column with the totals "
        "of "
        "the lines with --columns=total=NAME";
  return std::nullopt;
}

std::string MoneyText(int64_t cents) { return absl::StrCat(schema::AmountOf(cents)); }

}  // namespace

bool UnitsReader::Read(absl::Span<const std::string_view> cells, Units* units, Refuse refuse) {
  Number quantity;
  Number price;
  Number total;
  bool good = ReadNumber(Role::kQuantity, cells, marks_.quantity, &quantity, refuse);
  good = ReadNumber(Role::kPrice, cells, marks_.price, &price, refuse) && good;
  good = ReadNumber(Role::kTotal, cells, marks_.total, &total, refuse) && good;
  if (good && !price.given && !total.given) {
    for (const Role role : {Role::kPrice, Role::kTotal}) {
      if (!columns_.Has(role)) continue;
      refuse(role, absl::StrCat("is empty; give the ", RoleName(role)));
      good = false;
      break;
    }
  }
  if (good && !TakeCancelled(cells, &quantity, &total, units, refuse)) return false;
  if (good && quantity.given && quantity.value.digits == 0 && IsNetOfReturns()) {
    notes_.Add(Note::kCancelledUnits, quantity.text);
    units->is_cancelled = true;
  }
  if (units->is_cancelled) return true;
  bool is_weighed = false;
  units->quantity = 1;
  units->is_return = quantity.value.digits < 0 || price.value.digits < 0 || total.value.digits < 0;
  units->is_by_amount = units->is_return && quantity.value.digits >= 0;
  if (good && quantity.given && quantity.value.digits == 0 && units->is_by_amount) {
    units->quantity = 0;  // Money was paid back, and the goods were kept.
    return SetPrice(total.given ? total : price, quantity, /*is_weighed=*/false, units, refuse);
  }
  // The price of `500 g` may be that of a kilogram.
  if (good && quantity.is_measured && !total.given && price.given) {
    refuse(Role::kQuantity,
           absl::StrCat(QuotedText(quantity.text),
                        " is a weight, volume or length, and the price may be that of one measure "
                        "or of the whole; name the column with the totals of the lines with "
                        "--columns=total=NAME, or give the quantity as a number"));
    return false;
  }
  if (!good || (quantity.given && !ReadQuantity(quantity, units, &is_weighed, refuse)))
    return false;
  if (!units->is_return && !ReadReturned(cells, quantity, is_weighed, units, refuse)) return false;
  if (is_weighed && units->is_return) notes_.Add(Note::kPartOfUnit, quantity.text);
  if (is_weighed && !price.given && !total.given) notes_.Add(Note::kWeighed, quantity.text);
  if (total.given) return SetTotal(price, total, is_weighed, units, refuse);
  return !price.given || SetPrice(price, quantity, is_weighed, units, refuse);
}

// Whether the quantity is what is left after returns, so that it may be 0.
bool UnitsReader::IsNetOfReturns() const {
  return columns_.Has(Role::kQuantity) &&
         absl::StrContains(absl::AsciiStrToLower(columns_.Name(Role::kQuantity)), "- refund");
}

bool UnitsReader::ReadNumber(Role role, absl::Span<const std::string_view> cells, DecimalMark mark,
                             Number* number, Refuse refuse) {
  bool decoded = false;
  const std::string_view text = ValueText(columns_.Cell(cells, role), &number->scratch, &decoded);
  if (decoded) notes_.Add(Note::kLegacyText, text);
  number->text = text;
  if (text.empty() || IsNullWord(text)) {
    if (!text.empty()) notes_.Add(Note::kNullWord, text);
    if (role != Role::kQuantity || !columns_.Has(role)) return true;
    refuse(role, "is empty; give the quantity");
    return false;
  }
  std::optional<Amount> amount = ParseAmount(text, mark);
  const bool is_units =
      role == Role::kQuantity || role == Role::kReturned || role == Role::kCancelled;
  if (!amount.has_value() && is_units) {
    amount = ParseAmount(WithoutPieces(text), mark);
  }
  if (!amount.has_value() && role == Role::kQuantity) {
    const std::string_view measured = WithoutMeasure(text);
    if (!measured.empty()) amount = ParseAmount(measured, mark);
    number->is_measured = amount.has_value();
  }
  if (!amount.has_value() || (is_units && !amount->currency.empty())) {
    refuse(role, is_units && !IsQuotedOtherwise(text)
                     ? absl::StrCat(QuotedText(text), " is not a whole number; give for example 42")
                     : WhyNoAmount(text));
    return false;
  }
  number->given = true;
  number->value = amount->number;
  return amount->currency.empty() || CheckCurrency(role, text, amount->currency, refuse);
}

// Takes the units that were cancelled off the quantity and, in proportion, the total. Rows that are
// returns repeat what was cancelled of their purchase.
bool UnitsReader::TakeCancelled(absl::Span<const std::string_view> cells, Number* quantity,
                                Number* total, Units* units, Refuse refuse) {
  if (!columns_.Has(Role::kCancelled)) return true;
  Number cancelled;
  if (!ReadNumber(Role::kCancelled, cells, marks_.quantity, &cancelled, refuse)) return false;
  const Decimal ordered = quantity->given ? quantity->value : Decimal{1, 0};
  if (cancelled.value.digits == 0 || ordered.digits <= 0) return true;
  const std::optional<Decimal> left = Difference(ordered, Absolute(cancelled.value));
  if (!left.has_value() || left->digits < 0) {
    refuse(Role::kCancelled,
           absl::StrCat(QuotedText(cancelled.text), " is more than the quantity, ",
                        QuotedText(quantity->text), "; correct one of them"));
    return false;
  }
  units->is_cancelled = left->digits == 0;
  units->cancelled = static_cast<int32_t>(
      std::min<int64_t>(INT32_MAX, Whole(Absolute(cancelled.value)).value_or(0)));
  notes_.Add(Note::kCancelledUnits,
             absl::StrCat(std::string(cancelled.text), " of ", std::string(quantity->text)));
  if (total->given && !units->is_cancelled) {
    const double share = AsDouble(*left) / AsDouble(ordered);
    const double cents = std::round(AsDouble(total->value) * 100 * share);
    total->value = {static_cast<int64_t>(cents), 2};
  }
  quantity->given = true;
  quantity->value = *left;
  return true;
}

bool UnitsReader::ReadReturned(absl::Span<const std::string_view> cells, const Number& quantity,
                               bool is_weighed, Units* units, Refuse refuse) {
  if (!columns_.Has(Role::kReturned)) return true;
  Number returned;
  if (!ReadNumber(Role::kReturned, cells, marks_.quantity, &returned, refuse)) return false;
  if (returned.value.digits == 0) return true;
  const Decimal units_back = Absolute(returned.value);
  const Decimal sold = quantity.given ? quantity.value : Decimal{1, 0};
  const std::optional<Decimal> left = Difference(sold, units_back);
  if (!left.has_value() || left->digits < 0) {
    refuse(Role::kReturned,
           absl::StrCat(QuotedText(returned.text), " is more than the ", units->quantity,
                        units->quantity == 1 ? " unit that was" : " units that were",
                        " sold; correct one of them"));
    return false;
  }
  const std::optional<int64_t> whole = Whole(units_back);
  if (!is_weighed && !whole.has_value()) {
    refuse(Role::kReturned,
           absl::StrCat(QuotedText(returned.text), " is not a whole number; give for example 1"));
    return false;
  }
  if (is_weighed && left->digits != 0) notes_.Add(Note::kPartOfUnit, returned.text);
  units->returned = is_weighed ? 1 : static_cast<int32_t>(*whole);
  return true;
}

bool UnitsReader::CheckCurrency(Role role, std::string_view text, std::string_view currency,
                                Refuse refuse) {
  if (currency_.empty() || currency == currency_) {
    if (currency_.empty()) currency_ = std::string(currency);
    return true;
  }
  const std::string_view common = CommonCurrency(currency_, currency);
  if (!common.empty()) {
    currency_ = std::string(common);
    return true;
  }
  refuse(role, absl::StrCat(QuotedText(text),
                            " is in another currency than the rows above, which "
                            "are in ",
                            currency_, "; import one currency only"));
  return false;
}

bool UnitsReader::ReadQuantity(const Number& number, Units* units, bool* is_weighed,
                               Refuse refuse) const {
  if (number.value.digits == 0) {
    refuse(Role::kQuantity,
           absl::StrCat(QuotedText(number.text),
                        " is not a quantity; give at least 1, or less than 0 for a return"));
    return false;
  }
  const std::optional<int64_t> whole = Whole(Absolute(number.value));
  if (!whole.has_value() || number.is_measured) {
    *is_weighed = true;
    return true;
  }
  const std::string why =
      schema::WhyNotInteger(*whole, schema::FieldOptions(RoleField(Role::kQuantity)));
  if (!why.empty()) {
    refuse(Role::kQuantity, why);
    return false;
  }
  units->quantity = static_cast<int32_t>(*whole);
  return true;
}

bool UnitsReader::SetTotal(const Number& price, const Number& total, bool is_weighed, Units* units,
                           Refuse refuse) {
  std::string why;
  std::optional<int64_t> cents = Cents(total.value, &why);
  if (!cents.has_value()) {
    // A total that was computed, as 15.552, is half a cent off at most.
    cents = RoundedCents(Absolute(total.value));
    if (!cents.has_value() || *cents >= schema::kMoneyLimitCents) {
      refuse(Role::kTotal, why);
      return false;
    }
    notes_.Add(Note::kRoundedTotal, total.text);
  }
  if (is_weighed) notes_.Add(Note::kWeighed, MoneyText(*cents));
  const int64_t quantity = units->quantity;
  units->price_cents = DividedCents(*cents, quantity);
  if (price.given && !is_weighed) {
    const std::optional<int64_t> given = RoundedCents(Absolute(price.value));
    const bool agrees = given.has_value() && std::abs(*given * quantity - *cents) <= quantity;
    if (agrees) units->price_cents = *given;
    if (!agrees) {
      notes_.Add(Note::kTotalWins, absl::StrCat(quantity, " x ", std::string(price.text),
                                                " is not ", std::string(total.text)));
    }
  }
  units->total_offset = static_cast<int32_t>(*cents - units->price_cents * quantity);
  return true;
}

bool UnitsReader::SetPrice(const Number& price, const Number& quantity, bool is_weighed,
                           Units* units, Refuse refuse) {
  std::string why;
  if (is_weighed) {
    const std::optional<int64_t> cents =
        ProductInCents(Absolute(quantity.value), Absolute(price.value));
    if (cents.has_value() && *cents < schema::kMoneyLimitCents) {
      units->price_cents = *cents;
      notes_.Add(Note::kWeighed, absl::StrCat(std::string(quantity.text), " x ",
                                              std::string(price.text), " = ", MoneyText(*cents)));
      return true;
    }
    why = "is too large; correct the price or the quantity";
  } else {
    const std::optional<int64_t> cents = Cents(price.value, &why);
    if (cents.has_value()) {
      units->price_cents = *cents;
      return true;
    }
  }
  refuse(Role::kPrice, why);
  return false;
}

}  // namespace clustr::ctl
