#ifndef CLUSTR_SERVICES_SALES_CATALOG_CATALOG_HISTORY_H_
#define CLUSTR_SERVICES_SALES_CATALOG_CATALOG_HISTORY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "common/base/steady_time.h"
#include "common/rpc/tracing/trace.h"
#include "common/storage/store.h"
#include "common/streaming/upstream.h"

namespace clustr::sales {

// What sales refers to in catalog.
enum class Referred { kProduct, kCustomer, kTimeframe };

// Remembers that rows of sales refer to a row of catalog. Used on the writer thread; takes effect
// with the write.
void RememberReference(storage::WriteContext& context, Referred kind, int64_t id);

// Protects references against a catalog that was restored from an older copy. Such a catalog gives
// the ids that it gave out behind that copy to other rows, and the purchases of one customer would
// become those of another. So sales remembers in its database which histories of catalog it has
// seen, and the greatest ids that it refers to, and tells catalog whenever it connects. Catalog
// then gives out greater ids only; those that it gave out before that are held: no write may refer
// to them until the operator has decided. Thread-safe.
class CatalogHistory {
 public:
  // Statements that create the tables in which it is kept, as in storage::TableSettings::more.
  static std::vector<std::string> Tables();

  // Reads what the database has about catalog. `accepted` is the store id of a branch that the
  // operator has accepted; empty if none. Borrows the store, which must have the tables. Errors
  // are those of the database.
  static absl::StatusOr<std::unique_ptr<CatalogHistory>> Load(storage::Store* store,
                                                              std::string accepted);

  // Reads what the database has about catalog again, after a backup was restored. On the writer
  // thread.
  void Reload();

  // Asks catalog, in the place `trace`, whether it went back. To be called before each stream from
  // it. An error if catalog did not answer, but OK if it is of a version that cannot.
  absl::Status Compare(const streaming::Upstream& catalog, const rpc::Trace& trace);

  // The replica holds the state of catalog at this revision. Written to the database at most once a
  // second, or at once for a new history.
  void Saw(const std::string& store_id, int64_t revision);

  // True if this id may mean another row than before.
  bool Holds(Referred kind, int64_t id) const;

  // What is wrong and what to do about it, for an operator; empty if nothing is.
  std::string Problem() const;

 private:
  // Ids above `common`, up to `greatest`, are held. `greatest` is the greatest one in use when
  // sales first met the branch; the database keeps it.
  struct Range {
    int64_t common = 0;
    int64_t greatest = 0;
    bool Has(int64_t id) const { return id > common && id <= greatest; }
  };

  CatalogHistory(storage::Store* store, std::string accepted)
      : store_(*store), accepted_(std::move(accepted)) {}
  absl::Status ReadSeen();
  absl::StatusOr<catalog::v1::CompareHistoryRequest> MakeRequest() const;
  absl::Status Adopt(const catalog::v1::CompareHistoryRequest& asked,
                     const catalog::v1::CompareHistoryResponse& answer);
  void Save(const std::string& store_id, int64_t revision, bool forget_others);

  storage::Store& store_;
  const std::string accepted_;
  std::atomic<bool> went_back_{false};
  std::atomic<int64_t> reloads_{0};  // Changes on the writer thread.
  mutable absl::Mutex mutex_;
  std::vector<storage::SeenHistory> seen_ ABSL_GUARDED_BY(mutex_);  // Newest first.
  Deadline next_save_ ABSL_GUARDED_BY(mutex_) = Deadline(SteadyTime::min());
  std::string branch_ ABSL_GUARDED_BY(mutex_);
  Range held_[3] ABSL_GUARDED_BY(mutex_);  // Indexed by Referred.
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_CATALOG_HISTORY_H_
