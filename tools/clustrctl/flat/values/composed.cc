#include "tools/clustrctl/flat/values/composed.h"

#include <array>
#include <cstdint>

#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

struct Accent {
  char16_t mark;
  std::u16string_view pairs;  // Each letter, and behind it the letter with the accent.
};

constexpr std::array<Accent, 27> kAccents = {{
    {0x0300, u"AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"},
    {0x0301,
     u"AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉ"
     u"ΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃ"
     u"ÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"},
    {0x0302, u"AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"},
    {0x0303, u"AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"},
    {0x0304, u"AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝ"},
    {0x0306, u"AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặ"},
    {0x0307,
     u"CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪ"
     u"tṫWẆwẇXẊxẋYẎyẏſẛ"},
    {0x0308,
     u"AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰ"
     u"уӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"},
    {0x0309, u"AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"},
    {0x030A, u"AÅaåUŮuůwẘyẙ"},
    {0x030B, u"OŐoőUŰuűУӲуӳ"},
    {0x030C, u"CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"},
    {0x030F, u"AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"},
    {0x0311, u"AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"},
    {0x031B, u"OƠoơUƯuư"},
    {0x0323,
     u"BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụ"
     u"ƯỰưựYỴyỵ"},
    {0x0324, u"UṲuṳ"},
    {0x0325, u"AḀaḁ"},
    {0x0326, u"SȘsșTȚtț"},
    {0x0327, u"CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"},
    {0x0328, u"AĄaąEĘeęIĮiįUŲuųOǪoǫ"},
    {0x032D, u"DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"},
    {0x032E, u"HḪhḫ"},
    {0x0330, u"EḚeḛIḬiḭUṴuṵ"},
    {0x0331, u"BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"},
    {0x3099,
     u"かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべ"
     u"ほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバ"
     u"ヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ"},
    {0x309A, u"はぱひぴふぷへぺほぽハパヒピフプヘペホポ"},
}};

// A lead consonant and a vowel, or these and a final consonant, make one Hangul syllable.
constexpr char32_t kLead = 0x1100;
constexpr char32_t kVowel = 0x1161;
constexpr char32_t kFinal = 0x11A7;
constexpr char32_t kSyllable = 0xAC00;
constexpr char32_t kLeads = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kFinals = 28;

bool IsIn(char32_t c, char32_t first, char32_t count) { return c >= first && c - first < count; }

// The character that `base` and `next` make together; 0 if they make none.
char32_t Together(char32_t base, char32_t next) {
  if (IsIn(base, kLead, kLeads) && IsIn(next, kVowel, kVowels)) {
    return kSyllable + ((base - kLead) * kVowels + (next - kVowel)) * kFinals;
  }
  if (IsIn(base, kSyllable, kLeads * kVowels * kFinals) && (base - kSyllable) % kFinals == 0 &&
      next != kFinal && IsIn(next, kFinal, kFinals)) {
    return base + (next - kFinal);
  }
  for (const Accent& accent : kAccents) {
    if (accent.mark != next) continue;
    for (size_t i = 0; i < accent.pairs.size(); i += 2) {
      if (accent.pairs[i] == base) return accent.pairs[i + 1];
    }
  }
  return 0;
}

// The code point at the start of `text`, and its length.
char32_t First(std::string_view text, size_t* length) {
  const auto lead = static_cast<unsigned char>(text[0]);
  *length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code_point = *length == 1 ? lead : lead & (0x7F >> *length);
  for (size_t i = 1; i < *length; ++i) {
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  return code_point;
}

}  // namespace

std::string Composed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char32_t base = 0;
  size_t base_at = 0;  // Where `base` stands in `out`.
  for (size_t i = 0; i < text.size();) {
    size_t length = 0;
    char32_t code_point = First(text.substr(i), &length);
    const char32_t together = base == 0 ? 0 : Together(base, code_point);
    if (together != 0) {
      out.resize(base_at);
      code_point = together;
    }
    base = code_point;
    base_at = out.size();
    AppendUtf8(code_point, &out);
    i += length;
  }
  return out;
}

}  // namespace clustr::ctl
