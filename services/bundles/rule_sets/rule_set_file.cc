#include "services/bundles/rule_sets/rule_set_file.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/base/status_macros.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/program/durable_file.h"
#include "services/bundles/program/whole_files.h"

namespace clustr::bundles {
namespace {

// A file has this line, the lengths of the v1.RuleSet and of the rules (8 bytes each, little
// endian), the digest of the stream, these two parts, and the SHA-256 of all of that. A rule
// consists of numbers of 8 bytes, little endian: how many antecedents and consequents it has, its
// products in the order of the sides, count_a, count_b and count_ab.
constexpr absl::string_view kFirstLine = "clustr rule set, version 1\n";
constexpr absl::string_view kAnyVersion = "clustr rule set, version ";
constexpr size_t kDigestBytes = 32;
constexpr size_t kFrameBytes = kFirstLine.size() + 2 * sizeof(uint64_t) + 2 * kDigestBytes;
constexpr FileKind kRuleSet = {"the rule set", "the folder of rule sets (--rule-sets)"};
constexpr size_t kNumbersBesideSkus = 5;
// More than the frame and the largest v1.RuleSet that a header makes.
constexpr int64_t kMaxInfoBytes = 1 << 20;

void Append(int64_t number, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

std::string EncodeRules(const rules::SkuRules& rules) {
  std::string bytes;
  for (size_t i = 0; i < rules.size(); ++i) {
    Append(static_cast<int64_t>(rules.antecedents(i).size()), &bytes);
    Append(static_cast<int64_t>(rules.consequents(i).size()), &bytes);
    for (const int64_t sku : rules.antecedents(i)) Append(sku, &bytes);
    for (const int64_t sku : rules.consequents(i)) Append(sku, &bytes);
    const mining::RuleCounts counts = rules.counts(i);
    Append(counts.count_a, &bytes);
    Append(counts.count_b, &bytes);
    Append(counts.count_ab, &bytes);
  }
  return bytes;
}

bool IsAscending(absl::Span<const int64_t> skus) {
  return std::adjacent_find(skus.begin(), skus.end(), std::greater_equal<>()) == skus.end();
}

bool ArePossible(const mining::RuleCounts& c) {
  return c.count_ab >= 1 && c.count_ab <= c.count_a && c.count_ab <= c.count_b &&
         c.count_a <= c.basket_count && c.count_b <= c.basket_count &&
         c.count_a - c.count_ab <= c.basket_count - c.count_b;
}

// Unset if the bytes are no rules.
std::optional<rules::SkuRules> DecodeRules(absl::string_view bytes, int64_t basket_count) {
  if (bytes.size() % sizeof(int64_t) != 0) return std::nullopt;
  std::vector<int64_t> numbers(bytes.size() / sizeof(int64_t));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  rules::SkuRules rules(basket_count);
  for (absl::Span<const int64_t> rest = absl::MakeConstSpan(numbers); !rest.empty();) {
    if (rest.size() < kNumbersBesideSkus) return std::nullopt;
    if (rest[0] < 1 || rest[0] > mining::kMaxRuleItems || rest[1] < 1 ||
        rest[1] > mining::kMaxRuleItems) {
      return std::nullopt;
    }
    const auto left = static_cast<size_t>(rest[0]);
    const auto right = static_cast<size_t>(rest[1]);
    if (rest.size() < kNumbersBesideSkus + left + right) return std::nullopt;
    const absl::Span<const int64_t> antecedents = rest.subspan(2, left);
    const absl::Span<const int64_t> consequents = rest.subspan(2 + left, right);
    const absl::Span<const int64_t> counted = rest.subspan(2 + left + right, 3);
    const mining::RuleCounts counts = {counted[0], counted[1], counted[2], basket_count};
    if (!IsAscending(antecedents) || !IsAscending(consequents) || !ArePossible(counts)) {
      return std::nullopt;
    }
    rules.Add(antecedents, consequents, counts);
    rest.remove_prefix(kNumbersBesideSkus + left + right);
  }
  return rules;
}

absl::Status Damaged(const KeptAs& kept, absl::string_view how) {
  return absl::DataLossError(absl::StrCat(kept.what, " ", how, "; ", kept.remedy));
}

}  // namespace

std::string EncodeRuleSetFile(const StoredRuleSet& set) {
  const std::string info = set.info.SerializeAsString();
  const std::string rules = EncodeRules(set.rules);
  std::string bytes(kFirstLine);
  bytes.reserve(kFrameBytes + info.size() + rules.size());
  Append(static_cast<int64_t>(info.size()), &bytes);
  Append(static_cast<int64_t>(rules.size()), &bytes);
  absl::StrAppend(&bytes, set.content, info, rules);
  bytes += RawSha256(bytes);
  return bytes;
}

absl::Status WriteRuleSetFile(const std::string& path, const StoredRuleSet& set) {
  return WriteDurableFile(path, EncodeRuleSetFile(set), kRuleSet);
}

absl::Status RemoveRuleSetFile(const std::string& path) {
  return RemoveDurableFile(path, kRuleSet);
}

int64_t MaxRuleSetFileBytes(int64_t rule_count) {
  const int64_t numbers = kNumbersBesideSkus + 2 * mining::kMaxRuleItems;
  return kMaxInfoBytes + rule_count * numbers * static_cast<int64_t>(sizeof(int64_t));
}

absl::StatusOr<StoredRuleSet> ReadRuleSetFile(const std::string& path, int64_t max_rules) {
  const KeptAs kept = {absl::StrCat("the file of a rule set ", path),
                       "remove it, or import the rule set again"};
  CLUSTR_ASSIGN_OR_RETURN(const std::string bytes,
                          ReadWholeFile(path, kAnyVersion, MaxRuleSetFileBytes(max_rules), kept));
  return DecodeRuleSetFile(bytes, kept);
}

absl::StatusOr<StoredRuleSet> DecodeRuleSetFile(absl::string_view bytes, const KeptAs& kept) {
  absl::string_view rest = bytes;
  if (!absl::StartsWith(rest, kFirstLine)) {
    return Damaged(kept, absl::StartsWith(rest, kAnyVersion)
                             ? "was written by another version of Clustr"
                             : "is no rule set");
  }
  if (bytes.size() < kFrameBytes) return Damaged(kept, "is cut off");
  const size_t checked = bytes.size() - kDigestBytes;
  if (RawSha256(rest.substr(0, checked)) != rest.substr(checked)) {
    return Damaged(kept, "is damaged: its checksum is wrong");
  }
  uint64_t lengths[2] = {};
  std::memcpy(lengths, bytes.data() + kFirstLine.size(), sizeof(lengths));
  StoredRuleSet set;
  set.content = std::string(rest.substr(kFirstLine.size() + sizeof(lengths), kDigestBytes));
  rest = rest.substr(kFrameBytes - kDigestBytes, bytes.size() - kFrameBytes);
  if (lengths[0] > rest.size() || lengths[1] != rest.size() - lengths[0]) {
    return Damaged(kept, "has parts of wrong lengths");
  }
  if (!set.info.ParseFromArray(rest.data(), static_cast<int>(lengths[0]))) {
    return Damaged(kept, "does not hold a valid rule set");
  }
  std::optional<rules::SkuRules> rules =
      DecodeRules(rest.substr(lengths[0]), set.info.basket_count());
  if (!rules || static_cast<int64_t>(rules->size()) != set.info.rule_count()) {
    return Damaged(kept, "does not hold valid rules");
  }
  set.rules = *std::move(rules);
  return set;
}

}  // namespace clustr::bundles
