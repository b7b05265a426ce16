#include "tools/clustrctl/flat/kinds/kind_of_row.h"

#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

// The words of a text in lower case, each between two spaces: ` credit note refund `.
std::string WordsOf(std::string_view text) {
  bool legacy = false;
  return SpacedWords(absl::AsciiStrToLower(Utf8Text(Trimmed(text), &legacy)));
}

}  // namespace

bool NamesASide(std::string_view column) {
  static constexpr std::array<absl::string_view, 8> kSides = {
      "s h", "soll haben", "sollhaben", "d c", "dc", "debit credit", "shkz", "debet credit"};
  return HasOneOf(WordsOf(column), kSides);
}

bool AreSides(std::string_view one, std::string_view other) {
  static constexpr std::array<absl::string_view, 4> kDebits = {"s", "soll", "d", "debit"};
  static constexpr std::array<absl::string_view, 4> kCredits = {"h", "haben", "c", "credit"};
  const std::string first = WordsOf(one);
  const std::string second = WordsOf(other);
  return (HasOneOf(first, kDebits) && HasOneOf(second, kCredits)) ||
         (HasOneOf(first, kCredits) && HasOneOf(second, kDebits));
}

bool OriginalsAreReturns(const FlatColumns& columns, bool has_signs) {
  static constexpr std::array<absl::string_view, 26> kTakesBack = {"return",
                                                                   "returned",
                                                                   "refund",
                                                                   "refunded",
                                                                   "reversal",
                                                                   "reversed",
                                                                   "credit",
                                                                   "credited",
                                                                   "creditmemo",
                                                                   "creditnote",
                                                                   "rma",
                                                                   "gutschrift",
                                                                   "gutschriftsnummer",
                                                                   "gutschriftnr",
                                                                   "retoure",
                                                                   "retourennummer",
                                                                   "storno",
                                                                   "avoir",
                                                                   "rectificada",
                                                                   "korygowana",
                                                                   "korekta",
                                                                   "devolución",
                                                                   "devolucion",
                                                                   "abono",
                                                                   "reso",
                                                                   "retour"};
  // A subscription names the order that it renews so, too.
  static constexpr std::array<absl::string_view, 1> kMayBeRenewed = {"parent"};
  if (!columns.Has(Role::kOriginal)) return false;
  const std::string original = WordsOf(columns.Name(Role::kOriginal));
  if (HasOneOf(original, kTakesBack)) return true;
  const bool is_number_of_return =
      columns.Has(Role::kOrder) && HasOneOf(WordsOf(columns.Name(Role::kOrder)), kTakesBack);
  return is_number_of_return || (!has_signs && !HasOneOf(original, kMayBeRenewed));
}

int TillColumn(const FlatColumns& columns) {
  static constexpr std::array<absl::string_view, 17> kTills = {
      "till",   "register", "kasse",   "kassen nr", "kassennr", "store",
      "shop",   "branch",   "filiale", "filial",    "terminal", "outlet",
      "caisse", "magasin",  "tienda",  "negozio",   "winkel"};
  static constexpr std::array<absl::string_view, 6> kOthers = {"credit",   "name",  "url",
                                                               "currency", "price", "sku"};
  for (const size_t place : columns.ignored()) {
    const std::string words = WordsOf(columns.header()[place]);
    if (HasOneOf(words, kTills) && !HasOneOf(words, kOthers)) return static_cast<int>(place);
  }
  return -1;
}

}  // namespace clustr::ctl
