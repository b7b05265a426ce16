#include "tools/clustrctl/baskets/basket_line.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace clustr::ctl {
namespace {

// Appends `,"name":"value"`, unless the value is empty.
void AppendText(absl::string_view name, const std::string& value, std::string* line) {
  if (value.empty()) return;
  absl::StrAppend(line, ",\"", name, "\":\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') line->push_back('\\');
    line->push_back(c);  // Sales refuses texts with control characters.
  }
  line->push_back('"');
}

}  // namespace

std::string BasketLine(const sales::v1::BasketChange& basket, int64_t sequence) {
  std::vector<int64_t> skus(basket.product_sku().begin(), basket.product_sku().end());
  std::sort(skus.begin(), skus.end());
  skus.erase(std::unique(skus.begin(), skus.end()), skus.end());
  std::string line =
      absl::StrCat("{\"transaction_id\":", basket.transaction_id(), ",\"sequence\":", sequence,
                   ",\"customer_id\":", basket.customer_id(), ",\"day\":\"",
                   absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + basket.epoch_day()), "\"");
  AppendText("channel", basket.channel(), &line);
  AppendText("payment_type", basket.payment_type(), &line);
  absl::StrAppend(&line, ",\"product_skus\":[", absl::StrJoin(skus, ","), "]}");
  return line;
}

}  // namespace clustr::ctl
