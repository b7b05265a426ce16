#ifndef CLUSTR_SERVICES_SALES_CATALOG_ATTRIBUTE_CHANGES_H_
#define CLUSTR_SERVICES_SALES_CATALOG_ATTRIBUTE_CHANGES_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

// What catalog says of products and customers since a version that the reader has, for one who
// keeps sums by these attributes. Attributes are "" where they are unset, and where catalog does
// not have the row any more. The texts live as long as the replica that told them.
namespace clustr::sales {

struct ProductAttributes {
  int64_t product_sku;
  absl::string_view category;
  absl::string_view brand;
};

struct CustomerAttributes {
  int64_t customer_id;
  absl::string_view segment;
};

template <class Attributes>
struct AttributeChanges {
  int64_t version = 0;           // The reader's from now on.
  int64_t catalog_revision = 0;  // At which these attributes were valid.
  // True if `rows` are all that catalog has, so that others have no attributes; false if they are
  // those that changed.
  bool all = false;
  std::vector<Attributes> rows;
};

using ProductChanges = AttributeChanges<ProductAttributes>;
using CustomerChanges = AttributeChanges<CustomerAttributes>;

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_ATTRIBUTE_CHANGES_H_
