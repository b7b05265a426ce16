#ifndef CLUSTR_SERVICES_SALES_SUMS_SPAN_SUMS_H_
#define CLUSTR_SERVICES_SALES_SUMS_SPAN_SUMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/sales/sums/line_log.h"

namespace clustr::sales {

// Sums over some lines, in cents and units. Whoever adds up sees to it that they do not overflow;
// see SalesSums::Settle.
struct Sum {
  int64_t revenue_cents = 0;
  int64_t transaction_count = 0;
  int64_t unit_count = 0;

  void Add(const Sum& other, int64_t sign = 1) {
    revenue_cents += sign * other.revenue_cents;
    transaction_count += sign * other.transaction_count;
    unit_count += sign * other.unit_count;
  }
};

// The same over the lines of one product.
struct ProductSum {
  int64_t revenue_cents = 0;
  int64_t unit_count = 0;
};

// The attributes by which revenue is grouped. Their values are numbered.
enum class SumAttribute { kChannel, kPaymentType, kSegment, kCategory, kBrand };
constexpr size_t kSumAttributes = 5;

using GroupSums = absl::flat_hash_map<uint32_t, Sum>;  // Indexed by the number of the value.

// A set of numbers.
class NumberSet {
 public:
  void Set(uint32_t number, bool contained = true);
  bool Contains(uint32_t number) const;
  void Add(const NumberSet& other);
  void Clear() { words_.clear(); }
  int64_t Count() const;
  size_t bytes() const { return words_.capacity() * sizeof(uint64_t); }

 private:
  std::vector<uint64_t> words_;
};

// What the lines of a product, and the purchases of a customer, belong to.
struct AttributeNumbers {
  std::vector<uint32_t> segment;   // Indexed by the number of the customer.
  std::vector<uint32_t> category;  // Indexed by the number of the product.
  std::vector<uint32_t> brand;     // Likewise.
};

// A purchase as the sums count it.
struct SumPurchase {
  int64_t revenue_cents = 0;
  int64_t unit_count = 0;
  int64_t amount_cents = 0;  // After returns; see KeptPurchase.
  uint64_t lines_place = 0;  // In the LineLog.
  uint32_t line_count = 0;   // 0 if it does not count.
  uint32_t customer = 0;     // These three are numbers.
  uint32_t channel = 0;
  uint32_t payment_type = 0;
  int32_t day = 0;            // Days since 1970-01-01.
  uint32_t place_in_day = 0;  // In the list of the day.
};

// The sums of some neighbouring days. Used by one thread, or read by many.
class SpanSums {
 public:
  // Adds a purchase, or with a `sign` of -1 takes it out again.
  void Count(const SumPurchase& purchase, absl::Span<const SumLine> lines,
             const AttributeNumbers& attributes, int64_t sign);
  // Adds a purchase to the sums of one attribute only.
  void CountGroups(SumAttribute attribute, const SumPurchase& purchase,
                   absl::Span<const SumLine> lines, const AttributeNumbers& attributes,
                   int64_t sign);
  void ClearGroups(SumAttribute attribute) { groups_[static_cast<size_t>(attribute)].clear(); }

  int64_t line_count() const { return line_count_; }
  // Indexed by the number of the product; products beyond the end were not sold.
  const std::vector<ProductSum>& products() const { return products_; }
  // The products of which a unit was kept.
  const NumberSet& sold() const { return sold_; }
  const GroupSums& groups(SumAttribute attribute) const {
    return groups_[static_cast<size_t>(attribute)];
  }

  // The customers of its purchases. Nothing is taken out of this set: whoever takes out the
  // purchase of a customer marks it as stale, and sets it anew before it is used again.
  const NumberSet& customers() const { return customers_; }
  bool customers_stale() const { return customers_stale_; }
  void MarkCustomersStale() { customers_stale_ = true; }
  void SetCustomers(NumberSet customers);

  size_t bytes() const;

 private:
  void AddToGroup(SumAttribute attribute, uint32_t value, const Sum& sum, int64_t sign);

  int64_t line_count_ = 0;
  std::vector<ProductSum> products_;
  NumberSet sold_;
  NumberSet customers_;
  bool customers_stale_ = false;
  std::array<GroupSums, kSumAttributes> groups_;
  std::vector<std::pair<uint32_t, Sum>> scratch_;
};

// Replaces `sums` by one sum for each value that the products of the lines of a purchase have.
// O(lines), times a logarithm for long purchases.
void SumByValue(absl::Span<const SumLine> lines, const std::vector<uint32_t>& value_by_product,
                std::vector<std::pair<uint32_t, Sum>>* sums);

// Calls `add(value, sum)` for each value of an attribute in a purchase, with its part of it.
// `scratch` is reused between calls.
template <class Add>
void ForEachGroup(SumAttribute attribute, const SumPurchase& purchase,
                  absl::Span<const SumLine> lines, const AttributeNumbers& attributes,
                  std::vector<std::pair<uint32_t, Sum>>* scratch, Add add) {
  if (attribute != SumAttribute::kCategory && attribute != SumAttribute::kBrand) {
    const uint32_t value = attribute == SumAttribute::kChannel ? purchase.channel
                           : attribute == SumAttribute::kPaymentType
                               ? purchase.payment_type
                               : attributes.segment[purchase.customer];
    return add(value, Sum{purchase.revenue_cents, 1, purchase.unit_count});
  }
  SumByValue(lines, attribute == SumAttribute::kCategory ? attributes.category : attributes.brand,
             scratch);
  for (const auto& [value, sum] : *scratch) add(value, sum);
}

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_SPAN_SUMS_H_
