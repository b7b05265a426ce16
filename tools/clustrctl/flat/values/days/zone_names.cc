#include "tools/clustrctl/flat/values/days/zone_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/time/time.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"

namespace clustr::ctl {
namespace {

struct Zone {
  std::string_view name;
  int minutes;
};

constexpr auto kZones = std::to_array<Zone>({
    {"z", 0},      {"utc", 0},    {"gmt", 0},    {"wet", 0},    {"west", 60},   {"bst", 60},
    {"cet", 60},   {"mez", 60},   {"cest", 120}, {"mesz", 120}, {"eet", 120},   {"eest", 180},
    {"msk", 180},  {"sast", 120}, {"trt", 180},  {"est", -300}, {"edt", -240},  {"cdt", -300},
    {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"akst", -540}, {"akdt", -480},
    {"hst", -600}, {"brt", -180}, {"pkt", 300},  {"wib", 420},  {"ict", 420},   {"sgt", 480},
    {"hkt", 480},  {"awst", 480}, {"jst", 540},  {"kst", 540},  {"acst", 570},  {"acdt", 630},
    {"aest", 600}, {"aedt", 660}, {"nzst", 720}, {"nzdt", 780},
});

}  // namespace

std::optional<int> ZoneOffset(std::string_view name) {
  const std::string folded = FoldedWord(name);
  const auto zone = std::find_if(kZones.begin(), kZones.end(),
                                 [&](const Zone& each) { return each.name == folded; });
  if (zone == kZones.end()) return std::nullopt;
  return zone->minutes;
}

bool IsOpenZone(std::string_view name) {
  if (name.find('/') == std::string_view::npos) {
    return !name.empty() && IsOneOf(FoldedWord(name), " cst ist ast adt sst ect gst wst art clt ");
  }
  absl::TimeZone zone;
  return absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone);
}

}  // namespace clustr::ctl
