#include "tools/clustrctl/generator/shop.h"

#include <array>
#include <fstream>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/files/row_writer.h"
#include "tools/clustrctl/generator/assortment.h"
#include "tools/clustrctl/generator/basket_maker.h"
#include "tools/clustrctl/generator/calendar.h"
#include "tools/clustrctl/generator/clientele.h"
#include "tools/clustrctl/generator/patterns.h"

namespace clustr::generator {

using catalog::v1::Customer;
using catalog::v1::Product;
using catalog::v1::Timeframe;
using ctl::RowWriter;
using sales::v1::Sale;
using sales::v1::Transaction;

namespace {

constexpr int64_t kProgressBaskets = 1000;
constexpr std::array<const char*, 3> kChannels = {"Online", "Store", "Mobile App"};
constexpr std::array<const char*, 4> kPaymentTypes = {"Credit Card", "Debit Card", "Digital Wallet",
                                                      "Cash"};

absl::Status CheckRange(const char* flag, double value, double min, double max) {
  if (value >= min && value <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("--%s: %.15g is not between %.15g and %.15g; give a number in that range",
                      flag, value, min, max));
}

template <class Row>
absl::StatusOr<RowWriter> Create(const std::string& folder, const std::vector<int>& fields) {
  return RowWriter::Create(
      absl::StrCat(folder, "/", schema::TableOptions(*Row::descriptor())->name(), ".csv"),
      ctl::FieldsByNumber(*Row::descriptor(), fields));
}

absl::Status WriteProducts(const std::string& folder, const Assortment& assortment) {
  CLUSTR_ASSIGN_OR_RETURN(
      RowWriter writer,
      Create<Product>(folder, {Product::kProductSkuFieldNumber, Product::kProductNameFieldNumber,
                               Product::kCategoryFieldNumber, Product::kBrandFieldNumber,
                               Product::kPriceFieldNumber}));
  for (const Product& product : assortment.products) CLUSTR_RETURN_IF_ERROR(writer.Write(product));
  return writer.Close();
}

absl::StatusOr<std::vector<Shopper>> WriteCustomers(const std::string& folder, int64_t count,
                                                    int year, Random& random) {
  CLUSTR_ASSIGN_OR_RETURN(
      RowWriter writer,
      Create<Customer>(
          folder,
          {Customer::kCustomerIdFieldNumber, Customer::kFirstNameFieldNumber,
           Customer::kLastNameFieldNumber, Customer::kGenderFieldNumber, Customer::kAgeFieldNumber,
           Customer::kDobFieldNumber, Customer::kPhoneFieldNumber, Customer::kEmailFieldNumber,
           Customer::kCityFieldNumber, Customer::kIncomeLevelFieldNumber,
           Customer::kShoppingPreferenceFieldNumber, Customer::kCustomerSegmentFieldNumber}));
  std::vector<Shopper> shoppers(count);
  for (int64_t i = 0; i < count; ++i) {
    CLUSTR_RETURN_IF_ERROR(writer.Write(MakeCustomer(i + 1, year, random, &shoppers[i])));
  }
  CLUSTR_RETURN_IF_ERROR(writer.Close());
  return shoppers;
}

absl::Status WriteTimeframe(const std::string& folder, const std::vector<TradingDay>& calendar) {
  CLUSTR_ASSIGN_OR_RETURN(
      RowWriter writer,
      Create<Timeframe>(folder, {Timeframe::kTimeIdFieldNumber, Timeframe::kDateFieldNumber,
                                 Timeframe::kDayFieldNumber, Timeframe::kMonthFieldNumber,
                                 Timeframe::kYearFieldNumber}));
  for (const TradingDay& day : calendar) CLUSTR_RETURN_IF_ERROR(writer.Write(day.timeframe));
  return writer.Close();
}

// Younger customers often buy in the app, older ones in the store; the channel decides how they
// pay.
void FillHeader(const Shopper& shopper, Random& random, Transaction* header) {
  static const Weighted kYoungChannel({45, 20, 35});
  static const Weighted kOlderChannel({40, 48, 12});
  static const Weighted kTill({45, 30, 10, 15});
  static const Weighted kRemote({48, 25, 25, 2});
  const uint32_t channel = (shopper.age < 40 ? kYoungChannel : kOlderChannel).Draw(random);
  header->set_channel(kChannels[channel]);
  header->set_payment_type(kPaymentTypes[(channel == 1 ? kTill : kRemote).Draw(random)]);
}

// Writes the lines of one basket and returns their sum in cents.
absl::StatusOr<int64_t> WriteLines(const Assortment& assortment,
                                   const std::vector<BasketLine>& lines, Sale* sale,
                                   RowWriter* writer) {
  int64_t total_cents = 0;
  for (const BasketLine& line : lines) {
    const int64_t line_cents = line.quantity * line.unit_price_cents;
    total_cents += line_cents;
    sale->set_sale_id(sale->sale_id() + 1);
    sale->set_product_sku(assortment.products[line.product].product_sku());
    sale->set_quantity(line.quantity);
    sale->set_unit_price(static_cast<double>(line.unit_price_cents) / 100);
    sale->set_line_total(static_cast<double>(line_cents) / 100);
    CLUSTR_RETURN_IF_ERROR(writer->Write(*sale));
  }
  return total_cents;
}

absl::Status WriteTruth(const std::string& folder, const std::string& json) {
  const std::string path = absl::StrCat(folder, "/truth.json");
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << json;
  file.close();
  if (file) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path, ": cannot be written; see whether the disk is full"));
}

// `patterns` may be nullptr.
absl::StatusOr<int64_t> WriteBaskets(const std::string& folder, const Assortment& assortment,
                                     const std::vector<Shopper>& shoppers,
                                     const std::vector<TradingDay>& calendar, double mean_lines,
                                     Random& random, PatternedBaskets* patterns,
                                     const std::function<void(int64_t baskets)>& progress) {
  CLUSTR_ASSIGN_OR_RETURN(
      RowWriter headers,
      Create<Transaction>(
          folder, {Transaction::kTransactionIdFieldNumber, Transaction::kCustomerIdFieldNumber,
                   Transaction::kTimeIdFieldNumber, Transaction::kTransactionAmountFieldNumber,
                   Transaction::kChannelFieldNumber, Transaction::kPaymentTypeFieldNumber}));
  CLUSTR_ASSIGN_OR_RETURN(
      RowWriter lines,
      Create<Sale>(folder, {Sale::kSaleIdFieldNumber, Sale::kTransactionIdFieldNumber,
                            Sale::kProductSkuFieldNumber, Sale::kQuantityFieldNumber,
                            Sale::kUnitPriceFieldNumber, Sale::kLineTotalFieldNumber}));
  std::vector<double> visits;
  for (const Shopper& shopper : shoppers) visits.push_back(shopper.visits);
  const Weighted visitor(visits);
  BasketMaker maker(assortment, mean_lines);
  std::vector<BasketLine> basket;
  Transaction header;
  Sale sale;
  for (const TradingDay& day : calendar) {
    for (int64_t i = 0; i < day.baskets; ++i) {
      const uint32_t customer = visitor.Draw(random);
      header.set_transaction_id(header.transaction_id() + 1);
      header.set_customer_id(customer + 1);
      header.set_time_id(day.timeframe.time_id());
      FillHeader(shoppers[customer], random, &header);
      maker.Draw(shoppers[customer], random, &basket);
      if (patterns != nullptr) {
        patterns->Follow(static_cast<int32_t>(day.timeframe.time_id() - 1),
                         static_cast<int>(day.timeframe.month()), customer, shoppers[customer],
                         random, &maker, &basket);
      }
      sale.set_transaction_id(header.transaction_id());
      CLUSTR_ASSIGN_OR_RETURN(const int64_t cents, WriteLines(assortment, basket, &sale, &lines));
      header.set_transaction_amount(static_cast<double>(cents) / 100);
      CLUSTR_RETURN_IF_ERROR(headers.Write(header));
      if (header.transaction_id() % kProgressBaskets == 0) progress(header.transaction_id());
    }
  }
  CLUSTR_RETURN_IF_ERROR(headers.Close());
  CLUSTR_RETURN_IF_ERROR(lines.Close());
  return lines.rows();
}

}  // namespace

absl::Status ValidateShopOptions(const ShopOptions& options) {
  CLUSTR_RETURN_IF_ERROR(CheckRange("products", options.products, 2, 10'000'000));
  CLUSTR_RETURN_IF_ERROR(CheckRange("customers", options.customers, 1, 100'000'000));
  CLUSTR_RETURN_IF_ERROR(CheckRange("baskets", options.baskets, 0, 1'000'000'000));
  CLUSTR_RETURN_IF_ERROR(CheckRange("days", options.days, 1, 36'500));
  CLUSTR_RETURN_IF_ERROR(CheckRange("mean-lines", options.mean_lines, 1,
                                    options.products < 400 ? options.products / 2.0 : 200));
  if (!options.patterns || options.products >= kLeastPatternProducts) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--products: ", options.products, " are too few for --patterns; give at least ",
                   kLeastPatternProducts, ", or leave --patterns out"));
}

absl::StatusOr<ShopSize> WriteShop(const ShopOptions& options, const std::string& folder,
                                   const std::function<void(int64_t baskets)>& progress) {
  // Each part draws from its own random stream, so that more customers do not change the products.
  Random seeds(static_cast<uint64_t>(options.seed));
  Random assortment_random(seeds.Next());
  Random calendar_random(seeds.Next());
  Random clientele_random(seeds.Next());
  Random basket_random(seeds.Next());
  const Assortment assortment =
      MakeAssortment(static_cast<uint32_t>(options.products), assortment_random);
  CLUSTR_RETURN_IF_ERROR(WriteProducts(folder, assortment));
  const std::vector<TradingDay> calendar =
      MakeCalendar(options.days, options.baskets, calendar_random);
  CLUSTR_RETURN_IF_ERROR(WriteTimeframe(folder, calendar));
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<Shopper> shoppers,
                          WriteCustomers(folder, options.customers,
                                         calendar.back().timeframe.year(), clientele_random));
  Truth truth;
  std::optional<PatternedBaskets> patterns;
  if (options.patterns) {
    Random pattern_random(seeds.Next());
    const auto customers = static_cast<uint32_t>(options.customers);
    truth = MakeTruth(assortment, customers, options.days, pattern_random);
    CLUSTR_RETURN_IF_ERROR(WriteTruth(folder, TruthJson(truth, assortment)));
    patterns.emplace(truth, assortment, customers, pattern_random);
  }
  CLUSTR_ASSIGN_OR_RETURN(const int64_t lines,
                          WriteBaskets(folder, assortment, shoppers, calendar, options.mean_lines,
                                       basket_random, patterns ? &*patterns : nullptr, progress));
  return ShopSize{options.products, options.customers, options.days, options.baskets, lines};
}

}  // namespace clustr::generator
