#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/notes.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/send/stored_names.h"

namespace clustr::ctl {

// Counts of what OrderSender sent.
struct SentOrders {
  std::atomic<int64_t> created{0};         // Orders recorded.
  std::atomic<int64_t> updated{0};         // Stored orders to which lines were added.
  std::atomic<int64_t> lines_created{0};   // Lines in new and in stored orders.
  std::atomic<int64_t> lines_replaced{0};  // Stored lines that got the values of the file.
  std::atomic<int64_t> lines_removed{0};   // Stored lines that the file lacks.
  std::atomic<int64_t> conflicts{0};       // Orders that another client stored in the meantime.
  absl::Mutex mutex;
  Notes notes ABSL_GUARDED_BY(mutex);  // What the user should know beside.
};

// Records the orders of a book that are not stored yet, each with its lines in one RecordPurchase,
// and adds missing lines to those that are. Sends nothing for orders that are complete. Borrows all
// its arguments.
class OrderSender {
 public:
  // Sales must have applied `min_catalog_revision` before it accepts an order.
  OrderSender(const Context* context, int64_t min_catalog_revision, const FlatColumns* columns,
              OrderBook* book, Refusals* refusals);

  // Sends what LearnStoredOrders found missing, and sets the ids of what was stored in the book. A
  // line that sales refuses is reported by its row and removed from its order; the others are still
  // sent. Fails if sales is unreachable or an error is not about one request; orders sent until
  // then may have been stored.
  //
  // Lines beyond the 1,000 that one purchase may have are added one by one, as are those that a
  // stored order lacks. If the amount of a stored order equals the sum of its lines, it is first
  // set to the new sum. The request id of an added line is made of its values and of the order and
  // its revision. So a call that takes effect only after this process was killed is not repeated by
  // the next run.
  absl::Status Send(SentOrders* sent);

 private:
  absl::Status SendOne(uint32_t number, SentOrders* sent);
  absl::Status Record(uint32_t number, SentOrders* sent);
  absl::Status Extend(FlatOrder* order, SentOrders* sent);
  absl::Status ReplaceLines(FlatOrder* order, SentOrders* sent, bool* changed);
  void NoteRemoved(const FlatOrder& order, const ObsoleteLine& line, SentOrders* sent);
  absl::Status AddLines(FlatOrder* order, SentOrders* sent);
  // Refuses the lines that `status` names and removes them from the order; false if it names none.
  bool RefuseLines(const grpc::Status& status, FlatOrder* order);
  void RefuseRow(const FlatLine& line, const std::string& field, const std::string& description);
  // Refuses all lines that are not stored and removes them from the order.
  void RefuseOrder(FlatOrder* order, const std::string& field, const std::string& description);

  const Context& context_;
  const int64_t min_catalog_revision_;
  const FlatColumns& columns_;
  OrderBook& book_;
  Refusals& refusals_;
  StoredNames names_;
  const std::string run_;  // Prefix of the request ids of purchases.
  const std::unique_ptr<sales::v1::TransactionService::Stub> transactions_;
  const std::unique_ptr<sales::v1::SaleService::Stub> lines_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_SEND_ORDER_SENDER_H_
