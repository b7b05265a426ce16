#include "services/sales/sums/span_sums.h"

#include <algorithm>
#include <bit>

namespace clustr::sales {
namespace {

constexpr uint32_t kWordBits = 64;
// Up to this many lines, looking through all values is faster than sorting.
constexpr size_t kShort = 32;

}  // namespace

void NumberSet::Set(uint32_t number, bool contained) {
  const size_t word = number / kWordBits;
  if (word >= words_.size()) {
    if (!contained) return;
    words_.resize(word + 1);
  }
  const uint64_t bit = uint64_t{1} << (number % kWordBits);
  words_[word] = contained ? words_[word] | bit : words_[word] & ~bit;
}

bool NumberSet::Contains(uint32_t number) const {
  const size_t word = number / kWordBits;
  return word < words_.size() && (words_[word] >> (number % kWordBits) & 1) != 0;
}

void NumberSet::Add(const NumberSet& other) {
  if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
  for (size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
}

int64_t NumberSet::Count() const {
  int64_t count = 0;
  for (const uint64_t word : words_) count += std::popcount(word);
  return count;
}

void SumByValue(absl::Span<const SumLine> lines, const std::vector<uint32_t>& value_by_product,
                std::vector<std::pair<uint32_t, Sum>>* sums) {
  sums->clear();
  const bool is_short = lines.size() <= kShort;
  for (const SumLine& line : lines) {
    const uint32_t value = value_by_product[line.product];
    auto found = sums->end();
    if (is_short) {
      found = std::find_if(sums->begin(), sums->end(),
                           [value](const auto& sum) { return sum.first == value; });
    }
    if (found == sums->end()) found = sums->insert(found, {value, Sum{0, 1, 0}});
    found->second.revenue_cents += line.net_cents;
    found->second.unit_count += line.units;
  }
  if (is_short) return;
  std::sort(sums->begin(), sums->end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  size_t last = 0;
  for (size_t i = 1; i < sums->size(); ++i) {
    if ((*sums)[i].first != (*sums)[last].first) {
      (*sums)[++last] = (*sums)[i];
      continue;
    }
    (*sums)[last].second.revenue_cents += (*sums)[i].second.revenue_cents;
    (*sums)[last].second.unit_count += (*sums)[i].second.unit_count;
  }
  sums->resize(last + 1);
}

void SpanSums::AddToGroup(SumAttribute attribute, uint32_t value, const Sum& sum, int64_t sign) {
  GroupSums& groups = groups_[static_cast<size_t>(attribute)];
  const auto it = groups.try_emplace(value).first;
  it->second.Add(sum, sign);
  if (it->second.transaction_count == 0) groups.erase(it);
}

void SpanSums::CountGroups(SumAttribute attribute, const SumPurchase& purchase,
                           absl::Span<const SumLine> lines, const AttributeNumbers& attributes,
                           int64_t sign) {
  ForEachGroup(attribute, purchase, lines, attributes, &scratch_,
               [&](uint32_t value, const Sum& sum) { AddToGroup(attribute, value, sum, sign); });
}

void SpanSums::Count(const SumPurchase& purchase, absl::Span<const SumLine> lines,
                     const AttributeNumbers& attributes, int64_t sign) {
  line_count_ += sign * static_cast<int64_t>(lines.size());
  for (const SumLine& line : lines) {
    if (line.product >= products_.size()) products_.resize(line.product + 1);
    ProductSum& product = products_[line.product];
    product.revenue_cents += sign * line.net_cents;
    product.unit_count += sign * line.units;
    sold_.Set(line.product, product.unit_count > 0);
  }
  if (sign > 0) customers_.Set(purchase.customer);
  for (size_t i = 0; i < kSumAttributes; ++i) {
    CountGroups(static_cast<SumAttribute>(i), purchase, lines, attributes, sign);
  }
}

void SpanSums::SetCustomers(NumberSet customers) {
  customers_ = std::move(customers);
  customers_stale_ = false;
}

size_t SpanSums::bytes() const {
  size_t bytes = products_.capacity() * sizeof(ProductSum) + sold_.bytes() + customers_.bytes();
  for (const GroupSums& groups : groups_) {
    bytes += groups.capacity() * (sizeof(GroupSums::value_type) + 1);
  }
  return bytes;
}

}  // namespace clustr::sales
