#include "tools/clustr_mine/named_parser.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace clustr::mine {
namespace {

constexpr std::string_view kSpmfItem = "@ITEM=";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool IsComment(std::string_view line) {
  return !line.empty() && (line[0] == '@' || line[0] == '%' || line[0] == '#');
}

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Takes the next line of `text`, without its line end.
std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// The first of the separators that the baskets have; a blank if they have none.
char SeparatorOf(std::string_view text) {
  std::string_view rest = text;
  std::string seen;
  while (!rest.empty()) {
    const std::string_view line = TakeLine(&rest);
    if (IsComment(line)) continue;
    for (const char c : {'\t', ';', '|', ','}) {
      if (line.find(c) != std::string_view::npos && seen.find(c) == std::string::npos) seen += c;
    }
    if (!seen.empty() && seen[0] == '\t') break;
  }
  for (const char c : {'\t', ';', '|', ','}) {
    if (seen.find(c) != std::string::npos) return c;
  }
  return ' ';
}

// Takes the next item of a line, without quotes around it.
std::string TakeItem(char separator, std::string_view* line) {
  if (separator != ' ') {
    const size_t first = line->find_first_not_of(" ");
    if (first != std::string_view::npos && (*line)[first] == '"') {
      std::string item;
      size_t i = first + 1;
      for (; i < line->size(); ++i) {
        if ((*line)[i] == '"' && i + 1 < line->size() && (*line)[i + 1] == '"') {
          item += (*line)[++i];
        } else if ((*line)[i] == '"') {
          break;
        } else {
          item += (*line)[i];
        }
      }
      if (i < line->size()) {  // The quote is closed.
        const size_t end = std::min(line->find(separator, i), line->size());
        line->remove_prefix(std::min(end + 1, line->size()));
        return std::string(Trim(item));
      }
    }
  }
  const size_t end = std::min(line->find(separator), line->size());
  const std::string_view item = line->substr(0, end);
  line->remove_prefix(std::min(end + 1, line->size()));
  return std::string(Trim(item));
}

// Numbers by their value, then texts.
bool ComesBefore(const std::string& a, const std::string& b) {
  const bool a_number = IsNumber(a);
  if (a_number != IsNumber(b)) return a_number;
  if (a_number && a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

}  // namespace

bool HasNames(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (IsComment(line)) return true;
    if (Trim(line).empty()) continue;
    uint64_t number = 0;
    for (const char c : line) {
      if (c == ' ' || c == '\t' || c == ',' || c == '\r') {
        number = 0;
      } else if (IsDigit(c)) {
        number = 10 * number + static_cast<uint64_t>(c - '0');
        if (number > std::numeric_limits<uint32_t>::max()) return true;
      } else {
        return true;
      }
    }
    return false;
  }
  return false;
}

Transactions ParseNamed(std::string_view text) {
  const char separator = SeparatorOf(text);
  absl::flat_hash_map<std::string, mining::Item> codes;
  absl::flat_hash_map<std::string, std::string> spmf_names;
  std::vector<std::string> labels;
  std::vector<mining::Item> items;  // As first numbered, of all baskets.
  std::vector<uint64_t> offsets = {0};
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    const bool is_comment = IsComment(line);
    if (line.starts_with(kSpmfItem)) {
      line.remove_prefix(kSpmfItem.size());
      const size_t equals = std::min(line.find('='), line.size());
      spmf_names[std::string(line.substr(0, equals))] =
          std::string(Trim(line.substr(std::min(equals + 1, line.size()))));
    }
    if (is_comment) continue;
    while (!line.empty()) {
      std::string item = TakeItem(separator, &line);
      if (item.empty()) continue;
      const auto [code, is_new] =
          codes.try_emplace(std::move(item), static_cast<mining::Item>(labels.size()));
      if (is_new) labels.push_back(code->first);
      items.push_back(code->second);
    }
    offsets.push_back(items.size());
  }
  for (std::string& label : labels) {
    const auto name = spmf_names.find(label);
    if (name != spmf_names.end() && !name->second.empty()) label = name->second;
  }
  std::vector<mining::Item> by_label(labels.size());
  std::iota(by_label.begin(), by_label.end(), 0);
  std::sort(by_label.begin(), by_label.end(), [&](mining::Item a, mining::Item b) {
    return labels[a] != labels[b] ? ComesBefore(labels[a], labels[b]) : a < b;
  });
  std::vector<mining::Item> code_of(labels.size());
  Transactions transactions;
  transactions.has_texts = true;
  for (size_t i = 0; i < by_label.size(); ++i) {
    code_of[by_label[i]] = static_cast<mining::Item>(i);
    transactions.labels.push_back(labels[by_label[i]]);
    transactions.names.push_back(static_cast<uint32_t>(i));
  }
  uint64_t written = 0;
  transactions.offsets.Add(0);
  for (size_t basket = 0; basket + 1 < offsets.size(); ++basket) {
    const auto begin = items.begin() + static_cast<ptrdiff_t>(offsets[basket]);
    auto end = items.begin() + static_cast<ptrdiff_t>(offsets[basket + 1]);
    for (auto item = begin; item != end; ++item) *item = code_of[*item];
    std::sort(begin, end);
    end = std::unique(begin, end);
    for (auto item = begin; item != end; ++item) transactions.items.Add(*item);
    written += static_cast<uint64_t>(end - begin);
    transactions.offsets.Add(written);
  }
  return transactions;
}

absl::Status NameItems(std::string_view names, Transactions* transactions) {
  if (transactions->has_texts) {
    return absl::InvalidArgumentError(
        "line 1: names are given for items that have names already; leave --names out");
  }
  absl::flat_hash_map<uint32_t, std::string> name_of;
  for (uint32_t number = 1; !names.empty(); ++number) {
    std::string_view line = Trim(TakeLine(&names));
    if (line.empty()) continue;
    const size_t split = std::min(line.find_first_of(" \t,;"), line.size());
    uint32_t item = number;
    const std::string_view first = line.substr(0, split);
    if (split < line.size() && IsNumber(first) &&
        absl::SimpleAtoi(absl::string_view(first.data(), first.size()), &item)) {
      line = Trim(line.substr(split + 1));
      line = Trim(line.substr(0, line.find('\t')));
    }
    if (!name_of.try_emplace(item, line).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, ": item ", item, " has a second name; give each item one name"));
    }
  }
  for (const uint32_t number : transactions->names) {
    const auto name = name_of.find(number);
    transactions->labels.push_back(name == name_of.end() ? absl::StrCat(number) : name->second);
  }
  return absl::OkStatus();
}

}  // namespace clustr::mine
