#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/clustrctl/generator/patterns.h"

namespace clustr::generator {

std::string TruthJson(const Truth& truth, const Assortment& shop) {
  const auto sku = [&](uint32_t product) { return shop.products[product].product_sku(); };
  const auto skus = [&](const std::vector<uint32_t>& products) {
    return absl::StrCat("[",
                        absl::StrJoin(products, ", ",
                                      [&](std::string* out, uint32_t product) {
                                        absl::StrAppend(out, sku(product));
                                      }),
                        "]");
  };
  std::string json = "{\n";
  const auto list = [&](const char* name, const auto& entries, const auto& text) {
    if (json.size() > 2) json += ",\n";
    absl::StrAppend(
        &json, "  \"", name, "\": [\n    ",
        absl::StrJoin(entries, ",\n    ",
                      [&](std::string* out, const auto& entry) { *out += text(entry); }),
        "\n  ]");
  };
  list("families", shop.families, [&](const Family& family) { return skus(family.products); });
  list("seasons", truth.seasons, [&](const Truth::Season& season) {
    return absl::StrCat("{\"product_sku\": ", sku(season.product), ", \"month\": ", season.month,
                        "}");
  });
  list("refills", truth.refills, [&](const Truth::Refill& refill) {
    return absl::StrCat("{\"product_sku\": ", sku(refill.product),
                        ", \"interval_days\": ", refill.interval_days, "}");
  });
  list("substitutes", truth.substitutes, [&](const Truth::Substitutes& pair) {
    return skus({pair.first, pair.second});
  });
  list("sequels", truth.sequels, [&](const Truth::Sequel& sequel) {
    return absl::StrCat("{\"product_sku\": ", sku(sequel.first),
                        ", \"then_sku\": ", sku(sequel.second), ", \"gap_days\": ", sequel.gap_days,
                        "}");
  });
  list("launches", truth.launches, [&](const Truth::Launch& launch) {
    return absl::StrCat("{\"product_sku\": ", sku(launch.product),
                        ", \"time_id\": ", launch.day + 1, "}");
  });
  list("tastes", truth.tastes, [&](const Truth::Taste& taste) {
    return absl::StrCat("{\"product_sku\": ", sku(taste.product), ", \"gender\": \"",
                        taste.women ? "Female" : "Male", "\"}");
  });
  list("loyal_customers", truth.loyalties, [&](const Truth::Loyalty& loyalty) {
    return absl::StrCat("{\"customer_id\": ", loyalty.customer + 1,
                        ", \"product_skus\": ", skus(loyalty.products), "}");
  });
  return json + "\n}\n";
}

}  // namespace clustr::generator
