#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/request_log.h"
#include "common/storage/store.h"

// What a store does about the other servers that write to its database.
namespace clustr::storage {
namespace {

// How late a commit of another server is noticed if its notification is lost; and how long the end
// of a store waits.
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<StoredCounters> Store::ReadPeers(Session& session) {
  // First what is known, then what is there: what is committed in between must not look lost.
  const int64_t known = head_revision();
  StoredCounters stored = LoadCounters(session);
  if (stored.head_revision < known) {
    database_->damage().Report(absl::StrCat("its newest revision is ", stored.head_revision,
                                            ", but this server has seen ", known));
    return database_->damage().Check();
  }
  // First whose revisions these are, then the revisions.
  NoticeRestore(session, stored.restores);
  Publish(stored.head_revision, stored.tables);
  return stored;
}

absl::Status Store::TakeTurn(const std::vector<WriteJob>& group) {
  std::vector<int64_t> hashes;
  for (const WriteJob& job : group) {
    if (job.request_hash.has_value()) hashes.push_back(*job.request_hash);
  }
  return database_->Noted(Database::Guard([&] {
    Session& session = database_->writer_session();
    CLUSTR_ASSIGN_OR_RETURN(StoredCounters stored, ReadPeers(session));
    counters_ = std::move(stored.tables);
    LookAheadForAnswers(session, hashes);
    return absl::OkStatus();
  }));
}

void Store::WatchPeers() {
  while (!ending()) {
    const absl::Status looked = database_->peers()->Await(
        kBetweenLooks, [this](Session& session) { return ReadPeers(session).status(); });
    if (!IsUnreachable(looked)) continue;
    const absl::Status rejoined =
        database_->peers()->Rejoin([this](Session& session, bool alone) -> absl::Status {
          CLUSTR_ASSIGN_OR_RETURN(const StoredCounters stored, ReadPeers(session));
          EnterHistory(session, alone, stored);
          return absl::OkStatus();
        });
    if (rejoined.ok()) {
      Log(LogLevel::kInfo, "database reached again", {{"store_id", store_id()}});
    } else {
      absl::SleepFor(kBetweenLooks);
    }
  }
}

}  // namespace clustr::storage
