#include "tools/clustrctl/flat/columns/order_states.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/clustrctl/flat/columns/basket_cells.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/day_text.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

constexpr size_t kLongestState = 40;

// Words in lower case and without accents, as FoldedWord writes them.
constexpr auto kCancelled = std::to_array<absl::string_view>(
    {// English.
     "cancelled", "canceled", "cancel", "cancellation", "void", "voided", "annulled", "failed",
     "declined", "rejected", "refused", "expired", "denied", "chargeback", "aborted", "deleted",
     "trash", "trashed",
     // German.
     "storniert", "storno", "stornierung", "annulliert", "abgebrochen", "abgelehnt",
     "fehlgeschlagen", "abgelaufen", "geloscht", "widerrufen",
     // French.
     "annule", "annulee", "annules", "annulees", "annulation", "erreur de paiement", "echoue",
     "echouee", "echec", "refuse", "refusee", "expiree", "supprime", "supprimee",
     // Spanish and Portuguese.
     "cancelado", "cancelada", "cancelados", "cancelacion", "cancelamento", "anulado", "anulada",
     "anulacion", "fallido", "fallida", "rechazado", "rechazada", "caducado", "expirado",
     "eliminado", "falhou", "recusado", "recusada", "excluido",
     // Italian.
     "annullato", "annullata", "annullati", "annullamento", "stornato", "fallito", "rifiutato",
     "scaduto", "eliminata",
     // Dutch and the languages of the North.
     "geannuleerd", "geannuleerde", "annulering", "mislukt", "geweigerd", "verlopen", "verwijderd",
     "avbruten", "avbestalld", "makulerad", "annullerad", "annulleret", "kansellert", "avbrutt",
     "peruttu", "peruutettu", "mitatoity",
     // Polish, Czech, Slovak, Hungarian, Romanian, Croatian.
     "anulowane", "anulowany", "anulowana", "anulowano", "anulowanie", "odrzucone", "nieudane",
     "zrusena", "zruseno", "zruseny", "zrusene", "stornovano", "torolt", "torolve", "sztorno",
     "sztornozva", "visszavonva", "anulat", "anulata", "otkazano", "stornirano",
     // Turkish.
     "iptal", "iptal edildi", "basarisiz", "reddedildi",
     // Indonesian and Malay, Vietnamese, Thai.
     "batal", "dibatalkan", "dibatal", "da hủy", "da huỷ", "hủy", "đã hủy", "ยกเลิก", "ยกเลิกแล้ว",
     "ถูกยกเลิก",
     // Arabic, Persian, Hebrew, Hindi.
     "ملغي", "ملغى", "ملغاة", "ملغية", "تم الإلغاء", "تم الالغاء", "لغو شده", "لغو", "کنسل شده",
     "בוטל", "בוטלה", "מבוטל", "מבוטלת", "रद्द", "रद्द किया गया",
     // Russian, Ukrainian, Bulgarian, Greek.
     "отменен", "отменён", "отмененный", "отменено", "отменён", "отмена", "аннулирован",
     "аннулировано", "скасовано", "скасований", "отказана", "анулирана", "ακυρωθηκε", "ακυρωμενη",
     "ακυρωμενο",
     // Chinese, Japanese, Korean.
     "已取消", "取消", "交易关闭", "已作废", "キャンセル", "キャンセル済み", "取消済み", "취소",
     "취소됨", "취소완료"});
// A wish that was turned down leaves the order as it was.
constexpr auto kWishes = std::to_array<absl::string_view>(
    {"cancellation", "cancelation", "cancel",        "refund",     "return",
     "returns",      "rma",         "chargeback",    "dispute",    "stornierung",
     "storno",       "ruckgabe",    "retoure",       "erstattung", "ruckerstattung",
     "widerruf",     "annulation",  "remboursement", "retour",     "cancelacion",
     "reembolso",    "devolucion",  "cancelamento",  "devolucao",  "annullamento",
     "rimborso",     "reso",        "annulering",    "zwrot",      "iade",
     "iptal",        "возврат"});
constexpr auto kTurnedDown = std::to_array<absl::string_view>(
    {"denied",    "rejected",   "declined",  "refused",    "failed",         "expired",
     "withdrawn", "closed",     "abgelehnt", "verweigert", "zuruckgewiesen", "zuruckgezogen",
     "refuse",    "refusee",    "rejete",    "rechazado",  "rechazada",      "denegado",
     "denegada",  "recusado",   "recusada",  "negado",     "rifiutato",      "rifiutata",
     "respinto",  "geweigerd",  "afgewezen", "nekad",      "afvist",         "odrzucone",
     "odrzucony", "reddedildi", "отклонен",  "отклонено"});
// What may be cancelled without its order.
constexpr auto kPartsOfOrder =
    std::to_array<absl::string_view>({"label", "shipment", "pickup", "appointment", "subscription",
                                      "etikett", "versandetikett", "etiquette", "etiqueta"});
// Beginnings of such words in languages that inflect them.
constexpr auto kCancelledStems =
    std::to_array<absl::string_view>({"storn", "sztorn", "cancel", "annul", "anulow", "anulad",
                                      "zrusen", "отмен", "аннулир", "скасова", "ακυρω"});
// Words that no product, variant or place is called by.
constexpr auto kClearlyCancelled = std::to_array<absl::string_view>(
    {"voided", "chargeback", "geannuleerd", "avbruten", "makulerad", "kansellert", "peruttu",
     "peruutettu", "otkazano", "iptal", "已取消", "取消", "キャンセル", "취소", "취소됨"});
constexpr auto kQuotations = std::to_array<absl::string_view>(
    {"quotation", "quote", "estimate", "proforma", "pro forma", "angebot", "kostenvoranschlag",
     "devis", "presupuesto", "cotizacion", "orcamento", "preventivo", "offerte", "oferta",
     "nabidka", "ajanlat", "teklif"});
constexpr auto kNoOrder = std::to_array<absl::string_view>(
    {"draft",          "abandoned",   "test",      "test order", "never paid", "entwurf",
     "testbestellung", "testauftrag", "brouillon", "abandonne",  "abandonnee", "borrador",
     "abandonado",     "prueba",      "rascunho",  "teste",      "bozza",      "abbandonato",
     "prova",          "concept",     "utkast",    "kladde",     "szkic",      "porzucone",
     "testowe",        "koncept",     "piszkozat", "taslak",     "черновик",   "тест",
     "тестовый",       "下書き",      "テスト",    "草稿",       "测试"});
constexpr auto kPaidBack = std::to_array<absl::string_view>(
    {"refunded",      "fully refunded",  "refund",        "returned",
     "erstattet",     "zuruckerstattet", "ruckerstattet", "gutgeschrieben",
     "retourniert",   "zuruckgesendet",  "zuruckgegeben", "rembourse",
     "remboursee",    "retourne",        "retournee",     "reembolsado",
     "reembolsada",   "devuelto",        "devuelta",      "devolvido",
     "devolvida",     "estornado",       "rimborsato",    "rimborsata",
     "restituito",    "terugbetaald",    "geretourneerd", "aterbetald",
     "refunderet",    "refundert",       "hyvitetty",     "palautettu",
     "zwrocone",      "zwrocony",        "zwrocono",      "vraceno",
     "visszateritve", "rambursat",       "iade",          "iade edildi",
     "возвращен",     "возвращён",       "возврат",       "повернено",
     "返金済み",      "返品済み",        "已退款",        "已退货",
     "환불",          "환불완료",        "반품"});
constexpr auto kOpen = std::to_array<absl::string_view>({"pending",
                                                         "unpaid",
                                                         "open",
                                                         "on hold",
                                                         "processing",
                                                         "awaiting payment",
                                                         "pending payment",
                                                         "authorized",
                                                         "requested",
                                                         "overdue",
                                                         "backordered",
                                                         "offen",
                                                         "unbezahlt",
                                                         "ausstehend",
                                                         "wartend",
                                                         "in bearbeitung",
                                                         "uberfallig",
                                                         "zahlung ausstehend",
                                                         "en attente",
                                                         "impaye",
                                                         "impayee",
                                                         "en cours",
                                                         "pendiente",
                                                         "en espera",
                                                         "impagado",
                                                         "pendente",
                                                         "aguardando pagamento",
                                                         "in attesa",
                                                         "non pagato",
                                                         "in sospeso",
                                                         "in behandeling",
                                                         "openstaand",
                                                         "onbetaald",
                                                         "vantar",
                                                         "obetald",
                                                         "afventer",
                                                         "oczekujace",
                                                         "nieoplacone",
                                                         "w trakcie",
                                                         "ceka",
                                                         "nezaplaceno",
                                                         "fuggoben",
                                                         "in asteptare",
                                                         "beklemede",
                                                         "bekliyor",
                                                         "odenmedi",
                                                         "ожидает",
                                                         "ожидает оплаты",
                                                         "не оплачен",
                                                         "очикуе",
                                                         "σε αναμονη",
                                                         "保留",
                                                         "未払い",
                                                         "待付款",
                                                         "대기중",
                                                         "결제대기"});
constexpr auto kModifiers = std::to_array<absl::string_view>({"not",
                                                              "false",
                                                              "reversal",
                                                              "no",
                                                              "never",
                                                              "partially",
                                                              "partial",
                                                              "partly",
                                                              "part",
                                                              "requested",
                                                              "request",
                                                              "pending",
                                                              "nicht",
                                                              "kein",
                                                              "teilweise",
                                                              "teil",
                                                              "beantragt",
                                                              "angefragt",
                                                              "angefordert",
                                                              "non",
                                                              "pas",
                                                              "partiellement",
                                                              "partielle",
                                                              "partiel",
                                                              "demande",
                                                              "demandee",
                                                              "parcialmente",
                                                              "parcial",
                                                              "solicitado",
                                                              "solicitada",
                                                              "parzialmente",
                                                              "parziale",
                                                              "richiesto",
                                                              "richiesta",
                                                              "niet",
                                                              "gedeeltelijk",
                                                              "deels",
                                                              "delvis",
                                                              "osittain",
                                                              "czesciowo",
                                                              "nie",
                                                              "castecne",
                                                              "reszben",
                                                              "partial",
                                                              "kismen",
                                                              "kismi",
                                                              "degil",
                                                              "talebi",
                                                              "частично",
                                                              "не",
                                                              "частково",
                                                              "ne",
                                                              "nu"});
constexpr auto kStateNames = std::to_array<absl::string_view>(
    {"status",          "state",        "statut",        "stato",
     "estado",          "estatus",      "situacao",      "situation",
     "zustand",         "etat",         "tila",          "stav",
     "stare",           "allapot",      "durum",         "durumu",
     "статус",          "состояние",    "κατασταση",     "fulfilment",
     "fulfillment",     "payment",      "zahlung",       "lieferung",
     "versand",         "bezahlung",    "paiement",      "pago",
     "pagamento",       "betaling",     "platnosc",      "odeme",
     "оплата",          "stage",        "bestellstatus", "auftragsstatus",
     "zahlungsstatus",  "lieferstatus", "versandstatus", "belegstatus",
     "rechnungsstatus", "orderstatus",  "paymentstatus", "bearbeitungsstatus",
     "state name",      "状態",         "ステータス",    "状态",
     "订单状态",        "상태",         "주문상태",      "event type",
     "ordrestatus",     "orderstatus",  "الحالة",        "حالة",
     "حالة الطلب",      "وضعیت",        "סטטוס",         "स्थिति",
     "สถานะ",           "trạng thai"});
constexpr auto kCancellationNames = std::to_array<absl::string_view>(
    {"refused",     "rejected",   "declined",   "abgelehnt",   "verweigert", "refuse",
     "refusee",     "rechazado",  "rechazada",  "recusado",    "recusada",   "rifiutato",
     "geweigerd",   "odrzucone",  "reddedildi", "отказ",       "拒否",       "拒收",
     "cancelled",   "canceled",   "cancel",     "iscancelled", "iscanceled", "cancellation",
     "void",        "voided",     "isvoid",     "deleted",     "isdeleted",  "test",
     "istest",      "draft",      "isdraft",    "storniert",   "storno",     "stornodatum",
     "stornierung", "annulliert", "geloscht",   "annule",      "annulee",    "anulado",
     "anulada",     "cancelado",  "cancelada",  "annullato",   "annullata",  "geannuleerd",
     "anulowane",   "anulowano",  "zruseno",    "iptal",       "отменен",    "отменено"});
// What was cancelled, where a column says why or by whom.
constexpr auto kCancellations = std::to_array<absl::string_view>(
    {"annulation", "cancelacion", "anulacion", "cancelamento", "annullamento", "annulering",
     "anulowania", "anulacji", "stornierungsgrund", "stornogrund", "storna", "zruseni", "sztorno",
     "refusal", "rejection", "iptal", "отмены", "отказа"});
constexpr auto kTraces = std::to_array<absl::string_view>(
    {"reason", "grund", "motif", "raison", "motivo", "reden",   "arsak",       "arsag",
     "syy",    "powod", "duvod", "neden",  "nedeni", "причина", "stornogrund", "stornierungsgrund",
     "by",     "von",   "durch", "par",    "por",    "da",      "door"});
// Columns of wishes, and of what is no order.
constexpr auto kNoTraces = std::to_array<absl::string_view>(
    {"request", "requested", "requests", "buyer", "refund", "return", "returns", "allowed",
     "policy", "test", "draft", "id", "note", "notes", "date", "fee", "amount"});
// Words for no reason at all, where a column says why an order was cancelled.
constexpr auto kNoReasons = std::to_array<absl::string_view>({"no",
                                                              "none",
                                                              "no reason",
                                                              "not applicable",
                                                              "n a",
                                                              "nil",
                                                              "nothing",
                                                              "ok",
                                                              "nein",
                                                              "keine",
                                                              "keiner",
                                                              "kein",
                                                              "kein grund",
                                                              "keine angabe",
                                                              "entfallt",
                                                              "nicht zutreffend",
                                                              "aucun",
                                                              "aucune",
                                                              "sans objet",
                                                              "sans",
                                                              "ninguno",
                                                              "ninguna",
                                                              "ningun motivo",
                                                              "no aplica",
                                                              "sin motivo",
                                                              "nenhum",
                                                              "nenhuma",
                                                              "sem motivo",
                                                              "nao se aplica",
                                                              "nessuno",
                                                              "nessuna",
                                                              "non applicabile",
                                                              "geen",
                                                              "niet van toepassing",
                                                              "ingen",
                                                              "inget",
                                                              "brak",
                                                              "nie dotyczy",
                                                              "zadny",
                                                              "nincs",
                                                              "niciunul",
                                                              "yok",
                                                              "нет",
                                                              "なし",
                                                              "无",
                                                              "없음"});
// Words that say the contrary of the word behind or before them.
constexpr auto kNegations = std::to_array<absl::string_view>(
    {"not",  "no",   "never", "false", "nicht", "kein",  "keine", "non",  "pas", "nao",
     "niet", "geen", "nie",   "ne",    "nu",    "degil", "ikke",  "inte", "ei",  "не"});
constexpr auto kOtherNames = std::to_array<absl::string_view>(
    {"reason",  "grund",   "motif",    "motivo",  "note",     "notes",     "comment", "by",
     "fee",     "amount",  "quantity", "qty",     "menge",    "id",        "name",    "number",
     "policy",  "method",  "terms",    "allowed", "possible", "eligible",  "until",   "deadline",
     "erlaubt", "moglich", "a b",      "ab",      "split",    "recovered", "label"});

// ` on hold `: the words of a text, folded, each between two spaces.
std::string Words(std::string_view text) {
  bool legacy = false;
  return SpacedWords(FoldedWord(Utf8Text(Trimmed(text), &legacy)));
}

// Whether one of the words begins so.
template <size_t size>
bool HasStem(const std::string& words, const std::array<absl::string_view, size>& stems) {
  return std::any_of(stems.begin(), stems.end(), [&](absl::string_view stem) {
    return absl::StrContains(words, absl::StrCat(" ", stem));
  });
}

template <size_t size>
bool IsExactly(const std::string& words, const std::array<absl::string_view, size>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](absl::string_view word) { return words == absl::StrCat(" ", word, " "); });
}

// SAP Business One writes its flags so.
bool IsSapFlag(std::string_view value, absl::string_view flag) {
  return absl::EqualsIgnoreCase(absl::string_view(value.data(), value.size()), flag);
}

// Whether the value is a number of seconds or milliseconds since 1970.
bool IsEpoch(std::string_view value) {
  return (value.size() == 10 || value.size() == 13) &&
         std::all_of(value.begin(), value.end(), absl::ascii_isdigit);
}

bool IsDay(std::string_view value) {
  DayText parts;
  return value.size() >= 6 && SplitDay(value, &parts);
}

// `14:20`, as tills write when a line was voided.
bool IsTime(std::string_view value) {
  ClockText clock;
  return value.find(':') != std::string_view::npos && SplitTime(value, &clock);
}

}  // namespace

OrderState StateOf(std::string_view value) {
  if (value.empty() || value.size() > kLongestState) return OrderState::kUnknown;
  const std::string words = Words(value);
  if (IsExactly(words, kNoOrder) || IsExactly(words, kQuotations)) return OrderState::kNoOrder;
  if (HasOneOf(words, kOpen)) return OrderState::kOpen;
  if (HasOneOf(words, kModifiers) || HasOneOf(words, kPartsOfOrder)) return OrderState::kUnknown;
  if (HasOneOf(words, kWishes) && HasOneOf(words, kTurnedDown)) return OrderState::kUnknown;
  if (HasOneOf(words, kCancelled) || HasStem(words, kCancelledStems)) return OrderState::kCancelled;
  if (HasOneOf(words, kPaidBack)) return OrderState::kPaidBack;
  const bool is_none = HasOneOf(words, kNoOrder) || HasOneOf(words, kQuotations);
  return is_none ? OrderState::kNoOrder : OrderState::kUnknown;
}

bool IsQuotation(std::string_view value) {
  return value.size() <= kLongestState && IsExactly(Words(value), kQuotations);
}

bool IsWordForCancelled(std::string_view value) {
  return value.size() <= kLongestState && IsExactly(Words(value), kCancelled);
}

bool SaysCancelledAnywhere(std::string_view value) {
  if (value.size() > kLongestState) return false;
  const std::string words = Words(value);
  const bool is_one_word = words.find(' ', 1) == words.size() - 1;
  return IsExactly(words, kClearlyCancelled) || (is_one_word && HasStem(words, kCancelledStems));
}

bool NamesAState(std::string_view column) {
  const std::string words = Words(column);
  // German and others write one word, such as Zahlstatus.
  const bool is_compound =
      absl::StrContains(words, "status ") || absl::StrContains(words, "statut ");
  return (is_compound || HasOneOf(words, kStateNames)) && !HasOneOf(words, kOtherNames);
}

bool NamesACancellation(std::string_view column) {
  const std::string words = Words(column);
  return HasOneOf(words, kCancellationNames) && !HasOneOf(words, kOtherNames);
}

bool NamesATraceOfCancellation(std::string_view column) {
  const std::string words = Words(column);
  return (HasOneOf(words, kCancellationNames) || HasOneOf(words, kCancellations)) &&
         HasOneOf(words, kTraces) && !HasOneOf(words, kNoTraces);
}

bool SaysNotCancelled(std::string_view value) {
  if (SaysNo(value)) return true;
  if (value.size() > kLongestState) return false;
  const std::string words = Words(value);
  if (IsExactly(words, kNoReasons)) return true;
  return HasOneOf(words, kNegations) &&
         (HasOneOf(words, kCancelled) || HasStem(words, kCancelledStems)) &&
         StateOf(value) != OrderState::kCancelled &&
         std::count(words.begin(), words.end(), ' ') == 3;
}

bool SaysYes(std::string_view value) {
  if (IsSapFlag(value, "tyes")) return true;
  return value == "1" || BasketCellOf(value) == BasketCell::kOne || IsEpoch(value) ||
         (IsDay(value) && !SaysNo(value)) || IsTime(value);
}

bool SaysNo(std::string_view value) {
  if (IsSapFlag(value, "tno")) return true;
  const BasketCell cell = BasketCellOf(value);
  return cell == BasketCell::kEmpty || cell == BasketCell::kNone || value.starts_with("0000-00-00");
}

}  // namespace clustr::ctl
