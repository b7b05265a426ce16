#include "services/sales/sums/sales_sums.h"

#include <algorithm>
#include <utility>

#include "common/schema/date.h"

namespace clustr::sales {
namespace {

// No sum of parts of these overflows 64 bits.
constexpr absl::int128 kMostCents = int64_t{1} << 62;

}  // namespace

SalesSums::SalesSums(int64_t span_lines) : span_lines_(span_lines) {
  for (Numbering<std::string>& values : values_) values.NumberOf("");
}

uint32_t SalesSums::ProductOf(int64_t sku) {
  const uint32_t number = products_.NumberOf(sku);
  if (number >= attributes_.category.size()) {
    attributes_.category.resize(number + 1);
    attributes_.brand.resize(number + 1);
  }
  return number;
}

uint32_t SalesSums::CustomerOf(int64_t customer_id) {
  const uint32_t number = customers_.NumberOf(customer_id);
  if (number >= customer_sums_.size()) {
    customer_sums_.resize(number + 1);
    attributes_.segment.resize(number + 1);
  }
  return number;
}

void SalesSums::Put(const KeptPurchase& purchase) {
  const auto known = slots_.find(purchase.transaction_id);
  SumPurchase before;
  if (known != slots_.end()) {
    before = purchases_[known->second];
    Remove(known->second);
  }
  const SumPurchase* now = purchase.lines.empty() ? nullptr : Store(purchase, known);
  if (before.line_count == 0) return;
  const bool same_customer =
      now != nullptr && now->customer == before.customer && SpanOf(now->day) == SpanOf(before.day);
  const auto span = spans_.find(SpanOf(before.day));
  if (!same_customer && span != spans_.end()) span->second.MarkCustomersStale();
}

const SumPurchase* SalesSums::Store(const KeptPurchase& purchase, Slots::const_iterator known) {
  if (!schema::ParseDate(purchase.date)) {
    date_unreadable_ = true;
    return nullptr;
  }
  SumPurchase counted = {.amount_cents = purchase.KeptAmount(),
                         .line_count = static_cast<uint32_t>(purchase.lines.size()),
                         .customer = CustomerOf(purchase.customer_id),
                         .channel = ValueOf(SumAttribute::kChannel, purchase.channel),
                         .payment_type = ValueOf(SumAttribute::kPaymentType, purchase.payment_type),
                         .day = schema::EpochDayOf(purchase.date)};
  scratch_.clear();
  for (const KeptLine& line : purchase.lines) {
    scratch_.push_back({ProductOf(line.product_sku), line.units, line.net_cents});
    counted.revenue_cents += line.net_cents;
    counted.unit_count += line.units;
  }
  counted.lines_place = lines_.Append(scratch_);
  uint32_t slot = static_cast<uint32_t>(purchases_.size());
  if (known == slots_.end()) {
    slots_[purchase.transaction_id] = slot;
    purchases_.push_back(counted);
  } else {
    slot = known->second;
    purchases_[slot] = counted;
  }
  Add(slot, scratch_);
  return &purchases_[slot];
}

void SalesSums::Add(uint32_t slot, absl::Span<const SumLine> lines) {
  SumPurchase& purchase = purchases_[slot];
  const Sum sum = {purchase.revenue_cents, 1, purchase.unit_count};
  Day& day = days_[purchase.day];
  const bool first = day.purchases.empty();
  purchase.place_in_day = static_cast<uint32_t>(day.purchases.size());
  day.purchases.push_back(slot);
  day.sum.Add(sum);
  day.amount_cents += purchase.amount_cents;
  day.min_cents = first ? purchase.amount_cents : std::min(day.min_cents, purchase.amount_cents);
  day.max_cents = first ? purchase.amount_cents : std::max(day.max_cents, purchase.amount_cents);
  customer_sums_[purchase.customer].Add(sum);
  spans_[SpanOf(purchase.day)].Count(purchase, lines, attributes_, 1);
  ++purchase_count_;
  line_count_ += static_cast<int64_t>(lines.size());
  revenue_cents_ += purchase.revenue_cents;
  amount_cents_ += purchase.amount_cents;
}

void SalesSums::Remove(uint32_t slot) {
  SumPurchase& purchase = purchases_[slot];
  if (purchase.line_count == 0) return;
  std::vector<SumLine> lines;
  lines_.Read(purchase.lines_place, &lines);
  const Sum sum = {purchase.revenue_cents, 1, purchase.unit_count};
  const auto day = days_.find(purchase.day);
  const uint32_t moved = day->second.purchases.back();
  day->second.purchases[purchase.place_in_day] = moved;
  purchases_[moved].place_in_day = purchase.place_in_day;
  day->second.purchases.pop_back();
  day->second.sum.Add(sum, -1);
  day->second.amount_cents -= purchase.amount_cents;
  if (!day->second.extremes_stale && (purchase.amount_cents == day->second.min_cents ||
                                      purchase.amount_cents == day->second.max_cents)) {
    day->second.extremes_stale = true;
    stale_days_.push_back(purchase.day);
  }
  if (day->second.purchases.empty()) days_.erase(day);
  customer_sums_[purchase.customer].Add(sum, -1);
  const auto span = spans_.find(SpanOf(purchase.day));
  span->second.Count(purchase, lines, attributes_, -1);
  if (span->second.line_count() == 0) spans_.erase(span);
  --purchase_count_;
  line_count_ -= static_cast<int64_t>(lines.size());
  unused_lines_ += static_cast<int64_t>(lines.size());
  revenue_cents_ -= purchase.revenue_cents;
  amount_cents_ -= purchase.amount_cents;
  purchase.line_count = 0;
}

void SalesSums::RecountExtremes(Day* day) const {
  bool first = true;
  for (const uint32_t slot : day->purchases) {
    const int64_t amount_cents = purchases_[slot].amount_cents;
    day->min_cents = first ? amount_cents : std::min(day->min_cents, amount_cents);
    day->max_cents = first ? amount_cents : std::max(day->max_cents, amount_cents);
    first = false;
  }
  day->extremes_stale = false;
}

void SalesSums::RecountCustomers(int32_t span) {
  NumberSet customers;
  const auto [begin, end] = DaysIn(PeriodOf(span));
  for (auto day = begin; day != end; ++day) {
    for (const uint32_t slot : day->second.purchases) customers.Set(purchases_[slot].customer);
  }
  spans_[span].SetCustomers(std::move(customers));
}

bool SalesSums::Settle() {
  for (const int32_t stale : stale_days_) {
    const auto day = days_.find(stale);
    if (day != days_.end() && day->second.extremes_stale) RecountExtremes(&day->second);
  }
  stale_days_.clear();
  for (auto& [number, span] : spans_) {
    if (span.customers_stale()) RecountCustomers(number);
  }
  const int64_t wanted =
      std::max(span_lines_, kLinesPerProduct * static_cast<int64_t>(products_.size()));
  while (span_days_ > 0 && line_count_ > wanted * static_cast<int64_t>(spans_.size())) HalveSpans();
  if (unused_lines_ > line_count_ + span_lines_) CompactLines();
  return !date_unreadable_ && revenue_cents_ < kMostCents && amount_cents_ < kMostCents;
}

void SalesSums::HalveSpans() {
  --span_days_;
  spans_.clear();
  std::vector<SumLine> lines;
  for (const auto& [number, day] : days_) {
    SpanSums& span = spans_[SpanOf(number)];
    for (const uint32_t slot : day.purchases) {
      lines_.Read(purchases_[slot].lines_place, &lines);
      span.Count(purchases_[slot], lines, attributes_, 1);
    }
  }
}

void SalesSums::CompactLines() {
  LineLog compact;
  std::vector<SumLine> lines;
  for (SumPurchase& purchase : purchases_) {
    if (purchase.line_count == 0) continue;
    lines_.Read(purchase.lines_place, &lines);
    purchase.lines_place = compact.Append(lines);
  }
  lines_ = std::move(compact);
  unused_lines_ = 0;
}

void SalesSums::RecountGroups(SumAttribute attribute,
                              absl::FunctionRef<bool(const SpanSums&)> in_span) {
  const bool by_product = attribute == SumAttribute::kCategory || attribute == SumAttribute::kBrand;
  std::vector<SumLine> lines;
  for (auto& [number, span] : spans_) {
    if (!in_span(span)) continue;
    span.ClearGroups(attribute);
    const auto [begin, end] = DaysIn(PeriodOf(number));
    for (auto day = begin; day != end; ++day) {
      for (const uint32_t slot : day->second.purchases) {
        if (by_product) lines_.Read(purchases_[slot].lines_place, &lines);
        span.CountGroups(attribute, purchases_[slot], lines, attributes_, 1);
      }
    }
  }
}

namespace {

// Takes over new values of an attribute; `changed` receives the numbers of the rows for which it
// is another one than before.
class ValueChanges {
 public:
  explicit ValueChanges(std::vector<uint32_t>* values) : values_(*values) {}

  void Set(uint32_t row, uint32_t value) {
    if (values_[row] == value) return;
    values_[row] = value;
    changed_.push_back(row);
  }
  // Gives the value 0 to all rows that are not in `told`.
  void SetOthers(const NumberSet& told) {
    for (uint32_t row = 0; row < values_.size(); ++row) {
      if (!told.Contains(row)) Set(row, 0);
    }
  }
  bool AnyIn(const NumberSet& rows) const {
    return std::any_of(changed_.begin(), changed_.end(),
                       [&](uint32_t row) { return rows.Contains(row); });
  }

 private:
  std::vector<uint32_t>& values_;
  std::vector<uint32_t> changed_;
};

}  // namespace

void SalesSums::TakeProducts(const ProductChanges& changes) {
  NumberSet told;
  for (const ProductAttributes& row : changes.rows) told.Set(ProductOf(row.product_sku));
  ValueChanges categories(&attributes_.category);
  ValueChanges brands(&attributes_.brand);
  for (const ProductAttributes& row : changes.rows) {
    const uint32_t product = ProductOf(row.product_sku);
    categories.Set(product, ValueOf(SumAttribute::kCategory, row.category));
    brands.Set(product, ValueOf(SumAttribute::kBrand, row.brand));
  }
  if (changes.all) {
    categories.SetOthers(told);
    brands.SetOthers(told);
  }
  RecountGroups(SumAttribute::kCategory,
                [&](const SpanSums& span) { return categories.AnyIn(span.sold()); });
  RecountGroups(SumAttribute::kBrand,
                [&](const SpanSums& span) { return brands.AnyIn(span.sold()); });
  products_version_ = changes.version;
}

void SalesSums::TakeCustomers(const CustomerChanges& changes) {
  NumberSet told;
  for (const CustomerAttributes& row : changes.rows) told.Set(CustomerOf(row.customer_id));
  ValueChanges segments(&attributes_.segment);
  for (const CustomerAttributes& row : changes.rows) {
    segments.Set(CustomerOf(row.customer_id), ValueOf(SumAttribute::kSegment, row.segment));
  }
  if (changes.all) segments.SetOthers(told);
  RecountGroups(SumAttribute::kSegment,
                [&](const SpanSums& span) { return segments.AnyIn(span.customers()); });
  customers_version_ = changes.version;
}

size_t SalesSums::bytes() const {
  size_t bytes = slots_.capacity() * 17 + purchases_.size() * sizeof(SumPurchase) + lines_.bytes() +
                 products_.bytes() + customers_.bytes() + customer_sums_.capacity() * sizeof(Sum) +
                 4 * (attributes_.segment.capacity() + 2 * attributes_.category.capacity());
  for (const Numbering<std::string>& values : values_) bytes += values.bytes();
  for (const auto& [number, day] : days_) {
    bytes += sizeof(day) + day.purchases.capacity() * sizeof(uint32_t);
  }
  for (const auto& [number, span] : spans_) bytes += sizeof(span) + span.bytes();
  return bytes;
}

}  // namespace clustr::sales
