#include "services/bundles/products/ranker/own_record.h"

#include <algorithm>
#include <cmath>

namespace clustr::products {
namespace {

constexpr double kRecentHalfLife = 45;
constexpr double kNewestHalfLife = 15;

}  // namespace

std::vector<OwnRecord> RecordsOf(std::vector<std::pair<ProductNumber, int32_t>> lines,
                                 int32_t reference_day) {
  std::sort(lines.begin(), lines.end());
  std::vector<OwnRecord> records;
  for (const auto& [product, day] : lines) {
    const int32_t age = std::max(0, reference_day - day);
    if (records.empty() || records.back().product != product) {
      records.push_back({.product = product, .first_days = age});
    }
    OwnRecord& record = records.back();
    ++record.baskets;
    record.recent += static_cast<float>(std::exp2(-age / kRecentHalfLife));
    record.newest += static_cast<float>(std::exp2(-age / kNewestHalfLife));
    record.last_days = age;
  }
  return records;
}

}  // namespace clustr::products
