#include "tools/clustrctl/flat/values/currency.h"

#include <algorithm>
#include <array>

namespace clustr::ctl {
namespace {

struct Named {
  std::string_view text;
  std::string_view currency;
};

// ISO 4217, sorted, with codes that were given up after 1999.
constexpr std::array kCodes = std::to_array<std::string_view>({
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "ATS", "AUD", "AWG", "AZN", "BAM", "BBD",
    "BDT", "BEF", "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN",
    "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DEM", "DJF",
    "DKK", "DOP", "DZD", "EEK", "EGP", "ERN", "ESP", "ETB", "EUR", "FIM", "FJD", "FKP", "FRF",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GRD", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG",
    "HUF", "IDR", "IEP", "ILS", "INR", "IQD", "IRR", "ISK", "ITL", "JMD", "JOD", "JPY", "KES",
    "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LTL", "LVL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NLG", "NOK", "NPR", "NZD", "OMR", "PAB",
    "PEN", "PGK", "PHP", "PKR", "PLN", "PTE", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR",
    "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN", "SVC",
    "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX",
    "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF",
    "YER", "ZAR", "ZMW", "ZWG",
});

constexpr std::array kSigns = std::to_array<Named>({
    {"€", "€"},     {"$", "$"},     {"£", "£"},     {"¥", "¥"},     {"￥", "¥"},    {"₹", "INR"},
    {"₩", "KRW"},   {"₺", "TRY"},   {"₽", "RUB"}, {"₴", "UAH"},   {"₫", "VND"},   {"₱", "PHP"},
    {"₪", "ILS"},   {"฿", "THB"},   {"₦", "NGN"},   {"₡", "CRC"},   {"₵", "GHS"},   {"₲", "PYG"},
    {"₸", "KZT"},   {"₼", "AZN"}, {"₾", "GEL"}, {"₭", "LAK"},   {"₮", "MNT"},   {"৳", "BDT"},
    {"元", "CNY"},  {"円", "JPY"},  {"원", "KRW"},  {"R$", "BRL"},  {"US$", "USD"}, {"$US", "USD"},
    {"$CA", "CAD"}, {"C$", "CAD"},  {"CA$", "CAD"}, {"A$", "AUD"},  {"AU$", "AUD"}, {"NZ$", "NZD"},
    {"HK$", "HKD"}, {"S$", "SGD"},  {"SG$", "SGD"}, {"NT$", "TWD"}, {"MX$", "MXN"}, {"RD$", "DOP"},
    {"TT$", "TTD"}, {"GH₵", "GHS"}, {"＄", "$"},
});

// Abbreviations, which may end with a dot, and names.
constexpr std::array kWords = std::to_array<Named>({
    {"kr", "kr"},    {"Kr", "kr"},   {"KR", "kr"},   {"Fr", "CHF"},  {"fr", "CHF"},
    {"Frs", "CHF"},  {"SFr", "CHF"}, {"sFr", "CHF"}, {"Rs", "Rs"},   {"rs", "Rs"},
    {"RS", "Rs"},    {"Rp", "IDR"},  {"RP", "IDR"},  {"RM", "MYR"},  {"R", "ZAR"},
    {"zł", "PLN"},   {"ZŁ", "PLN"},  {"zl", "PLN"},  {"Kč", "CZK"},  {"kč", "CZK"},
    {"Kc", "CZK"},   {"Ft", "HUF"},  {"FT", "HUF"},  {"TL", "TRY"},  {"lei", "RON"},
    {"Lei", "RON"},  {"LEI", "RON"}, {"лв", "BGN"},  {"lv", "BGN"},  {"din", "RSD"},
    {"дин", "RSD"},  {"ден", "MKD"}, {"руб", "RUB"}, {"р", "RUB"},   {"грн", "UAH"},
    {"KM", "BAM"},   {"kn", "HRK"},  {"S/", "PEN"},  {"B/", "PAB"},  {"Bs", "Bs"},
    {"Gs", "PYG"},   {"Q", "GTQ"},   {"Tk", "BDT"},  {"KSh", "KES"}, {"Ksh", "KES"},
    {"TSh", "TZS"},  {"USh", "UGX"}, {"Dhs", "AED"}, {"NIS", "ILS"}, {"FCFA", "FCFA"},
    {"CFA", "FCFA"}, {"đ", "VND"},   {"Euro", "€"},  {"euro", "€"},  {"EURO", "€"},
    {"Euros", "€"},  {"euros", "€"}, {"RMB", "CNY"},
});

// Currencies whose own sign is `$`, beside USD.
constexpr std::array kDollars = std::to_array<std::string_view>(
    {"ARS", "AUD", "BBD", "BMD", "BND", "BRL", "BSD", "BZD", "CAD", "CLP",
     "COP", "CUP", "DOP", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "MXN",
     "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "UYU", "XCD"});

template <class Names>
std::string_view Find(const Names& names, std::string_view text) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const Named& n) { return n.text == text; });
  return found == names.end() ? std::string_view() : found->currency;
}

// The code in the table; empty if the text is none. Codes may be written in small letters.
std::string_view CodeOf(std::string_view text) {
  if (text.size() != 3) return {};
  std::array<char, 3> capitals;
  for (size_t i = 0; i < 3; ++i) {
    const char c = text[i];
    capitals[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const std::string_view code(capitals.data(), capitals.size());
  const auto found = std::lower_bound(kCodes.begin(), kCodes.end(), code);
  return found != kCodes.end() && *found == code ? *found : std::string_view();
}

}  // namespace

std::string_view CurrencyOf(std::string_view text) {
  if (text.empty()) return {};
  const std::string_view code = CodeOf(text);
  if (code == "EUR") return "€";
  if (code == "GBP") return "£";
  if (!code.empty()) return code;
  const std::string_view sign = Find(kSigns, text);
  return sign.empty() ? Find(kWords, text) : sign;
}

bool IsAbbreviatedCurrency(std::string_view text) { return !Find(kWords, text).empty(); }

bool IsCurrencyCodeOrSign(std::string_view text) {
  return std::binary_search(kCodes.begin(), kCodes.end(), text) || !Find(kSigns, text).empty();
}

bool HasNoFractions(std::string_view currency) {
  static constexpr auto kWhole =
      std::to_array<std::string_view>({"JPY", "KRW", "VND", "IDR", "CLP", "PYG", "ISK", "HUF",
                                       "UGX", "XAF", "XOF", "FCFA", "RWF", "KMF", "GNF"});
  return std::find(kWhole.begin(), kWhole.end(), currency) != kWhole.end();
}

std::string_view CommonCurrency(std::string_view one, std::string_view other) {
  if (one == other) return one;
  static constexpr std::array kOpen = std::to_array<Named>({
      {"kr", "SEK"},
      {"kr", "NOK"},
      {"kr", "DKK"},
      {"kr", "ISK"},
      {"Rs", "INR"},
      {"Rs", "PKR"},
      {"Rs", "LKR"},
      {"Rs", "NPR"},
      {"Rs", "MUR"},
      {"Rs", "SCR"},
      {"¥", "JPY"},
      {"¥", "CNY"},
      {"$", "USD"},
      {"Bs", "BOB"},
      {"FCFA", "XOF"},
      {"FCFA", "XAF"},
      {"Bs", "VES"},
      {"Bs", "VED"},
  });
  for (const Named& open : kOpen) {
    if (one == open.text && other == open.currency) return open.currency;
    if (other == open.text && one == open.currency) return open.currency;
  }
  return {};
}

bool MayBeWrittenAs(std::string_view shop, std::string_view currency) {
  if (!CommonCurrency(shop, currency).empty()) return true;
  return currency == "$" && std::find(kDollars.begin(), kDollars.end(), shop) != kDollars.end();
}

std::string_view JoinedCurrency(std::string_view front, std::string_view behind) {
  if (front == behind || behind.empty()) return front;
  if (front.empty()) return behind;
  if (front == "$" && MayBeWrittenAs(behind, front)) return behind;
  return CommonCurrency(front, behind);
}

}  // namespace clustr::ctl
