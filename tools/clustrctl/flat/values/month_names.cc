#include "tools/clustrctl/flat/values/month_names.h"

#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace clustr::ctl {
namespace {

// For each month, its names in lower case and without accents. An abbreviation is the beginning of
// one of them.
constexpr std::array<std::array<std::string_view, 7>, 12> kMonths = {{
    {"january", "januar", "janvier", "enero", "gennaio", "januari", "janeiro"},
    {"february", "februar", "fevrier", "febrero", "febbraio", "februari", "fevereiro"},
    {"march", "maerz", "mars", "marzo", "marz", "maart", "marco"},
    {"april", "avril", "abril", "aprile", "apr", "apr", "apr"},
    {"may", "mai", "mayo", "maggio", "mei", "maio", "may"},
    {"june", "juni", "juin", "junio", "giugno", "junho", "jun"},
    {"july", "juli", "juillet", "julio", "luglio", "julho", "jul"},
    {"august", "aout", "agosto", "augustus", "aug", "aug", "aug"},
    {"september", "septembre", "septiembre", "settembre", "setembro", "setiembre", "sept"},
    {"october", "oktober", "octobre", "octubre", "ottobre", "outubro", "oct"},
    {"november", "novembre", "noviembre", "novembro", "nov", "nov", "nov"},
    {"december", "dezember", "decembre", "diciembre", "dicembre", "dezembro", "dec"},
}};

}  // namespace

int MonthNamed(std::string_view name) {
  const std::string plain = absl::StrReplaceAll(
      absl::AsciiStrToLower(absl::string_view(name.data(), name.size())), {{"é", "e"},
                                                                           {"É", "e"},
                                                                           {"û", "u"},
                                                                           {"Û", "u"},
                                                                           {"ç", "c"},
                                                                           {"Ç", "c"},
                                                                           {"ä", "a"},
                                                                           {"Ä", "a"},
                                                                           {"à", "a"}});
  if (plain.size() < 3) return 0;
  int found = 0;
  for (size_t month = 0; month < kMonths.size(); ++month) {
    for (const std::string_view candidate : kMonths[month]) {
      if (!candidate.starts_with(plain)) continue;
      // Abbreviations of two months, such as `jui` of French June and July, name neither.
      if (found != 0 && found != static_cast<int>(month) + 1) return 0;
      found = static_cast<int>(month) + 1;
    }
  }
  return found;
}

}  // namespace clustr::ctl
