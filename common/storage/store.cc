#include "common/storage/store.h"

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/backup/chunk_chain.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/backup/restore_writer.h"
#include "common/storage/request_log.h"
#include "common/storage/system/identity.h"
#include "common/storage/system/lagging_counters.h"

namespace clustr::storage {

using schema::CellType;

namespace {

constexpr size_t kMaxJobsInGroup = 512;
// A group is committed once it has run this long, so that a call queued behind a large import waits
// for at most one batch of it.
constexpr absl::Duration kLongestGroup = absl::Milliseconds(10);
// A group that takes longer is reported as a problem: the disk has stalled.
constexpr std::chrono::seconds kSlowWrite{2};
// How long the -wal file keeps what was deleted or changed, unless somebody reads an old state.
constexpr absl::Duration kWalAge = absl::Seconds(10);
// A purge waits so long for readers of an older state, while writes wait, and then lets them go on.
constexpr int kPurgeTurnMs = 50;
constexpr absl::Duration kBetweenPurgeTurns = absl::Milliseconds(200);

std::string NewStoreId() {
  absl::BitGen random;
  return absl::StrFormat("%016x%016x", absl::Uniform<uint64_t>(random),
                         absl::Uniform<uint64_t>(random));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(
    absl::string_view url, const std::vector<const google::protobuf::Descriptor*>& models,
    int read_sessions, ThreadPool* pool, const TableSettings& settings) {
  std::unique_ptr<Store> store(new Store(pool));
  CLUSTR_ASSIGN_OR_RETURN(store->database_, Database::Open(url, read_sessions));
  const absl::Status loaded = store->Load(models, settings);
  if (absl::IsInternal(loaded)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the tables of --database=", url,
                     " do not fit together; restore the database from a backup, or give another "
                     "--database"));
  }
  CLUSTR_RETURN_IF_ERROR(loaded);
  store->writer_ = std::thread([raw = store.get()] { raw->Write(); });
  if (store->shared()) {
    store->peer_watch_ = std::thread([raw = store.get()] { raw->WatchPeers(); });
  }
  return store;
}

absl::Status Store::Load(const std::vector<const google::protobuf::Descriptor*>& models,
                         const TableSettings& settings) {
  models_ = models;
  CLUSTR_RETURN_IF_ERROR(database_->BeginUpgrade());
  const absl::Status loaded = Database::Guard([&] {
    Session& session = database_->writer_session();
    CLUSTR_RETURN_IF_ERROR(LoadTables(session, settings));
    session.Run("COMMIT");
    // The database itself then tells which history the -wal file belongs to; see WalFitsDatabase.
    database_->EmptyLog();
    return absl::OkStatus();
  });
  if (!IsDamage(database_->Noted(loaded))) return loaded;
  return absl::FailedPreconditionError(database_->damage().Problem());
}

absl::Status Store::LoadTables(Session& session, const TableSettings& settings) {
  CLUSTR_RETURN_IF_ERROR(settings.check_only ? CheckTables(session, models_, settings.more)
                                             : MakeTables(session, models_, settings.more));
  StoredCounters stored = LoadCounters(session);
  RaiseLaggingIds(session, models_, &stored.tables);
  RestoreIdCounters(session, models_, &stored.tables);
  RaiseLaggingHead(session, models_, &stored.head_revision);
  bool alone = true;
  if (shared()) {
    // The others read them at the begin of each group.
    SaveCounters(session, stored.head_revision, {}, stored.tables);
    CLUSTR_ASSIGN_OR_RETURN(alone, database_->peers()->Join());
  }
  EnterHistory(session, alone, stored);
  {
    absl::MutexLock lock(&restore_mutex_);
    restores_ = stored.restores;
  }
  counters_ = stored.tables;
  Publish(stored.head_revision, counters_);
  return absl::OkStatus();
}

void Store::EnterHistory(Session& session, bool alone, const StoredCounters& stored) {
  if (alone) {
    const std::string id = NewStoreId();
    RecordHistory(session, id, stored.head_revision, stored.tables);
    MarkHistory(session, id);
  }
  Histories histories;
  histories.Load(session);
  absl::MutexLock lock(&mutex_);
  histories_ = std::move(histories);
  store_id_ = histories_.newest();
}

void Store::Publish(int64_t head, const Counters& counters) {
  absl::MutexLock publishing(&publish_mutex_);
  if (head < head_revision()) return;
  {
    absl::MutexLock lock(&mutex_);
    committed_counters_ = counters;
  }
  if (head == head_revision()) return;
  head_revision_.store(head, std::memory_order_release);
  for (const auto& [number, listener] : on_commit_) listener(head);
}

Store::~Store() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  if (writer_.joinable()) writer_.join();
  if (peer_watch_.joinable()) peer_watch_.join();
}

void Store::Submit(WriteJob job) {
  absl::MutexLock lock(&mutex_);
  QueueOf(job).push_back(std::move(job));
}

int64_t Store::RowCount(const std::string& table) const {
  absl::MutexLock lock(&mutex_);
  const auto it = committed_counters_.find(table);
  return it == committed_counters_.end() ? 0 : it->second.rows;
}

std::vector<std::string> Store::Problems() const {
  std::vector<std::string> problems = database_->Problems();
  absl::MutexLock lock(&mutex_);
  if (!write_problem_.empty()) problems.push_back(write_problem_);
  if (writing_since_.has_value()) {
    const auto waited = std::chrono::steady_clock::now() - *writing_since_;
    if (waited >= kSlowWrite) {
      problems.push_back(
          restoring_ ? "a backup is being restored, and writes wait for its end; wait too"
                     : absl::StrCat("a write has been under way for ",
                                    std::chrono::floor<std::chrono::seconds>(waited).count(),
                                    " s and others wait behind it; check ",
                                    shared() ? "the database server, its disk and the network"
                                             : "the disk of the database"));
    }
  }
  for (std::string& problem : IdProblems(committed_counters_)) {
    problems.push_back(std::move(problem));
  }
  return problems;
}

size_t Store::waiting() const {
  absl::MutexLock lock(&mutex_);
  return jobs_.size() + bulk_jobs_.size();
}

bool Store::CanResume(const std::string& store_id, int64_t after_revision) const {
  if (store_id.empty()) return after_revision <= head_revision();
  absl::MutexLock lock(&mutex_);
  return histories_.Reached({store_id, after_revision}, head_revision());
}

std::optional<Histories::History> Store::BranchOf(const std::vector<SeenHistory>& seen) const {
  absl::MutexLock lock(&mutex_);
  return histories_.BranchOf(seen, head_revision());
}

absl::StatusOr<std::unique_ptr<Snapshot>> Store::OpenSnapshot(const std::string& server_version) {
  ops::v1::BackupHeader header;
  header.set_service(ServiceOf(*models_.front()));
  header.set_server_version(server_version);
  header.set_store_id(store_id());
  return database_->OpenSnapshot(models_, header);
}

void Store::Restore(std::function<absl::StatusOr<ops::v1::BackupContent>()> next,
                    std::function<void(absl::Status)> done) {
  const auto restore = [this, next = std::move(next)](WriteContext& context) -> absl::Status {
    RestoreWriter writer(&context, models_, ServiceOf(*models_.front()), store_id());
    const absl::Cleanup ended = [&] { SetRestoring(false); };
    bool accepted = false;
    bool complete = false;
    while (!complete) {
      CLUSTR_ASSIGN_OR_RETURN(const ops::v1::BackupContent content, next());
      const absl::Status written = Database::Guard([&] { return writer.Write(content); });
      if (absl::IsInternal(written)) {
        return backup::Refused(
            "the rows of the backup do not fit together, or the disk failed; the log has the error "
            "code");
      }
      CLUSTR_RETURN_IF_ERROR(written);
      if (!std::exchange(accepted, true)) SetRestoring(true);
      complete = content.has_end();
    }
    return Database::Guard([&] {
      new_restores_ = LoadCounters(context.session()).restores;
      return absl::OkStatus();
    });
  };
  Submit({.work = restore, .done = std::move(done), .restores = true});
}

void Store::SetRestoring(bool restoring) {
  std::function<void(bool)> listener;
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(restoring_, restoring) == restoring) return;
    listener = on_restoring_;
  }
  if (listener) listener(restoring);
}

void Store::OnRestore(std::function<void()> listener) {
  absl::MutexLock lock(&restore_mutex_);
  on_restore_ = std::move(listener);
  if (on_restore_ && std::exchange(untold_restore_, false)) on_restore_();
}

void Store::NoticeRestore(Session& session, int64_t restores) {
  absl::MutexLock noticing(&restore_mutex_);
  if (restores <= restores_) return;
  restores_ = restores;
  Histories histories;
  const absl::Status loaded = database_->Noted(Database::Guard([&] {
    histories.Load(session);
    return absl::OkStatus();
  }));
  if (loaded.ok()) {  // Otherwise it is logged, and followers start over.
    absl::MutexLock lock(&mutex_);
    histories_ = std::move(histories);
    store_id_ = histories_.newest();
  }
  if (on_restore_) {
    on_restore_();
  } else {
    untold_restore_ = true;
  }
}

void Store::Write() {
  const auto ready = [this]()
                         ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return AnyWaiting() || ending_; };
  while (true) {
    std::vector<WriteJob> group;
    {
      absl::MutexLock lock(&mutex_);
      const bool has_work = mutex_.AwaitWithTimeout(
          absl::Condition(&ready), purging_.empty() ? kWalAge : kBetweenPurgeTurns);
      if (has_work && !AnyWaiting()) break;
      if (has_work) group = TakeGroup();
    }
    if (!group.empty()) WriteGroup(std::move(group));
    if (!purging_.empty()) Purge(/*last=*/false);
    EmptyOldWal();
  }
  if (!purging_.empty()) Purge(/*last=*/true);
}

std::vector<WriteJob> Store::TakeGroup() {
  last_was_bulk_ = jobs_.empty() || (!last_was_bulk_ && !bulk_jobs_.empty());
  std::deque<WriteJob>& queue = last_was_bulk_ ? bulk_jobs_ : jobs_;
  const size_t count = std::min(queue.size(), kMaxJobsInGroup);
  writing_since_ = std::chrono::steady_clock::now();
  std::vector<WriteJob> group(std::make_move_iterator(queue.begin()),
                              std::make_move_iterator(queue.begin() + count));
  queue.erase(queue.begin(), queue.begin() + count);
  return group;
}

void Store::EmptyOldWal() {
  if (!wal_used_ || (wal_emptied_ != SteadyTime::min() && Since(wal_emptied_) < kWalAge)) return;
  wal_emptied_ = SteadyNow();
  database_
      ->Noted(Database::Guard([this] {
        wal_used_ = !database_->EmptyLog();
        return absl::OkStatus();
      }))
      .IgnoreError();  // Logged, and tried again later.
}

void Store::Purge(bool last) {
  if (!last && !next_purge_.passed()) return;
  bool purged = false;
  database_
      ->Noted(Database::Guard([&] {
        purged = database_->Purge(kPurgeTurnMs);
        return absl::OkStatus();
      }))
      .IgnoreError();  // Logged; the files then count as not purged.
  if (purged) wal_used_ = false;
  next_purge_ = Deadline::In(kBetweenPurgeTurns);
  std::vector<PurgingJob> waiting;
  for (PurgingJob& purging : purging_) {
    const bool may_wait = database_->can_purge() && !last;
    if (!purged && may_wait && Since(purging.since) < kPurgePatience) {
      waiting.push_back(std::move(purging));
      continue;
    }
    pool_->Run([job = std::move(purging.job), purged] {
      job.purged(purged);
      job.done(absl::OkStatus());
    });
  }
  purging_ = std::move(waiting);
}

void Store::End(WriteJob job, absl::Status result) {
  if (result.ok() && job.purged) return purging_.push_back({std::move(job), SteadyNow()});
  pool_->Run([done = std::move(job.done), result = std::move(result)] { done(result); });
}

absl::Status Store::RunJob(WriteJob& job, int64_t head, Counters* counters, int64_t* new_head,
                           bool* group_lost) {
  Session& session = database_->writer_session();
  WriteContext context(&session, head, *counters);
  absl::Status status = Database::Guard([&] {
    session.BeginJob();
    return job.work(context);
  });
  const bool keep = status.ok() && !job.validate_only;
  const absl::Status ended = Database::Guard([&] {
    session.EndJob(keep);
    return absl::OkStatus();
  });
  if (!ended.ok()) {
    // When the disk is full, SQLite rolls back the whole transaction and the savepoint with it.
    *group_lost = true;
    return status.ok() ? ended : status;
  }
  if (keep) {
    *counters = std::move(context.counters_);
    *new_head = std::max(head, context.revision_);
  }
  return status;
}

absl::Status Store::Commit(int64_t head, const Counters& counters, int64_t new_answers) {
  CLUSTR_RETURN_IF_ERROR(database_->damage().Check());
  Session& session = database_->writer_session();
  CLUSTR_RETURN_IF_ERROR(Database::Guard([&] {
    session.Settle();
    if (new_answers > 0) ExpireAnswers(session, 2 * new_answers, absl::Now());
    if (head != head_revision() || counters != counters_) {
      SaveCounters(session, head, counters_, counters);
    }
    return absl::OkStatus();
  }));
  const SteadyTime begin = SteadyNow();
  const absl::Status committed = database_->Commit();
  measures_.sync_seconds.Observe(absl::ToDoubleSeconds(Since(begin)));
  if (!absl::IsInternal(committed) && !IsUnreachable(committed)) return committed;
  // After an I/O error the pages may have reached the disk or not, and recovery may find them. So
  // may the answer of a server have been lost.
  return MakeError(common::v1::ERROR_REASON_OUTCOME_UNKNOWN,
                   absl::StrCat(shared() ? "the database server" : "the disk",
                                " did not confirm the write, so it is unknown whether it was "
                                "stored; send the call again with the same request_id"));
}

void Store::RememberOutcome(const absl::Status& committed) {
  absl::MutexLock lock(&mutex_);
  writing_since_.reset();
  // Damage is a problem of its own.
  write_problem_ = committed.ok() || IsDamage(committed)
                       ? ""
                       : absl::StrCat("the last write failed: ", committed.message(), "; check ",
                                      shared() ? "the database server, its disk and the network"
                                               : "the disk of the database");
}

void Store::WriteGroup(std::vector<WriteJob> group) {
  const SteadyTime begin = SteadyNow();
  wal_used_ = true;
  std::vector<absl::Status> results(group.size());
  size_t ran = 0;
  absl::Status committed = database_->Noted(database_->BeginWrite());
  if (committed.ok() && shared()) committed = TakeTurn(group);
  int64_t head = head_revision();
  Counters counters = counters_;
  int64_t new_answers = 0;
  if (committed.ok()) {
    const SteadyTime start = SteadyNow();
    bool lost = false;
    while (ran < group.size() && !lost && (ran == 0 || Since(start) < kLongestGroup)) {
      results[ran] = database_->Noted(RunJob(group[ran], head, &counters, &head, &lost));
      new_answers += results[ran].ok() && group[ran].request_hash.has_value();
      ++ran;
    }
    committed = lost ? results[ran - 1] : database_->Noted(Commit(head, counters, new_answers));
  } else {
    ran = group.size();
  }
  if (committed.ok()) {
    measures_.commit_seconds.Observe(absl::ToDoubleSeconds(Since(begin)));
    measures_.group_calls.Observe(static_cast<double>(ran));
    if (group.front().bulk) bulk_commits_.fetch_add(1, std::memory_order_relaxed);
    bool restored = false;
    for (size_t i = 0; i < ran; ++i) restored = restored || (group[i].restores && results[i].ok());
    const bool tell_peers = shared() && (restored || head != head_revision());
    counters_ = std::move(counters);
    if (restored) NoticeRestore(database_->writer_session(), new_restores_);
    Publish(head, counters_);
    if (tell_peers) database_->peers()->Announce();
  } else {
    database_->Rollback();
    Log(LogLevel::kError, "commit", {{"status", committed.message()}});
  }
  RememberOutcome(committed);
  for (size_t i = 0; i < ran; ++i) {
    End(std::move(group[i]), results[i].ok() ? committed : std::move(results[i]));
  }
  if (ran < group.size()) {
    absl::MutexLock lock(&mutex_);
    std::deque<WriteJob>& queue = QueueOf(group[ran]);
    queue.insert(queue.begin(), std::make_move_iterator(group.begin() + ran),
                 std::make_move_iterator(group.end()));
  }
}

}  // namespace clustr::storage
