#include "services/bundles/index/selection.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

#include "services/bundles/index/queries.h"

namespace clustr::index {
namespace {

// The codes that satisfy a list of texts. An empty list is no condition.
class AllowedCodes {
 public:
  AllowedCodes(const Snapshot& snapshot, const std::vector<std::string>& texts)
      : allowed_(texts.empty() ? 0 : snapshot.code_count()) {
    for (const std::string& text : texts) {
      if (std::optional<uint32_t> code = snapshot.code_of(text)) allowed_[*code] = 1;
    }
  }

  bool any() const { return allowed_.empty(); }
  bool operator[](uint32_t code) const { return allowed_[code]; }
  bool Passes(uint32_t code) const { return any() || allowed_[code]; }

 private:
  std::vector<uint8_t> allowed_;
};

bool HasCustomerCondition(const Population& p) {
  return !p.genders.empty() || p.min_age || p.max_age || !p.income_levels.empty() ||
         !p.customer_segments.empty() || !p.shopping_preferences.empty() || !p.cities.empty();
}

// Bit i of the result is passes(column[slot + i]), for i < count <= 64.
template <typename T, typename Predicate>
uint64_t Matches(const AppendLog<T>& column, Slot slot, int count, Predicate passes) {
  const T* values = &column[slot];
  uint64_t matches = 0;
  for (int i = 0; i < count; ++i) matches |= uint64_t{passes(values[i])} << i;
  return matches;
}

// Calls visit(word) with 64 bits for the baskets of the population in 64 slots after the other,
// until it returns false.
template <typename Visit>
void VisitWords(const Snapshot& snapshot, const Population& population, Visit visit) {
  const BasketLog& log = snapshot.log();
  const AllowedCodes channels(snapshot, population.channels);
  const AllowedCodes payment_types(snapshot, population.payment_types);
  const bool has_customer_condition = HasCustomerCondition(population);
  const std::vector<uint64_t> customers =
      has_customer_condition ? PassingCustomers(snapshot, population) : std::vector<uint64_t>();
  const bool has_day_bound = population.start_day || population.end_day;
  const int32_t start_day = population.start_day.value_or(INT32_MIN);
  const int32_t end_day = population.end_day.value_or(INT32_MAX);
  for (size_t w = 0; w < snapshot.word_count(); ++w) {
    uint64_t word = snapshot.alive_word(w);
    const Slot slot = static_cast<Slot>(w * 64);
    // Slots beyond the snapshot must not be read: they may be written concurrently.
    const int count = static_cast<int>(std::min<size_t>(64, snapshot.slot_count() - slot));
    if (word && has_day_bound) {
      word &= Matches(log.epoch_days(), slot, count,
                      [&](int32_t day) { return bool((day >= start_day) & (day <= end_day)); });
    }
    if (word && !channels.any()) {
      word &= Matches(log.channels(), slot, count, [&](uint32_t code) { return channels[code]; });
    }
    if (word && !payment_types.any()) {
      word &= Matches(log.payment_types(), slot, count,
                      [&](uint32_t code) { return payment_types[code]; });
    }
    if (word && has_customer_condition) {
      word &= Matches(log.customers(), slot, count,
                      [&](uint32_t id) { return bool(customers[id / 64] >> (id % 64) & 1); });
    }
    if (!visit(word)) return;
  }
}

}  // namespace

std::vector<uint64_t> PassingCustomers(const Snapshot& snapshot, const Population& population) {
  const AllowedCodes genders(snapshot, population.genders);
  const AllowedCodes income_levels(snapshot, population.income_levels);
  const AllowedCodes segments(snapshot, population.customer_segments);
  const AllowedCodes preferences(snapshot, population.shopping_preferences);
  const AllowedCodes cities(snapshot, population.cities);
  const bool has_age_bound = population.min_age || population.max_age;
  const int32_t min_age = population.min_age.value_or(INT32_MIN);
  const int32_t max_age = population.max_age.value_or(INT32_MAX);

  const Customers::View& customers = snapshot.customers();
  std::vector<uint64_t> passing((customers.size() + 63) / 64);
  for (size_t i = 0; i < customers.size(); ++i) {
    const CustomerCodes& customer = customers[i];
    const bool age_passes = !has_age_bound || (customer.age != CustomerCodes::kNoAge &&
                                               customer.age >= min_age && customer.age <= max_age);
    const uint64_t passes =
        customer.known && age_passes && genders.Passes(customer.gender) &&
        income_levels.Passes(customer.income_level) && segments.Passes(customer.customer_segment) &&
        preferences.Passes(customer.shopping_preference) && cities.Passes(customer.city);
    passing[i / 64] |= passes << (i % 64);
  }
  return passing;
}

Selection Select(const Snapshot& snapshot, const Population& population) {
  Selection selection;
  if (population == Population()) {
    selection.words.resize(snapshot.word_count());
    for (size_t w = 0; w < selection.words.size(); ++w) selection.words[w] = snapshot.alive_word(w);
    selection.basket_count = snapshot.basket_count();
    selection.everything = true;
    return selection;
  }
  selection.words.reserve(snapshot.word_count());
  VisitWords(snapshot, population, [&](uint64_t word) {
    selection.words.push_back(word);
    selection.basket_count += std::popcount(word);
    return true;
  });
  return selection;
}

bool HasAtLeast(const Snapshot& snapshot, const Population& population, int64_t count) {
  int64_t found = 0;
  if (count > 0) {
    VisitWords(snapshot, population, [&](uint64_t word) {
      found += std::popcount(word);
      return found < count;
    });
  }
  return found >= count;
}

Selection Narrow(const Snapshot& snapshot, const Selection& selection,
                 absl::Span<const Item> items) {
  if (items.empty()) return selection;
  Selection narrow;
  narrow.words.resize(selection.words.size());
  ForEachBasket(snapshot, selection, items, [&](Slot slot) {
    narrow.words[slot / 64] |= uint64_t{1} << (slot % 64);
    ++narrow.basket_count;
  });
  return narrow;
}

}  // namespace clustr::index
