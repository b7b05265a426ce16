#include "tools/clustrctl/flat/values/days/month_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/clustrctl/flat/values/days/folded_word.h"

namespace clustr::ctl {
namespace {

// For each month, its names as FoldedWord writes them. An abbreviation is the beginning of one of
// them, or stands here itself. Croatian is left out: its listopad is October, and in Polish and
// Czech November.
constexpr std::array<std::string_view, 12> kMonths = {
    " january januar janvier enero gennaio januari janeiro ianuarie jaanuar tammikuu tammikuuta "
    "styczen stycznia leden ledna ocak января январь січня січень ιανουαριου ιανουαριος ",
    " february februar fevrier febrero febbraio februari fevereiro februarie helmikuu helmikuuta "
    "luty lutego unor unora subat февраля февраль лютого лютий φεβρουαριου φεβρουαριος ",
    " mar march maerz mrz mars marzo marz maart mrt marco marts marcius martie marec maaliskuu "
    "maaliskuuta marzec marca brezen brezna mart марта март березня березень μαρτιου μαρτιος ",
    " april avril abril aprile aprilis aprilie huhtikuu huhtikuuta kwiecien kwietnia duben dubna "
    "nisan апреля апрель квітня квітень απριλιου απριλιος ",
    " may mai mayo maggio mei maio maj majus toukokuu toukokuuta maja kveten kvetna mayis мая май "
    "травня травень μαιου μαιος ",
    " june juni juin junio giugno junho junius iunie junij kesakuu kesakuuta czerwiec czerwca "
    "cerven cervna cvn haziran июня июнь червня червень ιουνιου ιουνιος ",
    " july juli juillet julio luglio julho julius iulie julij heinakuu heinakuuta lipiec lipca "
    "cervenec cervence cvc temmuz июля июль липня липень ιουλιου ιουλιος ",
    " august aout agosto augustus augusti augusztus avgust elokuu elokuuta sierpien sierpnia srpen "
    "srpna agustos августа август серпня серпень αυγουστου αυγουστος ",
    " september septembre septiembre settembre setembro setiembre szeptember septembrie septembar "
    "syyskuu syyskuuta wrzesien wrzesnia zari eylul сентября сентябрь вересня вересень "
    "σεπτεμβριου σεπτεμβριος ",
    " october oktober octobre octubre ottobre outubro octombrie oktobar lokakuu lokakuuta "
    "pazdziernik pazdziernika rijen rijna ekim октября октябрь жовтня жовтень οκτωβριου οκτωβριος ",
    " november novembre noviembre novembro noiembrie novembar marraskuu marraskuuta listopad "
    "listopada listopadu kasim ноября ноябрь листопада листопад νοεμβριου νοεμβριος ",
    " december dezember decembre diciembre dicembre dezembro desember decembrie decembar joulukuu "
    "joulukuuta grudzien grudnia prosinec prosince aralik декабря декабрь грудня грудень "
    "δεκεμβριου δεκεμβριος ",
};

constexpr std::string_view kWeekdays =
    " monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag "
    "freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes "
    "martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi "
    "sabato domenica segunda terca quarta quinta sexta maandag dinsdag woensdag donderdag vrijdag "
    "zaterdag zondag mandag tirsdag onsdag torsdag fredag lordag sondag tisdag maanantai tiistai "
    "keskiviikko torstai perjantai lauantai sunnuntai poniedzialek wtorek sroda czwartek piatek "
    "sobota niedziela pondeli utery streda ctvrtek patek nedele pondelok utorok stvrtok piatok "
    "nedela ponedeljek torek sreda cetrtek petek nedelja hetfo kedd szerda csutortok pentek "
    "szombat "
    "vasarnap marti miercuri joi vineri sambata duminica pazartesi sali carsamba persembe cuma "
    "cumartesi pazar понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт "
    "сб вс нд понеділок вівторок середа субота неділя δευτερα τριτη τεταρτη πεμπτη παρασκευη "
    "σαββατο κυριακη ";

// A name, and the number of its month; 0 for days of the week.
using Name = std::pair<std::string_view, int>;

void AddNames(std::string_view text, int month, std::vector<Name>* names) {
  while (text.size() > 1) {
    text.remove_prefix(1);
    const size_t end = text.find(' ');
    names->emplace_back(text.substr(0, end), month);
    text.remove_prefix(end);
  }
}

// The names in the order of their letters, so that those with the same beginning are neighbours.
const std::vector<Name>& SortedMonths() {
  static const auto& sorted = *[] {
    auto* names = new std::vector<Name>;
    for (size_t i = 0; i < kMonths.size(); ++i)
      AddNames(kMonths[i], static_cast<int>(i) + 1, names);
    std::sort(names->begin(), names->end());
    return names;
  }();
  return sorted;
}

const std::vector<Name>& SortedWeekdays() {
  static const auto& sorted = *[] {
    auto* names = new std::vector<Name>;
    AddNames(kWeekdays, 0, names);
    std::sort(names->begin(), names->end());
    return names;
  }();
  return sorted;
}

// The first name that is not before `word`, and so begins with it if any does.
std::vector<Name>::const_iterator Find(const std::vector<Name>& names, std::string_view word) {
  return std::lower_bound(names.begin(), names.end(), Name(word, 0));
}

// How many letters a folded word has.
int64_t Letters(std::string_view word) {
  return std::count_if(word.begin(), word.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

int MonthNamed(std::string_view name) {
  const std::string word = FoldedWord(name);
  if (Letters(word) < 3) return 0;
  const std::vector<Name>& names = SortedMonths();
  int month = 0;
  for (auto each = Find(names, word); each != names.end(); ++each) {
    if (!each->first.starts_with(word)) break;
    // The whole name of a month, such as Czech `červen`, may begin that of another. It comes first.
    if (each->first == word) return each->second;
    // Abbreviations of two months, such as `jui` of French June and July, name neither.
    if (month != 0 && month != each->second) return 0;
    month = each->second;
  }
  return month;
}

bool IsWeekday(std::string_view name) {
  const std::string word = FoldedWord(name);
  if (Letters(word) < 2) return false;
  const auto found = Find(SortedWeekdays(), word);
  return found != SortedWeekdays().end() && found->first.starts_with(word);
}

}  // namespace clustr::ctl
