#include "tools/clustrctl/flat/file/order_book.h"

#include <algorithm>

namespace clustr::ctl {

const std::string& OrderBook::NameOf(uint32_t product) const {
  const auto& given = products[product].names;
  if (given.empty()) return product_codes.text(product);
  const auto most_frequent = std::max_element(
      given.begin(), given.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return names.text(most_frequent->first);
}

}  // namespace clustr::ctl
