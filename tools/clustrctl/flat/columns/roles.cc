#include "tools/clustrctl/flat/columns/roles.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

using catalog::v1::Customer;
using catalog::v1::Product;
using google::protobuf::Descriptor;
using sales::v1::Sale;
using sales::v1::Transaction;

struct RoleEntry {
  const char* name;
  std::vector<std::string> other_names;
  const Descriptor* model;
  int field;
};

std::vector<std::string> ReturnedNames() {
  return {"returned quantity",
          "quantity returned",
          "returned qty",
          "qty returned",
          "qty_returned",
          "quantity_returned",
          "returned_qty",
          "returned units",
          "refunded quantity",
          "quantity refunded",
          "refunded qty",
          "qty refunded",
          "qty_refunded",
          "quantity_refunded",
          "refunded_qty",
          "refunded_quantity",
          "product_quantity_refunded",
          "item_qty_refunded",
          "retournierte Menge",
          "Menge retourniert",
          "Retourmenge",
          "quantité retournée",
          "quantité remboursée",
          "cantidad devuelta",
          "quantità resa",
          "ilość zwrócona"};
}

std::vector<std::string> CancelledNames() {
  return {"cancelled quantity", "canceled quantity",  "quantity cancelled", "quantity canceled",
          "cancelled qty",      "canceled qty",       "qty cancelled",      "qty canceled",
          "qty_cancelled",      "qty_canceled",       "cancelled_qty",      "canceled_qty",
          "canceled_quantity",  "quantity_cancelled", "quantity_canceled",  "stornierte Menge",
          "Menge storniert",    "Stornomenge",        "quantité annulée",   "cantidad cancelada",
          "ilość anulowana"};
}

std::vector<std::string> OriginalNames() {
  return {"original order",
          "original order number",
          "original order id",
          "original order no",
          "original_order_id",
          "original_order_number",
          "original invoice",
          "original invoice no",
          "original invoice number",
          "original_invoice",
          "original sale",
          "original sale id",
          "original receipt",
          "original receipt number",
          "original transaction",
          "original transaction id",
          "original_transaction_id",
          "original document",
          "refund of",
          "refund for",
          "refunded order",
          "refunded_order_id",
          "refund of order",
          "return of",
          "return of order",
          "returned order",
          "reversal of",
          "credit note for",
          "credit memo for",
          "credit note of",
          "credited invoice",
          "reversed entry",
          "refunded receipt",
          "refunded invoice",
          "applies to doc no",
          "applies-to doc. no.",
          "applies-to doc. no",
          "corrected invoice",
          "corrects invoice",
          "parent order",
          "parent order id",
          "parent_order_id",
          "parent order number",
          "Ursprungsauftrag",
          "Ursprungsbeleg",
          "Ursprungsrechnung",
          "Originalbeleg",
          "Originalauftrag",
          "Originalrechnung",
          "Gutschrift zu",
          "Gutschrift für",
          "Gutschrift zu Rechnung",
          "Storno zu",
          "Rechnung zur Gutschrift",
          "Bezugsrechnung",
          "Bezugsbeleg",
          "commande d'origine",
          "facture d'origine",
          "avoir sur",
          "avoir de",
          "pedido original",
          "factura original",
          "factura rectificada",
          "ordine originale",
          "fattura originale",
          "originele bestelling",
          "oorspronkelijke factuur",
          "faktura korygowana",
          "zamówienie pierwotne"};
}

std::vector<std::string> TimeNames() {
  return {"time of day",
          "order time",
          "sale time",
          "time of sale",
          "purchase time",
          "transaction time",
          "invoice time",
          "receipt time",
          "time sold",
          "order_time",
          "sale_time",
          "purchase_time",
          "transaction_time",
          "receipt_time",
          "invoice_time",
          "OrderTime",
          "SaleTime",
          "TransactionTime",
          "ReceiptTime",
          "Uhrzeit",
          "Zeit",
          "Bonzeit",
          "Belegzeit",
          "Kaufzeit",
          "Verkaufszeit",
          "Bestellzeit",
          "heure",
          "heure de vente",
          "heure d'achat",
          "hora",
          "hora de venta",
          "hora da venda",
          "ora",
          "ora vendita",
          "ora di vendita",
          "tijd",
          "tijdstip",
          "tidspunkt",
          "klockslag",
          "klokkeslett",
          "klokkeslæt",
          "aika",
          "kellonaika",
          "klo",
          "godzina",
          "czas",
          "čas",
          "idő",
          "időpont",
          "vrijeme",
          "saat",
          "время",
          "Время",
          "час",
          "Час",
          "ώρα",
          "Ώρα",
          "الوقت",
          "שעה",
          "時刻",
          "時間",
          "时间",
          "시간"};
}

const std::array<RoleEntry, kRoleCount>& Roles() {
  static const auto* const kRoles = new std::array<RoleEntry, kRoleCount>{{
      {"order",
       {"InvoiceNo", "Invoice"},
       Transaction::descriptor(),
       Transaction::kExternalIdFieldNumber},
      {"product", {"StockCode"}, Product::descriptor(), Product::kExternalIdFieldNumber},
      {"quantity", {}, Sale::descriptor(), Sale::kQuantityFieldNumber},
      {"price", {"UnitPrice"}, Sale::descriptor(), Sale::kUnitPriceFieldNumber},
      {"date", {"InvoiceDate"}, Transaction::descriptor(), Transaction::kPurchaseDateFieldNumber},
      {"description", {}, Product::descriptor(), Product::kProductNameFieldNumber},
      {"customer",
       {"CustomerID", "Customer ID"},
       Customer::descriptor(),
       Customer::kExternalIdFieldNumber},
      {"city", {"Country"}, Customer::descriptor(), Customer::kCityFieldNumber},
      {"category", {}, Product::descriptor(), Product::kCategoryFieldNumber},
      {"brand", {}, Product::descriptor(), Product::kBrandFieldNumber},
      {"channel", {}, Transaction::descriptor(), Transaction::kChannelFieldNumber},
      {"payment_type", {}, Transaction::descriptor(), Transaction::kPaymentTypeFieldNumber},
      {"total", {}, Sale::descriptor(), Sale::kLineTotalFieldNumber},
      {"returned_quantity", ReturnedNames(), Sale::descriptor(),
       Sale::kReturnedQuantityFieldNumber},
      {"cancelled_quantity", CancelledNames(), Sale::descriptor(), Sale::kQuantityFieldNumber},
      {"original_order", OriginalNames(), Transaction::descriptor(),
       Transaction::kExternalIdFieldNumber},
      {"time", TimeNames(), Transaction::descriptor(), Transaction::kPurchaseDateFieldNumber},
  }};
  return *kRoles;
}

constexpr auto kNameColumns = std::to_array<absl::string_view>({"customer name",
                                                                "customername",
                                                                "client name",
                                                                "buyer name",
                                                                "shopper name",
                                                                "name of customer",
                                                                "billing name",
                                                                "bill to name",
                                                                "sold to",
                                                                "partner name",
                                                                "customer",
                                                                "client",
                                                                "guest",
                                                                "kundenname",
                                                                "kunde",
                                                                "name des kunden",
                                                                "nom du client",
                                                                "nom client",
                                                                "client nom",
                                                                "nombre del cliente",
                                                                "nombre cliente",
                                                                "nombre de cliente",
                                                                "cliente",
                                                                "nome do cliente",
                                                                "nome cliente",
                                                                "nome del cliente",
                                                                "ragione sociale",
                                                                "klantnaam",
                                                                "naam klant",
                                                                "klant",
                                                                "kundnamn",
                                                                "kund",
                                                                "kundenavn",
                                                                "asiakkaan nimi",
                                                                "asiakas",
                                                                "nazwa klienta",
                                                                "klient",
                                                                "jmeno zakaznika",
                                                                "zakaznik",
                                                                "vevo neve",
                                                                "vevo",
                                                                "nume client",
                                                                "ime kupca",
                                                                "kupac",
                                                                "musteri adi",
                                                                "musteri",
                                                                "клиент",
                                                                "покупатель",
                                                                "имя клиента",
                                                                "πελατησ",
                                                                "客户",
                                                                "客户名称",
                                                                "顧客名",
                                                                "お客様名",
                                                                "고객명",
                                                                "고객",
                                                                "اسم العميل",
                                                                "العميل",
                                                                "שם לקוח"});

constexpr auto kPeople = std::to_array<absl::string_view>({"first name",
                                                           "firstname",
                                                           "last name",
                                                           "lastname",
                                                           "full name",
                                                           "surname",
                                                           "e mail",
                                                           "email",
                                                           "email address",
                                                           "mail",
                                                           "phone number",
                                                           "telephone",
                                                           "customer phone",
                                                           "customer email",
                                                           "customer id",
                                                           "customer no",
                                                           "customer number",
                                                           "client id",
                                                           "member id",
                                                           "membership id",
                                                           "loyalty card",
                                                           "address",
                                                           "street",
                                                           "zip",
                                                           "zip code",
                                                           "postcode",
                                                           "postal code",
                                                           "cashier",
                                                           "salesperson",
                                                           "sales person",
                                                           "sold by",
                                                           "staff",
                                                           "age",
                                                           "gender",
                                                           "sex",
                                                           "birthday",
                                                           "date of birth",
                                                           "vorname",
                                                           "nachname",
                                                           "kundennummer",
                                                           "kundennr",
                                                           "strasse",
                                                           "plz",
                                                           "postleitzahl",
                                                           "kassierer",
                                                           "verkaufer",
                                                           "alter",
                                                           "geschlecht",
                                                           "prenom",
                                                           "adresse",
                                                           "code postal",
                                                           "vendeur",
                                                           "nombre y apellidos",
                                                           "apellido",
                                                           "direccion",
                                                           "codigo postal",
                                                           "vendedor",
                                                           "cognome",
                                                           "indirizzo",
                                                           "voornaam",
                                                           "achternaam",
                                                           "adres",
                                                           "imie",
                                                           "nazwisko",
                                                           "adi",
                                                           "soyadi"});

template <size_t size>
bool IsExactly(std::string_view text, const std::array<absl::string_view, size>& wanted) {
  bool legacy = false;
  const std::string words = SpacedWords(FoldedWord(Utf8Text(text, &legacy)));
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](absl::string_view word) { return words == absl::StrCat(" ", word, " "); });
}

std::string Stripped(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
}

// Splits at commas outside of double quotes. A part without `=` belongs to the name before it.
std::vector<std::string> SplitPairs(std::string_view text) {
  std::vector<std::string> pairs = {""};
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (text[i] != ',' || quoted)) continue;
    const std::string part(text.substr(start, i - start));
    const bool continues = start > 0 && part.find('=') == std::string::npos && !part.empty();
    if (continues) {
      pairs.back() += "," + part;
    } else if (start == 0) {
      pairs.back() = part;
    } else {
      pairs.push_back(part);
    }
    start = i + 1;
  }
  return pairs;
}

std::string WithoutQuotes(std::string name) {
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
    return name.substr(1, name.size() - 2);
  }
  return name;
}

}  // namespace

const char* RoleName(Role role) { return Roles()[static_cast<size_t>(role)].name; }

const google::protobuf::FieldDescriptor& RoleField(Role role) {
  const RoleEntry& entry = Roles()[static_cast<size_t>(role)];
  return *entry.model->FindFieldByNumber(entry.field);
}

const std::vector<std::string>& OtherNames(Role role) {
  return Roles()[static_cast<size_t>(role)].other_names;
}

bool NamesACustomer(std::string_view column) { return IsExactly(column, kNameColumns); }

bool NamesAPerson(std::string_view column) {
  return NamesACustomer(column) || IsExactly(column, kPeople);
}

bool NamesATimePlainly(std::string_view column) {
  static const auto* const kNames = new std::vector<std::string>{
      "time", "zeit", "heure", "hora",    "ora",  "tijd",  "aika",  "klo",
      "czas", "čas",  "idő",   "vrijeme", "saat", "время", "Время", "час",
      "Час",  "ώρα",  "Ώρα",   "الوقت",   "שעה",  "時間",  "时间",  "시간"};
  const absl::string_view name =
      absl::StripAsciiWhitespace(absl::string_view(column.data(), column.size()));
  return std::any_of(kNames->begin(), kNames->end(),
                     [&](const std::string& plain) { return absl::EqualsIgnoreCase(name, plain); });
}

std::string RoleNames() {
  return absl::StrJoin(Roles(), ", ", [](std::string* out, const RoleEntry& role) {
    absl::StrAppend(out, role.name);
  });
}

absl::Status ParseColumnNames(std::string_view text, ColumnNames* names) {
  for (const std::string& pair : SplitPairs(text)) {
    const size_t equals = std::min(pair.find('='), pair.size());
    const std::string role = Stripped(std::string_view(pair).substr(0, equals));
    const std::string name =
        WithoutQuotes(Stripped(std::string_view(pair).substr(std::min(equals + 1, pair.size()))));
    const auto entry = std::find_if(Roles().begin(), Roles().end(),
                                    [&](const RoleEntry& entry) { return role == entry.name; });
    if (entry == Roles().end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          Quoted(role), " is not a role; give role=column pairs with the roles ", RoleNames()));
    }
    std::string& target = (*names)[entry - Roles().begin()];
    if (name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the column of ", role, " is missing; give ", role, "=NAME"));
    }
    if (!target.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(role, " is given twice; give it once"));
    }
    target = name;
  }
  return absl::OkStatus();
}

}  // namespace clustr::ctl
