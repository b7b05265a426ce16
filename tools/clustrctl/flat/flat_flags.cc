#include "tools/clustrctl/flat/flat_flags.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/values/currency.h"

namespace clustr::ctl {
namespace {

// The value, and what is wrong with it.
std::string Wrong(std::string_view value, absl::string_view why) {
  return absl::StrCat(Quoted(absl::string_view(value.data(), value.size())), " ", why);
}

std::string SetDateFormat(std::string_view value, DaySettings* days) {
  for (const DayOrder order : kDayOrders) {
    if (value != DayOrderName(order)) continue;
    days->order = order;
    return "";
  }
  absl::StatusOr<DayPattern> pattern = DayPattern::Parse(value);
  if (!pattern.ok()) return std::string(pattern.status().message());
  days->pattern = *std::move(pattern);
  return "";
}

std::string SetTimeZone(std::string_view value, DaySettings* days) {
  absl::TimeZone zone;
  const absl::string_view name(value.data(), value.size());
  if (value.empty() || !absl::LoadTimeZone(name, &zone)) {
    return absl::StrCat(Quoted(name), " is not a time zone; give for example Europe/Berlin");
  }
  days->zone = zone;
  return "";
}

std::string SetDecimal(std::string_view value, std::optional<DecimalMark>* mark) {
  if (value == "dot" || value == "." || value == "point") {
    *mark = DecimalMark::kDot;
  } else if (value == "comma" || value == ",") {
    *mark = DecimalMark::kComma;
  } else {
    return Wrong(value, "is not dot or comma; give one of them");
  }
  return "";
}

}  // namespace

void FlatFlags::Define(FlagSet* flags) {
  flags->Text("flat", "FILE",
              "imports one CSV file of order lines, as shops export them, instead of DIR",
              &settings_.path);
  DefineColumns(flags);
  DefineBaskets(flags);
  DefineValues(flags);
  DefineReturns(flags);
  flags->Add("guest", "CODE",
             "with --flat: external_id of the customer for orders that name none; default guest",
             [this](std::string_view value) {
               used_ = true;
               settings_.guest = value;
               return value.empty() ? "is empty; give the customer's code" : "";
             });
  flags->Add("orders", "add|replace",
             "with --flat: add keeps stored lines that the file lacks (default); replace makes "
             "stored orders as the file has them",
             [this](std::string_view value) {
               used_ = true;
               settings_.replace = value == "replace";
               return settings_.replace || value == "add"
                          ? std::string()
                          : absl::StrCat(Quoted(absl::string_view(value.data(), value.size())),
                                         " is not add or replace; give one of them");
             });
}

void FlatFlags::DefineReturns(FlagSet* flags) {
  flags->Add("returns", "match|add",
             "with --flat: match takes returns for units that are registered as returned already, "
             "so that a file can be imported again (default); add registers all of them, for a "
             "file whose returns are not registered yet",
             [this](std::string_view value) {
               used_ = true;
               settings_.new_returns = value == "add";
               return settings_.new_returns || value == "match"
                          ? ""
                          : Wrong(value, "is not match or add; give one of them");
             });
}

void FlatFlags::DefineColumns(FlagSet* flags) {
  flags->AddRepeatable(
      "columns", "ROLE=NAME,...",
      "with --flat: the column of each role; several columns for the order as "
      "order=till+receipt; the second of two columns of one name as product=Name#2; roles are " +
          RoleNames(),
      [this](std::string_view value) {
        used_ = true;
        return std::string(ParseColumnNames(value, &settings_.file.columns).message());
      });
  flags->AddRepeatable(
      "where", "COLUMN=VALUE,...",
      "with --flat: only rows with one of these values; COLUMN!=VALUE,... for all others",
      [this](std::string_view value) {
        used_ = true;
        absl::StatusOr<RowCondition> condition = ParseCondition(value);
        if (!condition.ok()) return std::string(condition.status().message());
        settings_.file.where.push_back(*std::move(condition));
        return std::string();
      });
  flags->AddRepeatable(
      "return-where", "COLUMN=VALUE,...",
      "with --flat: rows with one of these values are returns, if no number of theirs is below 0 "
      "and their words do not say so",
      [this](std::string_view value) {
        used_ = true;
        absl::StatusOr<RowCondition> condition = ParseCondition(value);
        if (!condition.ok()) {
          return std::string(
              "names no column and values; give for example --return-where='Type=R'");
        }
        settings_.file.return_where.push_back(*std::move(condition));
        return std::string();
      });
  flags->OptionalValue("with-cancelled", "true|false",
                       "with --flat: takes orders that were cancelled, voided or refunded as "
                       "purchases, where the form of the file is known; default: skips them",
                       [this](std::string_view value) {
                         used_ = true;
                         settings_.file.with_cancelled = value != "false";
                         return value.data() == nullptr || value == "true" || value == "false"
                                    ? ""
                                    : Wrong(value,
                                            "is not true or false; give one of them, or none");
                       });
}

void FlatFlags::DefineBaskets(FlagSet* flags) {
  flags->OptionalValue("baskets", "true|false|items|counts",
                       "with --flat: each row is a basket, with its items in several columns or as "
                       "a list in the column product; items or counts says what the cells of "
                       "several columns are",
                       [this](std::string_view value) {
                         used_ = true;
                         settings_.file.baskets = value != "false";
                         const bool says_cells = value == "items" || value == "counts";
                         if (says_cells) settings_.file.basket.cells_are_counts = value == "counts";
                         return value.data() == nullptr || value == "true" || value == "false" ||
                                        says_cells
                                    ? ""
                                    : Wrong(value,
                                            "is not true, false, items or counts; give one of "
                                            "them, or none");
                       });
  flags->Add("item-separator", "TEXT",
             "with --baskets: what separates the items of a list, if it is not found out; for "
             "example \";\"",
             [this](std::string_view value) {
               used_ = true;
               settings_.file.basket.item_separator = value;
               return value.empty() ? "is empty; give for example \";\"" : "";
             });
  flags->Add("basket-name", "NAME",
             "with --baskets: numbers baskets without an order column NAME:1, NAME:2 and so on; "
             "default: the name of the file",
             [this](std::string_view value) {
               used_ = true;
               settings_.file.basket.name = value;
               return value.empty() ? "is empty; give for example february" : "";
             });
  flags->Add("day", "YYYY-MM-DD", "with --flat: the day of all rows of a file without dates",
             [this](std::string_view value) {
               used_ = true;
               const absl::string_view text(value.data(), value.size());
               const auto day = schema::ParseDate(text);
               if (!day.has_value()) {
                 return Wrong(value, "is not a day; give for example 2024-01-31");
               }
               settings_.file.basket.day = value;
               settings_.file.days.day = schema::EpochDayOf(text);
               return std::string();
             });
}

void FlatFlags::DefineValues(FlagSet* flags) {
  flags->Add("date-format", "ymd|mdy|dmy|PATTERN",
             "with --flat: how to read dates, if they do not all say it; for example dmy, or "
             "\"DD.MM.YYYY HH:mm\"",
             [this](std::string_view value) {
               used_ = true;
               return SetDateFormat(value, &settings_.file.days);
             });
  flags->Add("time-zone", "ZONE",
             "with --flat: the shop's time zone, for the day of times that name an offset; for "
             "example Europe/Berlin",
             [this](std::string_view value) {
               used_ = true;
               return SetTimeZone(value, &settings_.file.days);
             });
  flags->Add("decimal", "dot|comma",
             "with --flat: the mark before the fraction of a number, if they do not all say it",
             [this](std::string_view value) {
               used_ = true;
               return SetDecimal(value, &settings_.file.decimal);
             });
  flags->Add("currency", "CODE",
             "with --flat: the currency of the shop; a file whose amounts are in another one is "
             "refused; for example EUR",
             [this](std::string_view value) {
               used_ = true;
               settings_.file.currency = CurrencyOf(value);
               return settings_.file.currency.empty()
                          ? absl::StrCat(Quoted(absl::string_view(value.data(), value.size())),
                                         " is not a known currency; give a code such as EUR")
                          : "";
             });
  flags->Add("encoding", "NAME",
             "with --flat: the encoding of the file, if it is neither UTF-8, UTF-16 nor "
             "Windows-1252; for example CP850, ISO-8859-15, windows-1251, CP932 (Shift_JIS), "
             "GB18030, CP949 (EUC-KR), ISO-2022-JP, or another one that `iconv --list` names",
             [this](std::string_view value) {
               used_ = true;
               settings_.file.encoding = value;
               return value.empty() ? "is empty; give for example ISO-8859-15" : "";
             });
}

absl::Status FlatFlags::CheckUnused() const {
  if (!used_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--columns, --where, --return-where, --with-cancelled, --baskets, --item-separator, "
      "--basket-name, --day, "
      "--date-format, --time-zone, --decimal, --currency, --encoding, --returns, --guest and "
      "--orders apply to "
      "one file "
      "of order lines; give it with "
      "--flat=FILE");
}

absl::Status FlatFlags::CheckBaskets() const {
  const BasketSettings& basket = settings_.file.basket;
  const bool is_given = !basket.item_separator.empty() || !basket.name.empty();
  if (settings_.file.baskets || !is_given) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--item-separator and --basket-name apply to files with a basket a row; say --baskets "
      "as well, or leave them out");
}

}  // namespace clustr::ctl
