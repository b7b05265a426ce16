#include "common/rpc/admin/backup_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/backup/chunk_chain.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kWatchInterval = absl::Seconds(1);

}  // namespace

BackupWatch::BackupWatch(BackupLimits limits) : limits_(limits), thread_([this] { Watch(); }) {}

BackupWatch::~BackupWatch() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void BackupWatch::Add(BackupSource* source) {
  absl::MutexLock lock(&mutex_);
  sources_.insert(source);
}

void BackupWatch::Remove(BackupSource* source) {
  // The call may end within its cancellation, on the thread that cancels it.
  const bool within = std::this_thread::get_id() == thread_.get_id();
  const auto free = [&]()
                        ABSL_NO_THREAD_SAFETY_ANALYSIS { return cancelling_ != source || within; };
  absl::MutexLock lock(&mutex_);
  changed_.WaitUntil(&mutex_, Deadline(), free);
  sources_.erase(source);
}

void BackupWatch::Watch() {
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  const absl::Duration interval = std::min(kWatchInterval, limits_.max_pause / 2);
  absl::MutexLock lock(&mutex_);
  while (!changed_.WaitUntil(&mutex_, Deadline::In(interval), ending)) {
    while ((cancelling_ = CheckAll()) != nullptr) {
      const std::function<void()> cancel = cancelling_->cancel_;
      mutex_.Unlock();
      cancel();
      mutex_.Lock();
      cancelling_ = nullptr;
      changed_.NotifyAll();
    }
  }
}

BackupSource* BackupWatch::CheckAll() {
  for (BackupSource* source : sources_) {
    if (source->Check()) return source;
  }
  return nullptr;
}

BackupSource::BackupSource(storage::Store* store, std::string server_version, BackupWatch* watch,
                           std::function<void()> cancel)
    : store_(*store),
      server_version_(std::move(server_version)),
      watch_(*watch),
      cancel_(std::move(cancel)),
      taken_(SteadyNow()) {
  watch_.Add(this);
}

BackupSource::~BackupSource() { watch_.Remove(this); }

absl::StatusOr<bool> BackupSource::Next(ops::v1::BackupResponse* response) {
  absl::MutexLock lock(&mutex_);
  CLUSTR_RETURN_IF_ERROR(given_up_);
  if (!begun_) {
    CLUSTR_ASSIGN_OR_RETURN(snapshot_, store_.OpenSnapshot(server_version_));
    begun_ = true;
    wal_bytes_ = snapshot_->WalBytes();
  }
  if (snapshot_ == nullptr) return false;
  CLUSTR_ASSIGN_OR_RETURN(const bool more, snapshot_->Next(response->mutable_chunk()));
  taken_ = SteadyNow();
  if (!more) snapshot_ = nullptr;
  return more;
}

bool BackupSource::Check() {
  if (!mutex_.TryLock()) return false;  // A chunk is being made, so there is no pause.
  const BackupLimits& limits = watch_.limits();
  bool stalled = false;
  if (given_up_.ok() && (!begun_ || snapshot_ != nullptr)) {
    if (Since(taken_) > limits.max_pause) {
      stalled = true;
      given_up_ = backup::Refused("the client read nothing of the backup for too long");
    } else if (snapshot_ != nullptr && snapshot_->WalBytes() - wal_bytes_ > limits.max_wal_bytes) {
      given_up_ = backup::Refused(absl::StrCat(
          "so much was written during the backup that the -wal file grew by more than ",
          limits.max_wal_bytes >> 20,
          " MiB; read the backup faster, or make it when less is written"));
    }
    if (!given_up_.ok()) snapshot_ = nullptr;
  }
  mutex_.Unlock();
  return stalled;
}

}  // namespace clustr::rpc
