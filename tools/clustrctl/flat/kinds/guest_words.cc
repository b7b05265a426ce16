#include "tools/clustrctl/flat/kinds/guest_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

constexpr size_t kLongestName = 60;

// Words in lower case and without accents, as FoldedWord writes them.
constexpr auto kGuests = std::to_array<absl::string_view>(
    {// English.
     "guest", "guest customer", "guest user", "guest checkout", "guest shopper", "walk in",
     "walkin", "walk ins", "walk in customer", "walkin customer", "walk in customers",
     "walk in client", "walk in guest", "walk in sale", "walk in sales", "cash", "cash customer",
     "cash customers", "cash client", "cash sale", "cash sales", "cash account", "counter sale",
     "counter sales", "counter customer", "over the counter", "otc customer", "casual customer",
     "one time customer", "one off customer", "anonymous", "anonymous customer", "anonymous user",
     "unknown", "unknown customer", "unregistered", "unregistered customer", "no customer",
     "default customer", "general customer", "general public", "generic customer",
     "sundry customer", "sundry customers", "misc customer", "miscellaneous customer",
     "retail customer", "final consumer", "passing trade",
     // German.
     "gast", "gastkunde", "gastbestellung", "laufkunde", "laufkunden", "laufkundschaft", "barkunde",
     "barkunden", "barverkauf", "kassenkunde", "kassenverkauf", "thekenverkauf", "thekenkunde",
     "einmalkunde", "diverse", "diverse kunden", "divers kunde", "cpd", "cpd kunde", "anonym",
     "anonymer kunde", "unbekannt", "unbekannter kunde", "endverbraucher", "standardkunde",
     // French.
     "invite", "client invite", "client de passage", "clients de passage", "client passage",
     "client comptoir", "comptoir", "vente comptoir", "vente au comptoir", "client comptant",
     "client au comptant", "vente au comptant", "client divers", "clients divers",
     "client occasionnel", "client anonyme", "anonyme", "client inconnu", "client caisse",
     // Spanish.
     "invitado", "cliente invitado", "cliente ocasional", "cliente de paso", "cliente contado",
     "cliente de contado", "cliente mostrador", "cliente de mostrador", "mostrador",
     "venta mostrador", "venta de mostrador", "venta al contado", "clientes varios",
     "cliente varios", "cliente generico", "cliente anonimo", "cliente final", "publico general",
     "publico en general", "consumidor final", "cliente desconocido", "sin cliente",
     // Portuguese.
     "convidado", "cliente avulso", "cliente balcao", "cliente de balcao", "balcao", "venda balcao",
     "cliente nao identificado", "consumidor nao identificado", "cliente de passagem",
     "cliente diverso", "clientes diversos", "cliente padrao", "consumidor", "sem cliente",
     // Italian.
     "ospite", "cliente occasionale", "clienti occasionali", "cliente di passaggio",
     "cliente banco", "cliente al banco", "vendita al banco", "vendita banco", "clienti vari",
     "cliente vario", "cliente sconosciuto", "consumatore finale", "cliente contanti",
     // Dutch.
     "losse klant", "losse verkoop", "contante klant", "contante verkoop", "kasklant", "passant",
     "passanten", "balieklant", "balieverkoop", "toonbankklant", "toonbankverkoop",
     "anonieme klant", "onbekende klant", "gastklant", "diverse klanten",
     // Swedish, Danish, Norwegian, Finnish.
     "gast kund", "gastkund", "kontantkund", "kontantforsaljning", "drop in kund",
     "tillfallig kund", "engangskund", "anonym kund", "kontantkunde", "kontantsalg", "engangskunde",
     "gaest", "anonym kunde", "gjest", "gjestekunde", "strokunde", "tilfeldig kunde", "vieras",
     "kateisasiakas", "kateismyynti", "kertaasiakas", "satunnaisasiakas", "kassa asiakas",
     // Polish, Czech, Slovak.
     "gosc", "klient detaliczny", "klient gotowkowy", "klient anonimowy", "klient jednorazowy",
     "klient okazjonalny", "klient przygodny", "klient z ulicy", "sprzedaz gotowkowa",
     "anonymni zakaznik", "hotovostni zakaznik", "nahodny zakaznik", "neregistrovany zakaznik",
     "konecny zakaznik", "hotovostny zakaznik", "anonymny zakaznik", "neregistrovany",
     // Hungarian, Romanian, Croatian and Serbian, Slovenian.
     "vendeg", "alkalmi vevo", "keszpenzes vevo", "lakossagi vevo", "nevtelen vevo", "oaspete",
     "client ocazional", "client anonim", "clienti diversi", "client diversi", "gost",
     "krajnji kupac", "gotovinski kupac", "nepoznati kupac", "slucajni kupac", "koncni kupec",
     // Turkish.
     "misafir", "misafir musteri", "perakende musteri", "muhtelif musteri", "muhtelif musteriler",
     "pesin musteri", "nakit musteri", "nihai tuketici", "anonim musteri", "gecici musteri",
     // Russian, Ukrainian, Bulgarian, Greek.
     "гость", "розничный покупатель", "розничный клиент", "розничные покупатели", "розница",
     "частное лицо", "случайный покупатель", "анонимный покупатель", "аноним",
     "неизвестный покупатель", "конечный потребитель", "гість", "роздрібний покупець",
     "кінцевий споживач", "анонімний покупець", "гост", "клиент на дребно", "краен клиент",
     "случаен клиент", "επισκεπτησ", "πελατησ λιανικησ", "πελατεσ λιανικησ", "λιανικη",
     "λιανικη πωληση", "περαστικοσ πελατησ", "διαφοροι πελατεσ", "ανωνυμοσ",
     // Arabic, Hebrew.
     "زائر", "ضيف", "عميل نقدي", "زبون نقدي", "عميل عابر", "عميل عام", "אורח", "לקוח מזדמן",
     "לקוח כללי", "לקוח מזומן",
     // Chinese, Japanese, Korean.
     "散客", "游客", "访客", "零售客户", "零散客户", "临时客户", "现金客户", "匿名客户", "普通顾客",
     "訪客", "現金客戶", "ゲスト", "一見客", "一般客", "店頭客", "店頭顧客", "現金客", "비회원",
     "손님", "일반고객", "일반 고객", "현금고객", "비회원 고객",
     // Indonesian and Malay, Vietnamese, Thai, Hindi.
     "tamu", "pelanggan umum", "pelanggan tunai", "pembeli umum", "umum", "khach lẻ",
     "khach vang lai", "ลูกค้าทั่วไป", "ลูกค้าเงินสด", "ลูกค้าขาจร", "नकद ग्राहक"});

// Those of them that are also surnames or names of companies.
constexpr auto kAlsoNames = std::to_array<absl::string_view>(
    {"cash", "cpd", "comptoir", "passant", "ospite", "gosc", "gost", "vendeg", "tamu", "vieras"});

// The words of a text, folded, with one space between them.
std::string BareWords(std::string_view text) {
  bool legacy = false;
  const std::string words = SpacedWords(FoldedWord(Utf8Text(Trimmed(text), &legacy)));
  return std::string(absl::StripAsciiWhitespace(words));
}

}  // namespace

bool NamesTheGuest(std::string_view text) {
  static const auto* const kWords =
      new absl::flat_hash_set<absl::string_view>(kGuests.begin(), kGuests.end());
  return text.size() <= kLongestName && kWords->contains(BareWords(text));
}

bool IsCodeOfGuest(std::string_view code) {
  if (code.find('@') != std::string_view::npos || !NamesTheGuest(code)) return false;
  return std::find(kAlsoNames.begin(), kAlsoNames.end(), BareWords(code)) == kAlsoNames.end();
}

int CustomerNameColumn(const FlatColumns& columns) {
  for (const size_t place : columns.ignored()) {
    if (NamesACustomer(columns.header()[place])) return static_cast<int>(place);
  }
  return -1;
}

}  // namespace clustr::ctl
