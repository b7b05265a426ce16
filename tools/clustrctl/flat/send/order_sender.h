#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/file/order_book.h"
#include "tools/clustrctl/flat/file/refusals.h"

namespace clustr::ctl {

// What became of the orders of a book.
struct SentOrders {
  std::atomic<int64_t> created{0};        // Orders recorded.
  std::atomic<int64_t> updated{0};        // Stored orders that got a line.
  std::atomic<int64_t> lines_created{0};  // In either.
  std::atomic<int64_t> conflicts{0};      // Orders that somebody else stored meanwhile.
};

// Records the orders of a book that are not stored, each with its lines in one RecordPurchase, and
// adds to stored ones the lines that they lack. Sends nothing for what is stored. Borrows all it is
// given.
class OrderSender {
 public:
  // Purchases see at least this revision of catalog.
  OrderSender(const Context* context, int64_t min_catalog_revision, const FlatColumns* columns,
              OrderBook* book, Refusals* refusals);

  // Sends what LearnStoredOrders found missing, and leaves the ids of what was stored in the book.
  // A line that sales refuses is told of by its row and taken out of its order; the others land.
  // Fails if sales cannot be reached or fails as a whole; what was sent then may have landed.
  //
  // Lines beyond the 1,000 that one purchase may have are added one by one, as are those that a
  // stored order lacks. If that order's amount was the sum of its lines, it is first set to what
  // the sum is going to be. A line's request id is made from what it is added to and the revision
  // of that: one that lands late, after the sender was killed, is not added again.
  absl::Status Send(SentOrders* sent);

 private:
  absl::Status SendOne(uint32_t number, SentOrders* sent);
  absl::Status Record(uint32_t number, SentOrders* sent);
  absl::Status Extend(FlatOrder* order, SentOrders* sent);
  absl::Status AddLines(FlatOrder* order, SentOrders* sent);
  // Takes the lines that `status` names out of the order; false if it names none.
  bool RefuseLines(const grpc::Status& status, FlatOrder* order);
  void RefuseRow(const FlatLine& line, const std::string& field, const std::string& description);
  // Takes out all lines that are not stored.
  void RefuseOrder(FlatOrder* order, const std::string& field, const std::string& description);

  const Context& context_;
  const int64_t min_catalog_revision_;
  const FlatColumns& columns_;
  OrderBook& book_;
  Refusals& refusals_;
  const std::string run_;  // Begins the request ids of purchases.
  const std::unique_ptr<sales::v1::TransactionService::Stub> transactions_;
  const std::unique_ptr<sales::v1::SaleService::Stub> lines_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_
