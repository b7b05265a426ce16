#ifndef CLUSTR_SERVICES_SALES_SUMS_SALES_SUMS_H_
#define CLUSTR_SERVICES_SALES_SUMS_SALES_SUMS_H_

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "services/sales/analytics/sales_scan.h"
#include "services/sales/analytics/sales_totals.h"
#include "services/sales/catalog/attribute_changes.h"
#include "services/sales/sums/line_log.h"
#include "services/sales/sums/numbering.h"
#include "services/sales/sums/span_sums.h"

namespace clustr::sales {

// Every purchase with a kept unit, in memory, and sums from which the figures of any period follow
// exactly. Days have totals. Neighbouring days share a span, which has sums by product and by
// attribute and the set of its customers; a period consists of whole spans, and of days at its
// edges whose purchases are looked at one by one. Spans get shorter as the shop grows, so that the
// edges stay cheap: a span has about kSpanLines lines, or as many as make its sums by product
// small beside them.
//
// About 25 bytes a line with ten lines a purchase. Used by one thread, or read by many.
class SalesSums {
 public:
  // Days since 1970-01-01, inclusive.
  struct Period {
    int32_t first = std::numeric_limits<int32_t>::min();
    int32_t last = std::numeric_limits<int32_t>::max();

    bool Has(int32_t day) const { return first <= day && day <= last; }
  };

  // A span has about `span_lines` lines, or more if there are many products.
  explicit SalesSums(int64_t span_lines = kSpanLines);

  // Counts this state of a purchase instead of the one that was counted before, if any. Without
  // lines it counts no more. O(lines of both).
  void Put(const KeptPurchase& purchase);
  // Takes over what catalog says of products, or customers, and moves their sums. O(changes), and
  // if a product that was sold changes, O(lines of the spans in which it was).
  void TakeProducts(const ProductChanges& changes);
  void TakeCustomers(const CustomerChanges& changes);
  // Ends a series of changes; before, the figures may be wrong. False if the amounts are so large
  // that sums might overflow, or a date was not readable: then the sums are of no use any more.
  bool Settle();

  // Versions of catalog that TakeProducts and TakeCustomers have taken over; 0 for none.
  int64_t products_version() const { return products_version_; }
  int64_t customers_version() const { return customers_version_; }

  // The figures of a period.
  SummaryFigures SummaryOf(Period period) const;
  // Indexed by the number of the product; products beyond the end were not sold.
  std::vector<ProductSum> ProductsIn(Period period) const;
  // Indexed by the number of the customer. O(customers + purchases in the period, or outside of it
  // if these are fewer).
  std::vector<Sum> CustomersIn(Period period) const;
  GroupSums GroupsIn(SumAttribute attribute, Period period) const;
  // In the order of months, which are written YYYY-MM.
  absl::btree_map<std::string, Sum> MonthsIn(Period period) const;

  int64_t SkuOf(uint32_t product) const { return products_.KeyOf(product); }
  int64_t CustomerIdOf(uint32_t customer) const { return customers_.KeyOf(customer); }
  const std::string& TextOf(SumAttribute attribute, uint32_t value) const {
    return values_[static_cast<size_t>(attribute)].KeyOf(value);
  }

  int64_t line_count() const { return line_count_; }
  // About the memory that all of this takes. O(spans).
  size_t bytes() const;

 private:
  static constexpr int64_t kSpanLines = 100'000;
  // A line takes as much memory as this many of the sums by product.
  static constexpr int64_t kLinesPerProduct = 8;
  static constexpr int kLongestSpan = 6;  // As a power of two, in days.

  struct Day {
    Sum sum;
    int64_t amount_cents = 0;
    int64_t min_cents = 0;
    int64_t max_cents = 0;
    bool extremes_stale = false;
    std::vector<uint32_t> purchases;  // Slots.
  };
  using Days = absl::btree_map<int32_t, Day>;
  using Slots = absl::flat_hash_map<int64_t, uint32_t>;  // Indexed by transaction_id.

  uint32_t ProductOf(int64_t sku);
  uint32_t CustomerOf(int64_t customer_id);
  uint32_t ValueOf(SumAttribute attribute, absl::string_view text) {
    return values_[static_cast<size_t>(attribute)].NumberOf(std::string(text));
  }
  int32_t SpanOf(int32_t day) const { return day >> span_days_; }
  // The days of a span, or of a period.
  std::pair<Days::const_iterator, Days::const_iterator> DaysIn(Period period) const;
  Period PeriodOf(int32_t span) const;

  // Counts a purchase with lines in the slot `known`, or in a new one if that is the end. Nothing,
  // and nullptr, if its date is not readable.
  const SumPurchase* Store(const KeptPurchase& purchase, Slots::const_iterator known);
  void Add(uint32_t slot, absl::Span<const SumLine> lines);
  void Remove(uint32_t slot);
  void RecountExtremes(Day* day) const;
  void RecountCustomers(int32_t span);
  // Makes the sums of one attribute anew, in the spans that `in_span` wants.
  void RecountGroups(SumAttribute attribute, absl::FunctionRef<bool(const SpanSums&)> in_span);
  // Makes all spans anew, with half as many days.
  void HalveSpans();
  // Writes the log of lines without what is no longer used.
  void CompactLines();

  // Calls `whole(span)` for the spans that lie in a period, and `part(purchase)` for the purchases
  // of the period in other spans.
  void Divide(Period period, absl::FunctionRef<void(const SpanSums&)> whole,
              absl::FunctionRef<void(const SumPurchase&)> part) const;

  int64_t span_lines_;
  Slots slots_;                        // Those that count no more keep their slots.
  std::deque<SumPurchase> purchases_;  // Indexed by slot.
  LineLog lines_;
  int64_t unused_lines_ = 0;  // Lines in the log that do not count any more.
  Numbering<int64_t> products_;
  Numbering<int64_t> customers_;
  std::array<Numbering<std::string>, kSumAttributes> values_;  // The number of "" is 0.
  AttributeNumbers attributes_;
  std::vector<Sum> customer_sums_;  // Indexed by the number of the customer.

  Days days_;
  int span_days_ = kLongestSpan;  // As a power of two.
  absl::btree_map<int32_t, SpanSums> spans_;
  std::vector<int32_t> stale_days_;
  int64_t purchase_count_ = 0;
  int64_t line_count_ = 0;
  absl::int128 revenue_cents_ = 0;
  absl::int128 amount_cents_ = 0;
  bool date_unreadable_ = false;

  int64_t products_version_ = 0;
  int64_t customers_version_ = 0;
  std::vector<SumLine> scratch_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_SALES_SUMS_H_
