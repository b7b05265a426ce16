#include "tests/common/storage/list_twin.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clustr::storage {
namespace {

template <class T>
bool Holds(const T& left, const std::string& op, const T& right) {
  if (op == "=" || op == ":") return left == right;
  if (op == "!=") return left != right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == ">") return left > right;
  return left >= right;
}

std::string Literal(const TwinFilter& filter, std::mt19937_64& random) {
  if (filter.money) {
    const int64_t thousandths = std::get<int64_t>(filter.value);
    const uint64_t size = thousandths < 0 ? -thousandths : thousandths;
    return absl::StrFormat("%s%d.%05d", thousandths < 0 ? "-" : "", size / 100'000, size % 100'000);
  }
  if (const auto* number = std::get_if<int64_t>(&filter.value)) return absl::StrCat(*number);
  if (const auto* real = std::get_if<double>(&filter.value)) return absl::StrFormat("%.17g", *real);
  if (const auto* flag = std::get_if<bool>(&filter.value)) return *flag ? "true" : "false";
  const char quote = random() % 2 == 0 ? '"' : '\'';
  std::string text(1, quote);
  for (const char c : std::get<std::string>(filter.value)) {
    if (c == quote || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + quote;
}

}  // namespace

bool TwinFilter::Matches(const TwinRow& row) const {
  switch (kind) {
    case Kind::kAnd:
      for (const TwinFilter& part : parts) {
        if (!part.Matches(row)) return false;
      }
      return true;
    case Kind::kOr:
      for (const TwinFilter& part : parts) {
        if (part.Matches(row)) return true;
      }
      return false;
    case Kind::kNot:
      return !parts[0].Matches(row);
    case Kind::kCompare:
      break;
  }
  const auto stored = row.find(field);
  if (stored == row.end()) return false;
  if (op == "*") return true;
  if (money) {
    return Holds<int64_t>(std::get<TwinCents>(stored->second).cents * 1000, op,
                          std::get<int64_t>(value));
  }
  if (op == ":" && std::holds_alternative<std::string>(value)) {
    return std::get<std::string>(stored->second).find(std::get<std::string>(value)) !=
           std::string::npos;
  }
  return Holds(stored->second, op, value);
}

std::string TwinFilter::Text(std::mt19937_64& random) const {
  const bool extra = random() % 5 == 0;
  std::string text;
  if (kind == Kind::kCompare) {
    text = op == "*" ? field + ":*" : absl::StrCat(field, " ", op, " ", Literal(*this, random));
  } else if (kind == Kind::kNot) {
    const bool composite = parts[0].kind != Kind::kCompare;
    const std::string inner = parts[0].Text(random);
    text = absl::StrCat(random() % 2 == 0 ? "NOT " : "-", composite ? "(" : "", inner,
                        composite ? ")" : "");
  } else {
    for (size_t i = 0; i < parts.size(); ++i) {
      const char* word = kind == Kind::kOr ? " OR " : random() % 3 == 0 ? " " : " AND ";
      const bool needs = kind == Kind::kOr && parts[i].kind == Kind::kAnd;
      absl::StrAppend(&text, i == 0 ? "" : word, needs ? "(" : "", parts[i].Text(random),
                      needs ? ")" : "");
    }
  }
  return extra ? absl::StrCat("(", text, ")") : text;
}

bool ComesBefore(const TwinRow& a, const TwinRow& b, const TwinOrder& order) {
  for (const auto& [field, descending] : order) {
    const auto left = a.find(field);
    const auto right = b.find(field);
    const bool left_set = left != a.end();
    const bool right_set = right != b.end();
    if (!left_set && !right_set) continue;
    if (left_set && right_set && left->second == right->second) continue;
    const bool less = left_set && right_set ? left->second < right->second : !left_set;
    return less != descending;
  }
  return false;
}

}  // namespace clustr::storage
