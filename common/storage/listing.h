#ifndef CLUSTR_COMMON_STORAGE_LISTING_H_
#define CLUSTR_COMMON_STORAGE_LISTING_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/lists/filter.h"
#include "common/schema/lists/order.h"
#include "common/storage/session.h"
#include "common/storage/table.h"
#include "google/protobuf/message.h"

namespace clustr::storage {

// The rows of a table that match a filter, in an order, read part by part. Where a part begins is
// said by the last row of the part before, so that rows which come or go meanwhile neither repeat
// nor hide others. Immutable: thread-safe. Borrows the table, which must have an id.
class Listing {
 public:
  // Reads filter and order_by as lists have them; appends violations (schema/filter, schema/order),
  // after which the listing must not be used.
  Listing(const Table* table, absl::string_view filter, absl::string_view order_by,
          std::vector<Violation>* violations);

  // Rows that match in the state that the session reads. O(1) without a filter, otherwise up to
  // O(rows of the table).
  int64_t Count(Session& session) const;

  // Calls `next`, which gives the message to fill, for the first `limit` rows behind `place`, in
  // order. Of `place`, a message of the model, only the id and what CopyPlace copies counts;
  // without an id it is the start.
  void Read(Session& session, const google::protobuf::Message& place, int64_t limit,
            absl::FunctionRef<google::protobuf::Message*()> next) const;

  // Copies the fields that say, together with the id, where `row` stands.
  void CopyPlace(const google::protobuf::Message& row, google::protobuf::Message* place) const;

 private:
  bool in_id_order() const { return order_.size() == 1 && !order_.front().descending; }

  const Table& table_;
  const schema::Filter filter_;
  const std::vector<schema::OrderKey> order_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_LISTING_H_
