#include "tools/clustrctl/print/product_table.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"

namespace clustr::ctl {

using bundles::v1::ProductRecommendation;

std::string EvidenceOf(const ProductRecommendation& product) {
  if (product.has_trend()) {
    const auto& trend = product.trend();
    return absl::StrCat(trend.recent_count(), " of ", trend.recent_basket_count(),
                        " baskets, before ", trend.earlier_count(), " of ",
                        trend.earlier_basket_count());
  }
  if (product.has_similarity() && product.similarity().context_share() > 0) {
    const auto& similarity = product.similarity();
    return absl::StrCat(Ratio(similarity.context_share()), " of its context; together in ",
                        similarity.together_count(), " baskets, by chance ",
                        Ratio(similarity.expected_together_count()));
  }
  if (product.has_sequel()) {
    const auto& sequel = product.sequel();
    return absl::StrCat(sequel.after_count(), " of ", sequel.buyer_count(), " buyers, before ",
                        sequel.before_count(), "; median ", Ratio(sequel.median_gap_days()),
                        " days");
  }
  std::vector<std::string> because;
  for (int i = 0; i < product.because_skus_size(); ++i) {
    // A server of an earlier version does not send external_ids.
    because.push_back(RowId(product.because_skus(i), i < product.because_external_ids_size()
                                                         ? product.because_external_ids(i)
                                                         : ""));
  }
  return absl::StrJoin(because, ", ");
}

ProductTable::ProductTable()
    : table_({{"SKU"},
              {"PRODUCT", Align::kLeft},
              {"PRICE"},
              {"SCORE"},
              {"BECAUSE OF", Align::kLeft}}) {}

void ProductTable::Add(const ProductRecommendation& product) {
  table_.Add({RowId(product.product_sku(), product.external_id()), product.product_name(),
              Money(product.price()), Ratio(product.score()), EvidenceOf(product)});
}

}  // namespace clustr::ctl
