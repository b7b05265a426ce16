#include "common/storage/server/grouped_writes.h"

#include "absl/cleanup/cleanup.h"
#include "common/storage/session.h"

namespace clustr::storage {
namespace {

// Rows that wait take at most about this much memory.
constexpr size_t kMaxWaitingBytes = 8 << 20;

}  // namespace

void GroupedWrites::Run(const char* sql) {
  settling_ = true;
  const absl::Cleanup settled = [this] { settling_ = false; };
  session_.Prepared(sql).Change();
}

void GroupedWrites::BeginJob() {
  in_job_ = true;
  has_savepoint_ = false;
  job_mark_ = rows_.mark();
}

void GroupedWrites::EndJob(bool keep) {
  in_job_ = false;
  found_.Forget();
  if (has_savepoint_) {
    // The rows of earlier calls were sent before the savepoint.
    if (!keep) {
      rows_.Drop();
      Run("ROLLBACK TO job");
    }
    return Run("RELEASE job");
  }
  if (!keep) rows_.ReturnTo(job_mark_);
  if (rows_.transaction_failed()) throw soci::soci_error("the transaction is lost");
}

void GroupedWrites::Settle(bool changes) {
  if (settling_) return;
  if (changes) found_.Forget();
  if (in_job_ && !has_savepoint_) {
    rows_.SendUpTo(job_mark_);
    job_mark_.clear();
    Run("SAVEPOINT job");
    has_savepoint_ = true;
  }
  if (rows_.empty()) return;
  found_.Forget();  // An id that had no row when it was looked up may have one now.
  rows_.Send();
}

void GroupedWrites::SettleIfLarge() {
  if (rows_.bytes() > kMaxWaitingBytes) Settle(/*changes=*/false);
}

void GroupedWrites::Reset() {
  rows_.Drop();
  found_.Forget();
  unused_request_keys_.clear();
  in_job_ = false;
}

}  // namespace clustr::storage
