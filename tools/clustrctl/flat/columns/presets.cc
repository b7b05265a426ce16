#include "tools/clustrctl/flat/columns/presets.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace clustr::ctl {
namespace {

// Words for orders that never came about or were paid back, and further ones of a form.
std::vector<std::string> Words(std::initializer_list<const char*> more) {
  std::vector<std::string> words = {"cancelled", "canceled", "voided", "failed", "refunded"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// WooCommerce's database has its words with a prefix. A draft is a checkout that was left, and an
// order with a pending payment was never paid.
std::vector<std::string> WooWords() {
  return Words({"wc-cancelled", "wc-failed", "wc-refunded", "trash", "checkout-draft",
                "wc-checkout-draft", "pending", "pending payment", "wc-pending"});
}

// The second part says that the parcel came back.
std::vector<std::string> AmazonWords() {
  return Words({"Shipped - Returned to Seller", "Shipped - Returning to Seller",
                "Shipped - Rejected by Buyer"});
}

// A quotation is no order yet.
std::vector<std::string> OdooWords() {
  return Words({"cancel", "quotation", "quotation sent", "draft", "sent"});
}

const std::vector<Preset>& Presets() {
  static const auto* const kPresets = new std::vector<Preset>{
      {"Shopify",
       {{"Name"}, {"Lineitem name"}, {"Lineitem quantity"}, {"Lineitem price"}},
       {{Role::kOrder, {"Name"}},
        {Role::kCustomer, {"Email", "Billing Name"}},
        {Role::kDate, {"Created at", "Paid at"}},
        {Role::kProduct, {"Lineitem sku"}},
        {Role::kDescription, {"Lineitem name"}},
        {Role::kQuantity, {"Lineitem quantity"}},
        {Role::kPrice, {"Lineitem price"}},
        {Role::kBrand, {"Vendor"}},
        {Role::kCity, {"Billing City", "Shipping City"}},
        {Role::kChannel, {"Source"}},
        {Role::kPaymentType, {"Payment Method"}}},
       {{{"Financial Status"}, Words({"expired"})}, {{"Cancelled at"}, {}}}},
      {"Squarespace",
       {{"Order ID"}, {"Lineitem name"}, {"Lineitem quantity"}, {"Lineitem price"}},
       {{Role::kOrder, {"Order ID"}},
        {Role::kCustomer, {"Email", "Billing Name"}},
        {Role::kDate, {"Created at", "Paid at"}},
        {Role::kProduct, {"Lineitem sku"}},
        {Role::kDescription, {"Lineitem name"}},
        {Role::kQuantity, {"Lineitem quantity"}},
        {Role::kPrice, {"Lineitem price"}},
        {Role::kCity, {"Billing City", "Shipping City"}},
        {Role::kChannel, {"Channel Name"}},
        {Role::kPaymentType, {"Payment Method"}}},
       {{{"Financial Status"}, Words({"expired"})}, {{"Cancelled at"}, {}}}},
      {"WooCommerce",
       {{"Order Number"}, {"Item Name"}, {"Quantity", "Quantity (- Refund)"}, {"Item Cost"}},
       {{Role::kOrder, {"Order Number"}},
        {Role::kCustomer, {"Email (Billing)", "Customer User ID", "Customer ID"}},
        {Role::kDate, {"Order Date", "Paid Date"}},
        {Role::kProduct, {"SKU"}},
        {Role::kDescription, {"Item Name"}},
        {Role::kQuantity, {"Quantity (- Refund)", "Quantity"}},
        {Role::kPrice, {"Item Cost"}},
        {Role::kCategory, {"Category"}},
        {Role::kCity, {"City (Billing)"}},
        {Role::kPaymentType, {"Payment Method Title", "Payment Method"}}},
       {{{"Order Status", "Status"}, WooWords()}}},
      {"WooCommerce",
       {{"order_number", "order_id"}, {"item_name"}, {"item_quantity"}},
       {{Role::kOrder, {"order_number", "order_id"}},
        {Role::kCustomer, {"billing_email", "customer_email", "customer_id"}},
        {Role::kDate, {"order_date", "date", "date_created"}},
        {Role::kProduct, {"item_sku"}},
        {Role::kDescription, {"item_name"}},
        {Role::kQuantity, {"item_quantity"}},
        {Role::kPrice, {"item_price"}},
        {Role::kTotal, {"item_total"}},
        {Role::kCity, {"billing_city"}},
        {Role::kPaymentType, {"payment_method_title", "payment_method"}}},
       {{{"status", "order_status"}, WooWords()}}},
      {"Square",
       {{"Transaction ID"}, {"Item"}, {"Qty"}, {"Date"}},
       {{Role::kOrder, {"Transaction ID"}},
        {Role::kCustomer, {"Customer ID", "Customer Reference ID", "Customer Name"}},
        {Role::kDate, {"Date"}},
        {Role::kProduct, {"SKU"}},
        {Role::kDescription, {"Item"}},
        {Role::kQuantity, {"Qty"}},
        {Role::kTotal, {"Net Sales", "Gross Sales"}},
        {Role::kCategory, {"Category"}},
        {Role::kChannel, {"Channel", "Location"}}},
       {{{"Transaction Status"}, Words({})}}},
      {"Etsy",
       {{"Order ID"}, {"Item Name"}, {"Sale Date"}, {"Quantity"}, {"Price"}},
       {{Role::kOrder, {"Order ID"}},
        {Role::kCustomer, {"Buyer", "Buyer User ID"}},
        {Role::kDate, {"Sale Date"}},
        {Role::kProduct, {"SKU", "Listing ID"}},
        {Role::kDescription, {"Item Name"}},
        {Role::kQuantity, {"Quantity"}},
        {Role::kPrice, {"Price"}},
        {Role::kCity, {"Ship City"}}},
       {{{"Order Status", "Status"}, Words({})}}},
      {"Amazon",
       {{"amazon-order-id", "order-id"}, {"sku"}, {"purchase-date"}, {"item-price"}},
       {{Role::kOrder, {"amazon-order-id", "order-id"}},
        {Role::kCustomer, {"buyer-email", "buyer-name"}},
        {Role::kDate, {"purchase-date"}},
        {Role::kProduct, {"sku", "asin"}},
        {Role::kDescription, {"product-name"}},
        {Role::kQuantity, {"quantity", "quantity-purchased", "quantity-shipped"}},
        {Role::kTotal, {"item-price"}},
        {Role::kCity, {"ship-city"}},
        {Role::kChannel, {"sales-channel"}},
        {Role::kPaymentType, {"payment-method"}}},
       {{{"order-status"}, AmazonWords()}, {{"item-status"}, AmazonWords()}}},
      {"eBay",
       {{"Order Number", "Sales Record Number"}, {"Item Title"}, {"Quantity"}, {"Sold For"}},
       {{Role::kOrder, {"Order Number", "Sales Record Number"}},
        {Role::kCustomer, {"Buyer Username", "Buyer Email"}},
        {Role::kDate, {"Sale Date", "Paid On Date"}},
        {Role::kProduct, {"Custom Label", "Custom Label (SKU)", "Item Number"}},
        {Role::kDescription, {"Item Title"}},
        {Role::kQuantity, {"Quantity"}},
        {Role::kPrice, {"Sold For"}},
        {Role::kCity, {"Buyer City", "Ship To City"}},
        {Role::kPaymentType, {"Payment Method"}}},
       {{{"Order Status", "Status"}, Words({})}}},
      {"Magento",
       {{"sku"}, {"qty_ordered", "qty_invoiced"}, {"created_at", "order_date", "purchased_on"}},
       {{Role::kOrder, {"increment_id", "order_increment_id", "order_id"}},
        {Role::kCustomer, {"customer_email", "customer_id"}},
        {Role::kDate, {"created_at", "order_date", "purchased_on"}},
        {Role::kProduct, {"sku"}},
        {Role::kDescription, {"name", "product_name"}},
        {Role::kQuantity, {"qty_ordered", "qty_invoiced"}},
        {Role::kPrice, {"price", "base_price"}},
        {Role::kCity, {"city", "billing_city"}},
        {Role::kChannel, {"store_name"}},
        {Role::kPaymentType, {"payment_method", "method"}}},
       {{{"status", "order_status"}, Words({"closed"})}, {{"state"}, Words({"closed"})}}},
      {"Odoo",
       {{"Order Lines/Product", "Order Lines/Product/Internal Reference",
         "Order Lines/Product/Display Name"},
        {"Order Lines/Quantity", "Order Lines/Ordered Quantity"}},
       {{Role::kOrder, {"Order Reference", "Name", "Display Name", "Number"}},
        {Role::kCustomer, {"Customer", "Customer/Name", "Customer/Display Name", "Customer/Email"}},
        {Role::kDate, {"Order Date", "Creation Date", "Date Order"}},
        {Role::kProduct,
         {"Order Lines/Product/Internal Reference", "Order Lines/Product",
          "Order Lines/Product/Display Name"}},
        {Role::kDescription, {"Order Lines/Product/Name", "Order Lines/Description"}},
        {Role::kQuantity, {"Order Lines/Quantity", "Order Lines/Ordered Quantity"}},
        {Role::kPrice, {"Order Lines/Unit Price"}},
        {Role::kCategory, {"Order Lines/Product/Product Category"}},
        {Role::kCity, {"Customer/City"}}},
       {{{"Status", "Order Status", "State"}, OdooWords()}}},
      {"Odoo",
       {{"order_line/product_id", "order_line/product_id/default_code"},
        {"order_line/product_uom_qty"}},
       {{Role::kOrder, {"name"}},
        {Role::kCustomer, {"partner_id", "partner_id/name", "partner_id/email"}},
        {Role::kDate, {"date_order"}},
        {Role::kProduct, {"order_line/product_id/default_code", "order_line/product_id"}},
        {Role::kDescription, {"order_line/product_id/name", "order_line/name"}},
        {Role::kQuantity, {"order_line/product_uom_qty"}},
        {Role::kPrice, {"order_line/price_unit"}},
        {Role::kCity, {"partner_id/city"}}},
       {{{"state"}, OdooWords()}}},
  };
  return *kPresets;
}

bool HasOneOf(absl::Span<const std::string> header, const std::vector<std::string>& names) {
  return std::any_of(header.begin(), header.end(), [&](const std::string& cell) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(cell), name);
    });
  });
}

}  // namespace

const std::vector<std::string>& Preset::NamesOf(Role role) const {
  static const auto* const kNone = new std::vector<std::string>();
  const auto column = std::find_if(columns.begin(), columns.end(),
                                   [role](const Column& column) { return column.role == role; });
  return column == columns.end() ? *kNone : column->names;
}

const Preset* FindPreset(absl::Span<const std::string> header) {
  const auto found = std::find_if(Presets().begin(), Presets().end(), [&](const Preset& preset) {
    return std::all_of(preset.signature.begin(), preset.signature.end(),
                       [&](const auto& names) { return HasOneOf(header, names); });
  });
  return found == Presets().end() ? nullptr : &*found;
}

}  // namespace clustr::ctl
