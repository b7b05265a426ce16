#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_STORED_NAMES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_STORED_NAMES_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"

namespace clustr::ctl {

// What the shop calls products and customers that are stored, for messages. Those of the file are
// known; up to 100 others are asked of catalog. Thread-safe; borrows its arguments.
class StoredNames {
 public:
  StoredNames(const Context* context, const OrderBook* book) : context_(*context), book_(*book) {}

  // `product mug`; `product_sku 7` if it has no code or catalog does not answer. O(products).
  std::string Product(int64_t product_sku);

  // `the customer "ann"`; `customer_id 7` if it has no code or catalog does not answer.
  // O(customers).
  std::string Customer(int64_t customer_id);

 private:
  bool MayAsk();

  const Context& context_;
  const OrderBook& book_;
  absl::Mutex mutex_;
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_STORED_NAMES_H_
