#ifndef CLUSTR_SERVICES_SALES_WRITE_SALE_OWNERS_H_
#define CLUSTR_SERVICES_SALES_WRITE_SALE_OWNERS_H_

#include <cstdint>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "common/storage/write_context.h"
#include "google/protobuf/message.h"

namespace clustr::sales {

// The transactions of the lines that one write stores, changes or removes. Used on the writer
// thread; failures of the database are thrown.
class SaleOwners {
 public:
  struct Owner {
    bool exists = false;
    bool touched = false;  // A line was stored or removed.
    int64_t line_count = 0;
  };

  // The transaction with this id, as it is in the database if it was not asked for before. The
  // reference stays valid until the next call.
  Owner& Of(storage::Session& session, int64_t transaction_id);

  // Id of the transaction with this external_id; 0 if there is none.
  int64_t IdOf(storage::Session& session, const std::string& external_id);

  // Where a look-up costs a round trip: finds what Of and IdOf will be asked for, for all `lines`
  // of a batch, by two statements.
  void LookAhead(storage::Session& session,
                 absl::Span<const google::protobuf::Message* const> lines);

  // Gives the transactions that were touched the revision of the write and the sums of their lines.
  // One statement for each, or for all where a statement costs a round trip.
  void Update(storage::WriteContext& context);

 private:
  absl::btree_map<int64_t, Owner> owners_;         // Indexed by transaction_id.
  absl::flat_hash_map<std::string, int64_t> ids_;  // Indexed by external_id.
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_WRITE_SALE_OWNERS_H_
