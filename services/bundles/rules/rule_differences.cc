#include "services/bundles/rules/rule_differences.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <tuple>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/bundles/rules/rule_order.h"

namespace clustr::rules {
namespace {

constexpr size_t kMaxShown = 100;

mining::ReferenceRule RuleAt(const SkuRules& rules, size_t i) {
  const absl::Span<const int64_t> left = rules.antecedents(i);
  const absl::Span<const int64_t> right = rules.consequents(i);
  const mining::RuleCounts counts = rules.counts(i);
  return {{left.begin(), left.end()},
          {right.begin(), right.end()},
          counts.count_a,
          counts.count_b,
          counts.count_ab};
}

auto Sides(const mining::ReferenceRule& rule) {
  return std::tie(rule.antecedents, rule.consequents);
}

}  // namespace

RuleDifferences Compare(const SkuRules& served, const std::vector<mining::ReferenceRule>& reference,
                        int64_t reference_basket_count) {
  std::vector<uint32_t> by_sides(served.size());
  std::iota(by_sides.begin(), by_sides.end(), 0);
  std::sort(by_sides.begin(), by_sides.end(),
            [&](uint32_t a, uint32_t b) { return served.CompareSides(a, b) < 0; });

  RuleDifferences differences;
  const auto differs = [&](const mining::ReferenceRule& rule, int64_t basket_count) {
    if (++differences.count > static_cast<int64_t>(kMaxShown)) return;
    differences.first.push_back(rule);
    differences.basket_counts.push_back(basket_count);
  };
  const bool same_basket_count = served.basket_count() == reference_basket_count;
  auto wanted = reference.begin();
  for (const uint32_t i : by_sides) {
    const mining::ReferenceRule rule = RuleAt(served, i);
    for (; wanted != reference.end() && Sides(*wanted) < Sides(rule); ++wanted) {
      differs(*wanted, reference_basket_count);
    }
    if (wanted == reference.end() || Sides(*wanted) != Sides(rule)) {
      differs(rule, served.basket_count());
      continue;
    }
    if (*wanted != rule || !same_basket_count) differs(*wanted, reference_basket_count);
    ++wanted;
  }
  for (; wanted != reference.end(); ++wanted) differs(*wanted, reference_basket_count);
  return differences;
}

std::string DigestOf(const SkuRules& rules) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sha256(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
  EVP_DigestInit_ex(sha256.get(), EVP_sha256(), nullptr);
  std::string line;
  for (const uint32_t i : SortRules(rules, {{RuleField::kRuleId, false}})) {
    const mining::RuleCounts counts = rules.counts(i);
    line = absl::StrCat(absl::StrJoin(rules.antecedents(i), ","), ">",
                        absl::StrJoin(rules.consequents(i), ","), " ", counts.count_a, " ",
                        counts.count_b, " ", counts.count_ab, " ", counts.basket_count, "\n");
    EVP_DigestUpdate(sha256.get(), line.data(), line.size());
  }
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_DigestFinal_ex(sha256.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return absl::BytesToHexString(digest);
}

}  // namespace clustr::rules
