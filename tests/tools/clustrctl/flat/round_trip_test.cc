// Random shops, exported in the form of each shop system, are read as they were meant.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "common/schema/date.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/file/order_file.h"

namespace clustr::ctl {
namespace {

struct Line {
  std::string sku;  // Empty: the name stands in for it.
  std::string name;
  int quantity;
  int cents;
};
struct Order {
  std::string number;
  std::string customer;
  absl::CivilMinute time;
  std::vector<Line> lines;
};
using Orders = std::vector<Order>;
using Rows = std::vector<std::vector<std::string>>;

class Chance {
 public:
  explicit Chance(uint32_t seed) : engine_(seed) {}
  int Below(int count) { return static_cast<int>(engine_() % static_cast<uint32_t>(count)); }
  bool OneIn(int count) { return Below(count) == 0; }

 private:
  std::mt19937 engine_;
};

Orders RandomOrders(Chance* chance) {
  static const std::vector<std::string> kNames = {
      "Tea, green",   "Mug 5\" wide",    "Pot \"Anna\"",   "Käsereibe",
      "Crème brûlée", "Set of 2  bowls", "None-stick pan", "Total care",
      "12/1 nails",   "1,200 pins",      "Tisch & Stuhl",  "x"};
  std::vector<Line> products;
  for (int i = 0; i < 3 + chance->Below(6); ++i) {
    const std::string sku =
        chance->OneIn(6) ? "" : absl::StrCat(chance->OneIn(2) ? "00" : "P-", 100 + i);
    products.push_back({sku, absl::StrCat(kNames[chance->Below(12)], " ", i), 0, 0});
  }
  Orders orders;
  const int count = 1 + chance->Below(6);
  for (int i = 0; i < count; ++i) {
    Order order;
    order.number = absl::StrCat(1000 + chance->Below(9) + 10 * i);
    order.customer = absl::StrCat("c", chance->Below(4), "@example.org");
    // The last order of each shop is late in a month, which settles the order of day and month.
    const int day = i + 1 == count ? 13 + chance->Below(16) : 1 + chance->Below(28);
    order.time = absl::CivilMinute(2023 + chance->Below(3), 1 + chance->Below(12), day,
                                   chance->Below(24), chance->Below(60));
    for (int k = 0; k < 1 + chance->Below(5); ++k) {
      Line line = products[chance->Below(static_cast<int>(products.size()))];
      line.quantity = 1 + chance->Below(12);
      line.cents = chance->OneIn(8) ? 100 * (1000 + chance->Below(900)) : 1 + chance->Below(9999);
      order.lines.push_back(line);
    }
    orders.push_back(order);
  }
  return orders;
}

std::string Money(int64_t cents, bool grouped = false) {
  std::string whole = absl::StrCat(cents / 100);
  if (grouped && whole.size() > 3) whole.insert(whole.size() - 3, 1, ',');
  return absl::StrFormat("%s.%02d", whole, cents % 100);
}

std::string Time(const char* format, const absl::CivilMinute& time) {
  return absl::FormatTime(format, absl::FromCivil(time, absl::UTCTimeZone()), absl::UTCTimeZone());
}

std::string Csv(const Rows& rows, bool quotes, const char* separator, const char* end) {
  std::string text;
  for (const auto& row : rows) {
    absl::StrAppend(
        &text,
        absl::StrJoin(
            row, separator,
            [&](std::string* out, const std::string& cell) {
              const bool quoted = quotes && cell.find_first_of(",;\t\"\n") != std::string::npos;
              absl::StrAppend(
                  out, quoted
                           ? absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"")
                           : cell);
            }),
        end);
  }
  return text;
}

// For each form, the rows with their header. `first` is true on the first row of an order.
using Row = std::function<std::vector<std::string>(const Order&, const Line&, bool first)>;

Rows Lines(const std::vector<std::string>& header, const Orders& orders, const Row& row) {
  Rows rows = {header};
  for (const Order& order : orders) {
    for (const Line& line : order.lines) rows.push_back(row(order, line, &line == &order.lines[0]));
  }
  return rows;
}

std::string Shopify(const Orders& orders, Chance* chance) {
  return Csv(Lines({"Name", "Email", "Financial Status", "Total", "Created at", "Lineitem quantity",
                    "Lineitem name", "Lineitem price", "Lineitem sku", "Notes"},
                   orders,
                   [&](const Order& o, const Line& l, bool first) -> std::vector<std::string> {
                     const auto once = [&](const std::string& text) { return first ? text : ""; };
                     return {o.number,
                             once(o.customer),
                             once("paid"),
                             once("99.00"),
                             once(Time("%Y-%m-%d %H:%M:00 +0100", o.time)),
                             absl::StrCat(l.quantity),
                             l.name,
                             Money(l.cents),
                             l.sku,
                             once(chance->OneIn(3) ? "Please ring\ntwice, \"loud\"" : "")};
                   }),
             true, ",", "\n");
}

std::string WooCommerce(const Orders& orders, Chance* chance) {
  return Csv(Lines({"Order Number", "Order Date", "Email (Billing)", "SKU", "Item Name", "Quantity",
                    "Item Cost", "Order Total Amount"},
                   orders,
                   [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
                     return {o.number, Time("%Y-%m-%d %H:%M", o.time), o.customer,     l.sku,
                             l.name,   absl::StrCat(l.quantity),       Money(l.cents), "99"};
                   }),
             true, chance->OneIn(2) ? "," : ";", "\r\n");
}

std::string WooCommerceTotals(const Orders& orders, Chance*) {
  return Csv(Lines({"order_number", "order_date", "billing_email", "item_name", "item_sku",
                    "item_quantity", "item_total"},
                   orders,
                   [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
                     return {o.number,
                             Time("%Y-%m-%d %H:%M:%S", o.time),
                             o.customer,
                             l.name,
                             l.sku,
                             absl::StrCat(l.quantity),
                             Money(int64_t{l.cents} * l.quantity)};
                   }),
             true, ",", "\n");
}

std::string Magento(const Orders& orders, Chance*) {
  return Csv(
      Lines({"increment_id", "created_at", "customer_email", "sku", "name", "qty_ordered", "price"},
            orders,
            [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
              return {"00000" + o.number,
                      Time("%Y-%m-%d %H:%M:%S", o.time),
                      o.customer,
                      l.sku,
                      l.name,
                      absl::StrCat(l.quantity, ".0000"),
                      Money(l.cents) + "00"};
            }),
      true, ",", "\n");
}

std::string Squarespace(const Orders& orders, Chance*) {
  return Csv(Lines({"Order ID", "Email", "Financial Status", "Created at", "Lineitem quantity",
                    "Lineitem name", "Lineitem price", "Lineitem sku"},
                   orders,
                   [](const Order& o, const Line& l, bool first) -> std::vector<std::string> {
                     const auto once = [&](const std::string& text) { return first ? text : ""; };
                     return {o.number,
                             once(o.customer),
                             once("PAID"),
                             once(Time("%Y-%m-%d %H:%M:00 -0500", o.time)),
                             absl::StrCat(l.quantity),
                             l.name,
                             Money(l.cents),
                             l.sku};
                   }),
             true, ",", "\n");
}

// With units, lines and orders that were cancelled, and each configurable product in two rows.
std::string MagentoWithCancelled(const Orders& orders, Chance* chance) {
  Rows rows = {{"increment_id", "created_at", "customer_email", "sku", "name", "qty_ordered",
                "qty_canceled", "price", "status"}};
  for (const Order& o : orders) {
    const std::string day = Time("%Y-%m-%d %H:%M:%S", o.time);
    const auto add = [&](const std::string& number, const Line& l, int cancelled,
                         const std::string& price, const std::string& status) {
      rows.push_back({number, day, o.customer, l.sku, l.name, absl::StrCat(l.quantity + cancelled),
                      absl::StrCat(cancelled, ".0000"), price, status});
    };
    for (const Line& l : o.lines) {
      const int cancelled = chance->OneIn(3) ? 1 + chance->Below(3) : 0;
      const bool is_configurable = chance->OneIn(2);
      if (is_configurable && chance->OneIn(4)) add("00000" + o.number, l, cancelled, "0.0000", "");
      const bool has_child = is_configurable && rows.back()[7] != "0.0000";
      add("00000" + o.number, l, cancelled, Money(l.cents) + "00", "complete");
      if (has_child) add("00000" + o.number, l, cancelled, "0.0000", "");
    }
    if (chance->OneIn(3)) add("00000" + o.number, {"GONE", "Gone", 0, 0}, 2, "5.0000", "complete");
    if (chance->OneIn(3)) add("9" + o.number, {"GONE", "Gone", 2, 0}, 0, "5.0000", "canceled");
  }
  return Csv(rows, true, ",", "\n");
}

std::string Square(const Orders& orders, Chance* chance) {
  const bool grouped = chance->OneIn(2);
  return Csv(
      Lines({"Date", "Time", "Item", "Qty", "SKU", "Net Sales", "Transaction ID", "Customer ID"},
            orders,
            [&](const Order& o, const Line& l, bool) -> std::vector<std::string> {
              return {Time("%m/%d/%y", o.time),
                      Time("%H:%M:%S", o.time),
                      l.name,
                      absl::StrCat(l.quantity, ".0"),
                      l.sku,
                      absl::StrCat("$", Money(int64_t{l.cents} * l.quantity, grouped)),
                      o.number,
                      o.customer};
            }),
      true, ",", "\n");
}

std::string Etsy(const Orders& orders, Chance*) {
  return Csv(Lines({"Sale Date", "Item Name", "Buyer", "Quantity", "Price", "Currency",
                    "Transaction ID", "Order ID", "SKU"},
                   orders,
                   [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
                     return {Time("%m/%d/%y", o.time),
                             l.name,
                             o.customer,
                             absl::StrCat(l.quantity),
                             Money(l.cents, true),
                             "USD",
                             "t",
                             o.number,
                             l.sku};
                   }),
             true, ",", "\n");
}

std::string Amazon(const Orders& orders, Chance*) {
  return Csv(Lines({"amazon-order-id", "purchase-date", "buyer-email", "product-name", "sku",
                    "quantity", "item-price"},
                   orders,
                   [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
                     return {o.number,
                             Time("%Y-%m-%dT%H:%M:%S+00:00", o.time),
                             o.customer,
                             l.name,
                             l.sku,
                             absl::StrCat(l.quantity),
                             Money(int64_t{l.cents} * l.quantity)};
                   }),
             false, "\t", "\n");
}

std::string Ebay(const Orders& orders, Chance*) {
  Rows rows = {{"Sales Record Number", "Order Number", "Buyer Username", "Item Title",
                "Custom Label", "Quantity", "Sold For", "Sale Date"}};
  for (const Order& o : orders) {
    const std::string day = Time("%b-%d-%y", o.time);
    const bool several = o.lines.size() > 1;
    if (several) rows.push_back({"7", o.number, o.customer, "", "", "9", "", day});
    for (const Line& l : o.lines) {
      rows.push_back({"7", o.number, several ? "" : o.customer, l.name, l.sku,
                      absl::StrCat(l.quantity), absl::StrCat("$", Money(l.cents, true)),
                      several ? "" : day});
    }
  }
  return absl::StrCat("\n", Csv(rows, true, ",", "\n"), "\n3 record(s) downloaded\n");
}

std::string Odoo(const Orders& orders, Chance*) {
  return Csv(Lines({"Order Reference", "Order Date", "Customer", "Order Lines/Product",
                    "Order Lines/Quantity", "Order Lines/Unit Price"},
                   orders,
                   [](const Order& o, const Line& l, bool first) -> std::vector<std::string> {
                     const auto once = [&](const std::string& text) { return first ? text : ""; };
                     return {once(o.number),
                             once(Time("%Y-%m-%d %H:%M:%S", o.time)),
                             once(o.customer),
                             l.sku.empty() ? l.name : absl::StrCat("[", l.sku, "] ", l.name),
                             absl::StrCat(l.quantity, ".0"),
                             Money(l.cents)};
                   }),
             true, ",", "\n");
}

std::string Uci(const Orders& orders, Chance*) {
  return Csv(Lines({"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
                    "CustomerID", "Country"},
                   orders,
                   [](const Order& o, const Line& l, bool) -> std::vector<std::string> {
                     return {o.number,
                             l.sku,
                             l.name,
                             absl::StrCat(l.quantity),
                             Time("%m/%d/%Y %H:%M", o.time),
                             Money(l.cents),
                             o.customer,
                             "France"};
                   }),
             true, ",", "\n");
}

struct Form {
  const char* name;
  std::string (*write)(const Orders&, Chance*);
  std::string prefix;  // Of the order numbers.
};
const std::vector<Form> kForms = {{"Shopify", Shopify, ""},
                                  {"Squarespace", Squarespace, ""},
                                  {"WooCommerce", WooCommerce, ""},
                                  {"WooCommerce", WooCommerceTotals, ""},
                                  {"Magento", Magento, "00000"},
                                  {"Magento", MagentoWithCancelled, "00000"},
                                  {"Square", Square, ""},
                                  {"Etsy", Etsy, ""},
                                  {"Amazon", Amazon, ""},
                                  {"eBay", Ebay, ""},
                                  {"Odoo", Odoo, ""},
                                  {"UCI Online Retail", Uci, ""}};

std::string Utf16(const std::string& text) {
  std::string out = "\xFF\xFE";
  for (size_t i = 0; i < text.size(); ++i) {
    auto code = static_cast<unsigned char>(text[i]);
    if (code < 0x80) {
      out.push_back(text[i]);
      out.push_back('\0');
    } else {  // The names have no characters beyond U+07FF.
      const int wide = (code & 0x1F) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
      out.push_back(static_cast<char>(wide & 0xFF));
      out.push_back(static_cast<char>(wide >> 8));
    }
  }
  return out;
}

// The text as a program would save it.
std::string Encoded(const std::string& text, Chance* chance) {
  switch (chance->Below(4)) {
    case 0:
      return "\xEF\xBB\xBF" + text;
    case 1:
      return Utf16(text);
    case 2: {  // Windows-1252: the names have only characters of Latin-1.
      std::string out;
      for (size_t i = 0; i < text.size(); ++i) {
        const auto code = static_cast<unsigned char>(text[i]);
        out.push_back(code < 0x80
                          ? text[i]
                          : static_cast<char>((code & 0x03) << 6 |
                                              (static_cast<unsigned char>(text[++i]) & 0x3F)));
      }
      return out;
    }
    default:
      return text;
  }
}

std::string Expected(const Orders& orders, const std::string& prefix) {
  std::string text;
  for (const Order& order : orders) {
    absl::StrAppend(&text, prefix, order.number, " ", order.customer, " ",
                    Time("%Y-%m-%d", order.time), "\n");
    for (const Line& line : order.lines) {
      absl::StrAppend(&text, "  ", line.sku.empty() ? line.name : line.sku, " ", line.name, " ",
                      line.quantity, " ", line.cents * line.quantity, "\n");
    }
  }
  return text;
}

std::string Actual(const OrderBook& book) {
  std::string text;
  for (uint32_t i = 0; i < book.orders.size(); ++i) {
    const FlatOrder& order = book.orders[i];
    if (order.lines.empty()) continue;
    absl::StrAppend(
        &text, book.order_codes.text(i), " ",
        order.customer == CodeBook::kNone ? "" : book.customer_codes.text(order.customer), " ",
        schema::DateText(order.day), "\n");
    for (const FlatLine& line : order.lines) {
      absl::StrAppend(&text, "  ", book.product_codes.text(line.product), " ",
                      book.NameOf(line.product), " ", line.quantity, " ",
                      line.price_cents * line.quantity + line.total_offset, "\n");
    }
  }
  return text;
}

TEST(RoundTripTest, AThousandShopsInEachFormAreReadAsTheyWereMeant) {
  const std::string path =
      absl::StrCat(::testing::TempDir(), "/flat_round_trip_", getpid(), ".csv");
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    for (const Form& form : kForms) {
      Chance chance(seed);
      const Orders orders = RandomOrders(&chance);
      const std::string text = form.write(orders, &chance);
      std::ofstream(path, std::ios::binary) << Encoded(text, &chance);
      const auto file = OrderFile::Open(path, {});
      ASSERT_TRUE(file.ok()) << form.name << " " << seed << ": " << file.status() << "\n" << text;
      EXPECT_EQ((*file)->columns().preset(), form.name);
      OrderBook book;
      Refusals refusals;
      ASSERT_TRUE((*file)->Read([](int64_t, int64_t) {}, &book, &refusals).ok());
      ASSERT_EQ(refusals.count(), 0)
          << form.name << " " << seed << ": " << refusals.First()[0].DebugString() << "\n"
          << text;
      ASSERT_EQ(Actual(book), Expected(orders, form.prefix)) << form.name << " " << seed << "\n"
                                                             << text;
    }
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace clustr::ctl
