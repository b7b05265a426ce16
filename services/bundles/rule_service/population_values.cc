#include "services/bundles/rule_service/population_values.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/population.pb.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"

namespace clustr::bundles {
namespace {

using index::CustomerCodes;
using v1::Population;

constexpr int64_t kAbsent = -1;

// Number of baskets by code of a text; kAbsent if no basket or customer has the text.
using Counts = std::vector<int64_t>;

void Add(uint32_t code, int64_t baskets, Counts& counts) {
  counts[code] = std::max<int64_t>(counts[code], 0) + baskets;
}

std::string FieldName(int number) {
  return Population::descriptor()->FindFieldByNumber(number)->name();
}

}  // namespace

absl::Status FillPopulationValues(const index::Snapshot& shop,
                                  v1::ListPopulationValuesResponse* response) {
  const auto counts_of = [&] { return Counts(shop.code_count(), kAbsent); };
  Counts channels = counts_of();
  Counts payment_types = counts_of();
  std::vector<int64_t> baskets_of(shop.customers().size());  // Number of baskets by customer.
  for (index::Slot slot = 0; slot < shop.slot_count(); ++slot) {
    if (!shop.alive(slot)) continue;
    Add(shop.log().channels()[slot], 1, channels);
    Add(shop.log().payment_types()[slot], 1, payment_types);
    ++baskets_of[shop.log().customers()[slot]];
  }

  std::map<std::string, Counts> by_field;
  by_field.emplace(FieldName(Population::kChannelsFieldNumber), std::move(channels));
  by_field.emplace(FieldName(Population::kPaymentTypesFieldNumber), std::move(payment_types));
  const auto add_field = [&](int number, uint32_t CustomerCodes::*code) {
    Counts counts = counts_of();
    for (size_t i = 0; i < baskets_of.size(); ++i) {
      const CustomerCodes& customer = shop.customers()[i];
      if (customer.known) Add(customer.*code, baskets_of[i], counts);
    }
    by_field.emplace(FieldName(number), std::move(counts));
  };
  add_field(Population::kGendersFieldNumber, &CustomerCodes::gender);
  add_field(Population::kIncomeLevelsFieldNumber, &CustomerCodes::income_level);
  add_field(Population::kCustomerSegmentsFieldNumber, &CustomerCodes::customer_segment);
  add_field(Population::kShoppingPreferencesFieldNumber, &CustomerCodes::shopping_preference);
  add_field(Population::kCitiesFieldNumber, &CustomerCodes::city);

  for (const auto& [field, counts] : by_field) {
    std::map<std::string, int64_t> by_value;
    for (uint32_t code = 0; code < counts.size(); ++code) {
      if (counts[code] != kAbsent) by_value[shop.text_of(code)] = counts[code];
    }
    for (const auto& [value, baskets] : by_value) {
      v1::PopulationValue* entry = response->add_values();
      entry->set_field(field);
      entry->set_value(value);
      entry->set_basket_count(baskets);
    }
  }
  if (response->ByteSizeLong() <= rpc::kMaxAnswerBytes) return absl::OkStatus();
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   "customers and baskets have more values than fit in one answer; read them from "
                   "the exports of catalog and sales",
                   {{"limit", absl::StrCat(rpc::kMaxAnswerBytes)}});
}

}  // namespace clustr::bundles
