#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_PRODUCT_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_PRODUCT_TABLE_H_

#include <ostream>
#include <string>

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

// What the score of a product rests on, in words; "" if the answer does not say.
std::string EvidenceOf(const bundles::v1::ProductRecommendation& product);

// A human-readable table of recommended products.
class ProductTable {
 public:
  ProductTable();

  void Add(const bundles::v1::ProductRecommendation& product);
  void Print(std::ostream& out, size_t width) const { table_.Print(out, width); }

 private:
  TextTable table_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_PRODUCT_TABLE_H_
