#include "tests/tools/clustr_mine/plain_fimi.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/clustr_mine/fimi_parser.h"

namespace clustr::mine {

PlainFimi ReadPlainly(std::string_view text) {
  PlainFimi read;
  size_t line = 1;
  while (!text.empty()) {
    std::set<uint32_t> basket;
    std::string number;
    const size_t size = std::min(text.find('\n'), text.size());
    for (size_t i = 0; i <= size; ++i) {
      const char byte = i < size ? text[i] : ' ';
      if (byte >= '0' && byte <= '9') {
        number += byte;
        continue;
      }
      if (!number.empty()) {
        const size_t column = i - number.size() + 1;
        number.erase(0, number.find_first_not_of('0'));
        if (number.size() > 10 || (number.size() == 10 && number > "4294967295")) {
          read.refused = {line, column};
          return read;
        }
        basket.insert(number.empty() ? 0 : static_cast<uint32_t>(std::stoull(number)));
        number.clear();
      }
      if (byte != ' ' && byte != '\t' && byte != ',' && byte != '\r') {
        read.refused = {line, i + 1};
        return read;
      }
    }
    read.baskets.emplace_back(basket.begin(), basket.end());
    text.remove_prefix(std::min(size + 1, text.size()));
    ++line;
  }
  return read;
}

namespace {

std::string DifferenceFrom(const PlainFimi& plain, const absl::StatusOr<Transactions>& parsed) {
  if (plain.refused) {
    const std::string place =
        absl::StrCat("line ", plain.refused->line, ", column ", plain.refused->column, ": ");
    if (parsed.ok()) return place + "is not refused";
    return absl::StartsWith(parsed.status().message(), place)
               ? ""
               : absl::StrCat("not ", place, "but ", parsed.status().message());
  }
  if (!parsed.ok()) return std::string(parsed.status().message());
  const mining::BasketView view = parsed->view();
  if (view.size() != plain.baskets.size()) {
    return absl::StrCat(view.size(), " baskets instead of ", plain.baskets.size());
  }
  std::set<uint32_t> names;
  for (size_t i = 0; i < view.size(); ++i) {
    std::vector<uint32_t> basket;
    for (const mining::Item item : view[i]) {
      if (item >= parsed->names.size()) return absl::StrCat("basket ", i, " has an unknown item");
      basket.push_back(parsed->names[item]);
    }
    if (basket != plain.baskets[i]) return absl::StrCat("basket ", i, " differs");
    names.insert(basket.begin(), basket.end());
  }
  if (parsed->names != std::vector<uint32_t>(names.begin(), names.end())) return "names differ";
  return "";
}

}  // namespace

std::string Difference(std::string_view text) {
  const PlainFimi plain = ReadPlainly(text);
  const absl::Status said = ParseFimi(text, ScanPortable).status();
  for (const Scan scan : SupportedScans()) {
    const absl::StatusOr<Transactions> parsed = ParseFimi(text, scan);
    const std::string difference = DifferenceFrom(plain, parsed);
    if (!difference.empty()) return difference;
    if (parsed.status() != said)
      return absl::StrCat(parsed.status().message(), " instead of ", said.message());
  }
  return "";
}

}  // namespace clustr::mine
