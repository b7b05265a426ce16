#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

constexpr size_t kLongestKind = 60;

// Words in lower case and without accents, as FoldedWord writes them.
constexpr auto kTypes = std::to_array<absl::string_view>({"type",
                                                          "typ",
                                                          "tipo",
                                                          "kind",
                                                          "transactiontype",
                                                          "documenttype",
                                                          "doctype",
                                                          "recordtype",
                                                          "linetype",
                                                          "itemtype",
                                                          "saletype",
                                                          "ordertype",
                                                          "receipttype",
                                                          "belegart",
                                                          "belegtyp",
                                                          "vorgang",
                                                          "vorgangsart",
                                                          "vorgangstyp",
                                                          "buchungsart",
                                                          "bewegungsart",
                                                          "positionstyp",
                                                          "positionsart",
                                                          "zeilentyp",
                                                          "art",
                                                          "nature",
                                                          "soort",
                                                          "action",
                                                          "event",
                                                          "document",
                                                          "mode",
                                                          "operation",
                                                          "movement",
                                                          "transaction code",
                                                          "tran code",
                                                          "transaction kind",
                                                          "direction",
                                                          "mouvement",
                                                          "sens",
                                                          "aktion",
                                                          "modus",
                                                          "accion",
                                                          "evento",
                                                          "movimiento",
                                                          "operacion",
                                                          "movimento",
                                                          "operazione",
                                                          "causale",
                                                          "operacao",
                                                          "acao",
                                                          "rodzaj",
                                                          "druh",
                                                          "tipus",
                                                          "tipusa",
                                                          "jelleg",
                                                          "tip",
                                                          "tur",
                                                          "turu",
                                                          "islem turu",
                                                          "tyyppi",
                                                          "laji",
                                                          "tapahtuma",
                                                          "slag",
                                                          "handelse",
                                                          "тип",
                                                          "вид",
                                                          "операция",
                                                          "вид операции",
                                                          "τυπος",
                                                          "ειδος",
                                                          "κινηση",
                                                          "النوع",
                                                          "نوع",
                                                          "نوع الحركة",
                                                          "סוג",
                                                          "区分",
                                                          "種別",
                                                          "種類",
                                                          "取引区分",
                                                          "类型",
                                                          "類型",
                                                          "单据类型",
                                                          "交易类型",
                                                          "유형",
                                                          "구분",
                                                          "거래유형"});
// What has types and is neither a document nor a row.
constexpr auto kThings = std::to_array<absl::string_view>(
    {"product", "produkt",  "produit",  "producto", "customer", "client",  "kunden",   "kunde",
     "card",    "shipping", "delivery", "price",    "discount", "account", "category", "size",
     "fuel",    "vehicle",  "skin",     "room",     "artikel",  "device",  "payment",  "zahlungs",
     "user",    "member",   "quantity", "unit",     "measure",  "ticket",  "reason",   "id",
     "number",  "no",       "nr",       "date",     "note"});
constexpr auto kLineTypes = std::to_array<absl::string_view>(
    {"line type", "linetype", "item type", "itemtype", "row type", "rowtype", "position type",
     "entry type", "positionstyp", "positionsart", "zeilentyp", "type de ligne", "tipo de linea",
     "tipo riga", "tipo de linha", "regeltype", "line kind", "item kind"});
constexpr auto kReturnFlags = std::to_array<absl::string_view>(
    {"return",     "returns",       "is return",   "isreturn",      "returned",    "is returned",
     "isreturned", "refund",        "is refund",   "isrefund",      "refunded",    "is refunded",
     "isrefunded", "return flag",   "refund flag", "return yn",     "credit note", "is credit note",
     "retoure",    "ist retoure",   "ruckgabe",    "zuruckgegeben", "gutschrift",  "retour",
     "est retour", "est un retour", "avoir",       "retourne",      "devolucion",  "es devolucion",
     "devuelto",   "devolucao",     "devolvido",   "reso",          "e reso",      "retur",
     "is retour",  "palautus",      "zwrot",       "vratka",        "visszaru",    "iade",
     "возврат",    "επιστροφη",     "返品",        "退货",          "반품"});
constexpr auto kSigns = std::to_array<absl::string_view>(
    {"sign", "vorzeichen", "signe", "signo", "segno", "sinal", "znak", "isaret", "знак", "符号"});
constexpr auto kReturns = std::to_array<absl::string_view>(
    {// English.
     "return", "returns", "returned", "refund", "refunds", "refunded", "credit note", "creditnote",
     "credit memo", "creditmemo", "credit invoice", "product credit", "service credit",
     "sales credit",
     // German.
     "storno", "stornorechnung", "stornobeleg", "stornobuchung", "gutschrift", "retoure",
     "ruckgabe", "rucksendung", "ruckerstattung", "erstattung", "warenruckgabe",
     "rechnungskorrektur", "korrekturrechnung",
     // French.
     "avoir", "retour", "remboursement",
     // Spanish, Portuguese and Italian.
     "devolucion", "devolucao", "reembolso", "abono", "nota de credito", "estorno", "reso",
     "rimborso", "nota di credito", "factura rectificativa",
     // Dutch and the languages of the North.
     "teruggave", "creditnota", "creditfactuur", "retur", "kreditnota", "kreditfaktura",
     "kreditering", "palautus", "hyvitys", "hyvityslasku", "terugbetaling",
     // Polish, Czech, Slovak, Hungarian, Romanian, Croatian.
     "zwrot", "korekta", "faktura korygujaca", "korygujaca", "dobropis", "vratka", "vraceni",
     "reklamacia", "visszaru", "sztorno", "jovairas", "helyesbito szamla", "retur", "returnare",
     "povrat", "odobrenje",
     // Turkish, Russian, Ukrainian, Bulgarian, Greek.
     "iade", "iade faturasi", "возврат", "повернення", "връщане", "кредитно известие", "επιστροφη",
     "πιστωτικο",
     // Arabic and Hebrew.
     "مرتجع", "إرجاع", "ارجاع", "مرتجع مبيعات", "اشعار دائن", "إشعار دائن", "החזרה", "זיכוי",
     // Chinese, Japanese, Korean.
     "退货", "退貨", "退款", "销售退货", "返品", "返金", "売上返品", "반품", "환불"});
// Kinds of documents and transactions, and the two sides of such a code.
constexpr auto kTransactionTypes = std::to_array<absl::string_view>({"transaction type",
                                                                     "transactiontype",
                                                                     "transaction code",
                                                                     "transaction kind",
                                                                     "tran type",
                                                                     "tran code",
                                                                     "trans type",
                                                                     "trans code",
                                                                     "trx type",
                                                                     "txn type",
                                                                     "document type",
                                                                     "documenttype",
                                                                     "document code",
                                                                     "doc type",
                                                                     "doctype",
                                                                     "receipt type",
                                                                     "receipttype",
                                                                     "invoice type",
                                                                     "voucher type",
                                                                     "s r",
                                                                     "sale return",
                                                                     "sales return",
                                                                     "sale or return",
                                                                     "sales or return",
                                                                     "sales or returns",
                                                                     "sale refund",
                                                                     "sale or refund",
                                                                     "belegart",
                                                                     "belegtyp",
                                                                     "vorgangsart",
                                                                     "vorgangstyp",
                                                                     "verkauf retoure",
                                                                     "type de transaction",
                                                                     "type de document",
                                                                     "type de piece",
                                                                     "vente retour",
                                                                     "tipo de transaccion",
                                                                     "tipo de documento",
                                                                     "tipo documento",
                                                                     "tipo transaccion",
                                                                     "venta devolucion",
                                                                     "tipo transacao",
                                                                     "tipo di documento",
                                                                     "tipo di transazione",
                                                                     "vendita reso",
                                                                     "documenttype",
                                                                     "transactietype",
                                                                     "transaktionstyp",
                                                                     "typ transakcji",
                                                                     "typ dokumentu",
                                                                     "rodzaj dokumentu",
                                                                     "typ dokladu",
                                                                     "вид документа",
                                                                     "тип документа",
                                                                     "тип операции",
                                                                     "вид операции",
                                                                     "belge turu",
                                                                     "islem turu",
                                                                     "取引区分",
                                                                     "伝票区分",
                                                                     "单据类型",
                                                                     "交易类型",
                                                                     "거래유형"});
constexpr auto kSaleCodes = std::to_array<absl::string_view>(
    {"s", "sl", "sa", "sal", "sls", "inv", "v", "vk", "vta", "vte", "ven", "fa", "fac", "ft"});
constexpr auto kReturnCodes =
    std::to_array<absl::string_view>({"r", "rt", "rn", "rtn", "ret", "rf", "rfd", "rfn", "ref",
                                      "cn", "crn", "cm", "gs", "av", "avo", "dev", "nc", "res"});
constexpr auto kMovements = std::to_array<absl::string_view>({"movement",
                                                              "movements",
                                                              "movement type",
                                                              "stock movement",
                                                              "inventory movement",
                                                              "in out",
                                                              "stock in out",
                                                              "bewegung",
                                                              "bewegungsart",
                                                              "lagerbewegung",
                                                              "warenbewegung",
                                                              "ein aus",
                                                              "mouvement",
                                                              "mouvement de stock",
                                                              "type de mouvement",
                                                              "entree sortie",
                                                              "movimiento",
                                                              "tipo de movimiento",
                                                              "movimento",
                                                              "tipo movimento",
                                                              "entrada salida",
                                                              "entrada saida",
                                                              "entrata uscita",
                                                              "causale",
                                                              "beweging",
                                                              "ruch",
                                                              "pohyb",
                                                              "hareket",
                                                              "giris cikis",
                                                              "движение",
                                                              "приход расход",
                                                              "κινηση",
                                                              "نوع الحركة",
                                                              "入出庫",
                                                              "出入库",
                                                              "入出庫区分",
                                                              "입출고"});
constexpr auto kIn = std::to_array<absl::string_view>(
    {"in",       "i",           "e",      "stock in", "inbound",   "incoming", "receipt",
     "goods in", "eingang",     "zugang", "ein",      "entree",    "entrada",  "entrata",
     "carico",   "ingreso",     "inn",    "ind",      "przyjecie", "prijem",   "giris",
     "приход",   "поступление", "入庫",   "入库",     "입고",      "وارد"});
constexpr auto kOut = std::to_array<absl::string_view>(
    {"out",       "o",       "s",      "a",    "stock out", "outbound", "outgoing", "issue",
     "goods out", "ausgang", "abgang", "aus",  "sortie",    "salida",   "saida",    "uscita",
     "scarico",   "egreso",  "ut",     "ud",   "wydanie",   "vydej",    "cikis",    "расход",
     "отгрузка",  "出庫",    "出库",   "출고", "صادر"});
constexpr auto kSales = std::to_array<absl::string_view>(
    {"sale",          "sales",       "purchase",  "order",          "sales order", "invoice",
     "sales invoice", "receipt",     "original",  "normal",         "charge",      "sold",
     "sell",          "verkauf",     "rechnung",  "barverkauf",     "kauf",        "bestellung",
     "auftrag",       "vente",       "facture",   "commande",       "ticket",      "achat",
     "venta",         "factura",     "pedido",    "compra",         "venda",       "fatura",
     "vendita",       "fattura",     "scontrino", "ordine",         "verkoop",     "factuur",
     "bestelling",    "forsaljning", "faktura",   "salg",           "salgs",       "myynti",
     "lasku",         "kvittering",  "kvitto",    "sprzedaz",       "paragon",     "prodej",
     "predaj",        "uctenka",     "szamla",    "eladas",         "nyugta",      "vanzare",
     "prodaja",       "racun",       "satis",     "satis faturasi", "продажа",     "чек",
     "продаж",        "продажба",    "πωληση",    "τιμολογιο",      "αποδειξη",    "بيع",
     "مبيعات",        "فاتورة",      "מכירה",     "חשבונית",        "销售",        "銷售",
     "订单",          "売上",        "販売",      "판매",           "매출"});
constexpr auto kGoods = std::to_array<absl::string_view>(
    {"item",     "line item", "lineitem", "product", "goods",    "article",  "sku",
     "artikel",  "ware",      "produkt",  "produit", "articolo", "prodotto", "producto",
     "articulo", "produto",   "artigo",   "vara",    "tuote",    "towar",    "zbozi",
     "termek",   "urun",      "товар",    "προιον",  "商品"});
// Of these, a value with another word counts as well: `Delivery note (partial)`.
constexpr auto kNoSales = std::to_array<absl::string_view>({"delivery note",
                                                            "delivery slip",
                                                            "packing slip",
                                                            "packing list",
                                                            "dispatch note",
                                                            "order confirmation",
                                                            "order acknowledgement",
                                                            "purchase order",
                                                            "proforma",
                                                            "pro forma",
                                                            "layaway",
                                                            "layby",
                                                            "lay away",
                                                            "stock transfer",
                                                            "stock movement",
                                                            "stock adjustment",
                                                            "inventory transfer",
                                                            "inventory adjustment",
                                                            "transfer order",
                                                            "no sale",
                                                            "nosale",
                                                            "training",
                                                            "goods receipt",
                                                            "goods issue",
                                                            "cash drop",
                                                            "payout",
                                                            "pay out",
                                                            "pay in",
                                                            "paid in",
                                                            "paid out",
                                                            "float",
                                                            "cash float",
                                                            "z report",
                                                            "x report",
                                                            "lieferschein",
                                                            "auftragsbestatigung",
                                                            "proformarechnung",
                                                            "bestellbestatigung",
                                                            "packzettel",
                                                            "umlagerung",
                                                            "umbuchung",
                                                            "wareneingang",
                                                            "einlage",
                                                            "entnahme",
                                                            "schulung",
                                                            "ubung",
                                                            "trainingsmodus",
                                                            "bon de livraison",
                                                            "confirmation de commande",
                                                            "bon de commande",
                                                            "facture proforma",
                                                            "transfert de stock",
                                                            "formation",
                                                            "albaran",
                                                            "nota de entrega",
                                                            "orden de compra",
                                                            "confirmacion de pedido",
                                                            "traspaso",
                                                            "entrenamiento",
                                                            "guia de remessa",
                                                            "documento di trasporto",
                                                            "ddt",
                                                            "bolla",
                                                            "conferma ordine",
                                                            "trasferimento",
                                                            "pakbon",
                                                            "orderbevestiging",
                                                            "leveringsbon",
                                                            "afleverbon",
                                                            "foljesedel",
                                                            "folgeseddel",
                                                            "orderbekraftelse",
                                                            "ordrebekreftelse",
                                                            "ordrebekraeftelse",
                                                            "lahete",
                                                            "tilausvahvistus",
                                                            "potwierdzenie zamowienia",
                                                            "list przewozowy",
                                                            "dodaci list",
                                                            "potvrzeni objednavky",
                                                            "szallitolevel",
                                                            "aviz",
                                                            "aviz de insotire",
                                                            "otpremnica",
                                                            "irsaliye",
                                                            "sevk irsaliyesi",
                                                            "siparis onayi",
                                                            "накладная",
                                                            "перемещение",
                                                            "трансфер",
                                                            "δελτιο αποστολης",
                                                            "إذن تسليم",
                                                            "納品書",
                                                            "発注書",
                                                            "移動",
                                                            "送货单",
                                                            "调拨",
                                                            "采购订单",
                                                            "납품서",
                                                            "거래명세서"});
constexpr auto kCopies = std::to_array<absl::string_view>(
    {"copy", "duplicate", "reprint", "kopie", "duplikat", "copie", "duplicata", "copia",
     "duplicado", "duplicato", "kopia", "kopi", "kopio", "masolat", "test", "practice", "demo",
     "transfer"});
constexpr auto kNoGoods = std::to_array<absl::string_view>(
    {// Deposits on bottles and the like.
     "deposit", "bottle deposit", "pfand", "flaschenpfand", "leergut", "consigne", "statiegeld",
     "kaucja", "zaloha", "fianza", "cauzione",
     // English.
     "tax", "sales tax", "vat", "gst", "shipping", "delivery", "postage", "freight", "handling",
     "tip", "tips", "gratuity", "payment", "change", "fee", "fees", "surcharge", "service charge",
     "discount", "discounts", "coupon", "coupons", "voucher", "gift card", "giftcard", "rounding",
     "adjustment", "subtotal", "total", "shipping line", "tax line", "coupon line", "fee line",
     "note", "comment", "text",
     // German.
     "steuer", "mwst", "ust", "versand", "versandkosten", "fracht", "lieferung", "trinkgeld",
     "zahlung", "gebuhr", "zuschlag", "rabatt", "gutschein", "rundung", "zwischensumme", "summe",
     "textposition",
     // French.
     "taxe", "tva", "livraison", "frais de port", "pourboire", "paiement", "remise",
     "bon de reduction", "arrondi",
     // Spanish, Portuguese and Italian.
     "impuesto", "iva", "envio", "gastos de envio", "propina", "descuento", "cupon", "redondeo",
     "imposto", "frete", "gorjeta", "pagamento", "taxa", "desconto", "cupom", "imposta",
     "spedizione", "mancia", "sconto", "arrotondamento", "buono",
     // Dutch, the languages of the North, Polish, Czech, Turkish, Russian.
     "btw", "verzending", "verzendkosten", "fooi", "betaling", "korting", "kosten", "moms", "frakt",
     "fragt", "dricks", "drikkepenge", "betalning", "avgift", "gebyr", "toimitus", "alennus",
     "maksu", "podatek", "wysylka", "dostawa", "napiwek", "platnosc", "rabat", "dan", "doprava",
     "spropitne", "platba", "sleva", "poplatek", "kargo", "bahsis", "odeme", "indirim", "налог",
     "доставка", "чаевые", "оплата", "скидка", "送料", "税", "割引", "運費", "运费"});

// Deposits, postage, costs, payments and promotions, of which each is also the name of goods, as
// pants, port wine, fresh food, tenders and juice are, or of goods that are sold at a lower price.
constexpr auto kNoGoodsOrGoods = std::to_array<absl::string_view>(
    {"pant", "port", "porto", "frais", "tender", "pago", "promotion", "promo", "aktion"});

// The words of a text, folded, each between two spaces.
std::string FoldedWords(std::string_view text) {
  bool legacy = false;
  return SpacedWords(FoldedWord(Utf8Text(Trimmed(text), &legacy)));
}

template <size_t size>
bool IsExactly(std::string_view text, const std::array<absl::string_view, size>& wanted) {
  if (text.empty() || text.size() > kLongestKind) return false;
  const std::string words = FoldedWords(text);
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](absl::string_view word) { return words == absl::StrCat(" ", word, " "); });
}

}  // namespace

bool NamesAType(std::string_view column) {
  const std::string words = FoldedWords(column);
  return (HasOneOf(words, kTypes) && !HasOneOf(words, kThings)) || NamesALineType(column) ||
         HasOneOf(words, kTransactionTypes) || HasOneOf(words, kMovements);
}

bool NamesATransactionType(std::string_view column) {
  return HasOneOf(FoldedWords(column), kTransactionTypes);
}

bool NamesAMovement(std::string_view column) { return HasOneOf(FoldedWords(column), kMovements); }

bool NamesALineType(std::string_view column) { return HasOneOf(FoldedWords(column), kLineTypes); }

bool NamesAReturnFlag(std::string_view column) { return IsExactly(column, kReturnFlags); }

bool NamesASign(std::string_view column) { return IsExactly(column, kSigns); }

bool NamesAReturn(std::string_view value) {
  if (value.empty() || value.size() > kLongestKind) return false;
  return HasOneOf(FoldedWords(value), kReturns);
}

bool IsWordForReturn(std::string_view value) { return IsExactly(value, kReturns); }

bool NamesADiscount(std::string_view column) {
  static constexpr auto kDiscounts = std::to_array<absl::string_view>(
      {"discount", "discounts", "rabatt", "nachlass", "remise", "descuento", "desconto", "sconto",
       "korting", "rabat", "sleva", "alennus", "kedvezmeny", "indirim", "скидка", "割引", "折扣",
       "할인"});
  static constexpr auto kOthers =
      std::to_array<absl::string_view>({"code", "codes", "coupon", "name", "type", "reason", "id",
                                        "description", "tax", "shipping", "details"});
  const std::string words = FoldedWords(column);
  return HasOneOf(words, kDiscounts) && !HasOneOf(words, kOthers);
}

bool IsCodeForSale(std::string_view value) { return IsExactly(value, kSaleCodes); }

bool IsCodeForReturn(std::string_view value) { return IsExactly(value, kReturnCodes); }

bool SaysIn(std::string_view value) { return IsExactly(value, kIn); }

bool SaysOut(std::string_view value) { return IsExactly(value, kOut); }

bool IsWordForSale(std::string_view value) { return IsExactly(value, kSales); }

bool IsWordForGoods(std::string_view value) { return IsExactly(value, kGoods); }

bool NamesNoSale(std::string_view value) {
  if (value.empty() || value.size() > kLongestKind) return false;
  return HasOneOf(FoldedWords(value), kNoSales) || IsExactly(value, kCopies);
}

bool IsWordForNoGoods(std::string_view value) { return IsExactly(value, kNoGoods); }

bool MayBeNoGoods(std::string_view value) { return IsExactly(value, kNoGoodsOrGoods); }

}  // namespace clustr::ctl
