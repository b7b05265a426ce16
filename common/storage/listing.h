#ifndef CLUSTR_COMMON_STORAGE_LISTING_H_
#define CLUSTR_COMMON_STORAGE_LISTING_H_

#include <cstdint>
#include <string>
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

// The rows of a table that match a filter, in an order, read page by page. Each page begins after
// the last row of the previous page rather than at an offset, so rows that are added or removed in
// between neither repeat nor hide other rows. Immutable: thread-safe. Borrows the table, which must
// have an id and outlive this.
class Listing {
 public:
  // Parses `filter` and `order_by` (see ParseFilter and ParseOrder). If this appends violations,
  // the listing must not be used.
  Listing(const Table* table, absl::string_view filter, absl::string_view order_by,
          std::vector<Violation>* violations);

  // Those of the fields `filter` and `order_by` of a request that compare personal data.
  std::vector<const char*> PersonalFields() const;

  // True if the filter compares keys of references, which must be replaced before rows are read.
  bool ComparesKeys() const { return schema::ComparesKeys(filter_); }
  // The same rows with ids instead of these keys; see schema::ReplaceKeys.
  Listing WithIds(absl::FunctionRef<int64_t(const google::protobuf::FieldDescriptor& field,
                                            const std::string& key)>
                      id_of) const {
    Listing listing = *this;
    schema::ReplaceKeys(table_.model(), id_of, &listing.filter_);
    return listing;
  }

  // Number of matching rows in the state that the session reads. O(1) without a filter, otherwise
  // up to O(rows of the table).
  int64_t Count(Session& session) const;

  // Reads the first `limit` rows after `place`, in order, each into the message that `next` returns
  // for it. `place` is a message of the model, of which only the id and the fields that CopyPlace
  // copies are used; without an id it means the start. Failures of the database are thrown.
  void Read(Session& session, const google::protobuf::Message& place, int64_t limit,
            absl::FunctionRef<google::protobuf::Message*()> next) const;

  // Copies the fields that, together with the id, determine the position of `row` in the order.
  void CopyPlace(const google::protobuf::Message& row, google::protobuf::Message* place) const;

 private:
  bool in_id_order() const { return order_.size() == 1 && !order_.front().descending; }

  const Table& table_;
  schema::Filter filter_;
  std::vector<schema::OrderKey> order_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_LISTING_H_
