#include "services/sales/sums/sums_follower.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace clustr::sales {

using storage::ChangePlace;
using storage::Session;

namespace {

// Number of changes that are found at once, and of purchases that are read at once.
constexpr int64_t kPlaces = 2000;
constexpr size_t kPurchases = 256;
// The thread follows so often at most. A question that comes in between counts what is new itself.
constexpr absl::Duration kBetweenRounds = absl::Milliseconds(20);
// An import has ended once nothing of it was committed for so long.
constexpr absl::Duration kImportPause = absl::Milliseconds(500);
// For so long after a question, an import is followed as it goes on.
constexpr absl::Duration kInterest = absl::Minutes(1);
// Catalog is looked at so often, and the database tried again so long after an error.
constexpr absl::Duration kIdle = absl::Seconds(1);
// Whoever waits for a turn looks so often whether its caller still waits.
constexpr absl::Duration kLook = absl::Milliseconds(50);

// The place behind every change of a revision.
ChangePlace Behind(int64_t revision) { return {.revision = revision + 1}; }

}  // namespace

SumsFollower::SumsFollower(storage::Store* store, const CatalogReplica* replica,
                           const storage::Table* transactions, int64_t max_bytes)
    : store_(*store), replica_(*replica), scan_({transactions}), max_bytes_(max_bytes) {
  head_ = store_.head_revision();
  listener_ = store_.OnCommit([this](int64_t head) {
    absl::MutexLock lock(&turn_mutex_);
    head_ = head;
    turn_changed_.NotifyAll();
  });
  thread_ = std::thread([this] { Run(); });
}

SumsFollower::~SumsFollower() {
  store_.StopTelling(listener_);
  {
    absl::MutexLock lock(&turn_mutex_);
    ending_ = true;
    turn_changed_.NotifyAll();
  }
  thread_.join();
}

void SumsFollower::StartOver() {
  absl::MutexLock lock(&mutex_);
  sums_ = SalesSums();
  stage_ = Stage::kCounting;
  exact_ = false;
  counted_to_ = -1;
  problem_.clear();
  ++starts_;
}

std::string SumsFollower::Problem() const {
  absl::ReaderMutexLock lock(&mutex_);
  return problem_;
}

SumsFollower::Measures SumsFollower::measures() const {
  absl::ReaderMutexLock lock(&mutex_);
  return {stage_ == Stage::kReady, sums_.line_count(), static_cast<int64_t>(sums_.bytes())};
}

absl::Status SumsFollower::TakeTurn(const Caller& caller) {
  absl::MutexLock lock(&turn_mutex_);
  const auto free = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return !turn_taken_; };
  while (!turn_changed_.WaitUntil(&turn_mutex_, Deadline::In(kLook), free)) {
    CLUSTR_RETURN_IF_ERROR(caller.Waits());
  }
  turn_taken_ = true;
  return absl::OkStatus();
}

void SumsFollower::EndTurn() {
  absl::MutexLock lock(&turn_mutex_);
  turn_taken_ = false;
  turn_changed_.NotifyAll();
}

int64_t SumsFollower::TakeAttributes() {
  const CatalogReplica::Versions versions = replica_.versions();
  int64_t catalog_revision = versions.catalog_revision;
  if (versions.products != sums_.products_version()) {
    const ProductChanges changes = replica_.ProductsSince(sums_.products_version());
    sums_.TakeProducts(changes);
    catalog_revision = changes.catalog_revision;
  }
  if (versions.customers != sums_.customers_version()) {
    const CustomerChanges changes = replica_.CustomersSince(sums_.customers_version());
    sums_.TakeCustomers(changes);
    catalog_revision = changes.catalog_revision;
  }
  return catalog_revision;
}

void SumsFollower::Settle() {
  if (!sums_.Settle()) {
    return GiveUp(
        "the figures of sales are read from the database, which takes seconds in a large shop: "
        "the amounts add up to more than 4*10^18 cents, or a purchase_date is damaged");
  }
  const auto bytes = static_cast<int64_t>(sums_.bytes());
  if (bytes <= max_bytes_) return;
  GiveUp(absl::StrCat(
      "the figures of sales are read from the database, which takes seconds in a large shop: sums "
      "of ",
      sums_.line_count(), " lines take ", bytes >> 20,
      " MiB, more than --figures-memory-mb=", max_bytes_ >> 20, "; give more and restart"));
}

void SumsFollower::GiveUp(std::string problem) {
  Log(LogLevel::kWarning, "sums given up", {{"reason", problem}});
  sums_ = SalesSums();
  stage_ = Stage::kGivenUp;
  exact_ = false;
  problem_ = std::move(problem);
}

absl::Status SumsFollower::CountMore(Session& session) {
  int64_t starts = 0;
  int64_t after = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (counted_to_ < 0) {
      // What changes from here on is counted again, later.
      place_ = Behind(storage::HeadRevision(session));
      counted_to_ = 0;
    }
    starts = starts_;
    after = counted_to_;
  }
  std::vector<KeptPurchase> purchases;
  const bool more = ReadNextSales(session, after, &purchases);
  absl::MutexLock lock(&mutex_);
  if (starts_ != starts) return absl::OkStatus();
  for (const KeptPurchase& purchase : purchases) sums_.Put(purchase);
  if (!purchases.empty()) counted_to_ = purchases.back().transaction_id;
  Settle();
  if (more || stage_ != Stage::kCounting) return absl::OkStatus();
  TakeAttributes();
  stage_ = Stage::kReady;
  return absl::OkStatus();
}

absl::Status SumsFollower::FollowSome(Session& session, int64_t head) {
  int64_t starts = 0;
  ChangePlace place;
  {
    absl::MutexLock lock(&mutex_);
    starts = starts_;
    place = place_;
  }
  const std::vector<ChangePlace> places = scan_.Next(session, place, true, kPlaces);
  std::vector<int64_t> ids;
  for (const ChangePlace& changed : places) ids.push_back(changed.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<KeptPurchase> purchases;
  for (size_t begin = 0; begin < ids.size(); begin += kPurchases) {
    const size_t end = std::min(begin + kPurchases, ids.size());
    ReadSales(session, {ids.begin() + begin, ids.begin() + end}, &purchases);
    absl::MutexLock lock(&mutex_);
    if (starts_ != starts) return absl::OkStatus();
    exact_ = false;
    for (const KeptPurchase& purchase : purchases) sums_.Put(purchase);
  }
  absl::MutexLock lock(&mutex_);
  if (starts_ != starts) return absl::OkStatus();
  Settle();
  exact_ = stage_ == Stage::kReady && places.size() < static_cast<size_t>(kPlaces);
  place_ = exact_ ? Behind(head) : places.empty() ? place : places.back();
  if (exact_) revision_ = head;
  return absl::OkStatus();
}

absl::Status SumsFollower::Follow(Session& session, const Caller& caller) {
  const int64_t head = storage::HeadRevision(session);
  const auto behind = [&] {
    absl::ReaderMutexLock lock(&mutex_);
    return stage_ == Stage::kReady && !(exact_ && revision_ >= head);
  };
  while (behind()) {
    CLUSTR_RETURN_IF_ERROR(caller.Waits());
    CLUSTR_RETURN_IF_ERROR(FollowSome(session, head));
  }
  return absl::OkStatus();
}

bool SumsFollower::Try(int64_t revision, Answer answer) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (!Current(revision)) return false;
    const CatalogReplica::Versions versions = replica_.versions();
    if (versions.products == sums_.products_version() &&
        versions.customers == sums_.customers_version()) {
      answer(sums_, {revision_, versions.catalog_revision});
      return true;
    }
  }
  absl::MutexLock lock(&mutex_);
  if (!Current(revision)) return false;
  answer(sums_, {revision_, TakeAttributes()});
  return true;
}

absl::StatusOr<bool> SumsFollower::Ask(const Caller& caller, Answer answer) {
  {
    absl::MutexLock lock(&turn_mutex_);
    asked_ = SteadyNow();
  }
  if (!Ready()) return false;
  int64_t head = 0;
  CLUSTR_RETURN_IF_ERROR(store_.Read(
      [&](Session& session) {
        head = storage::HeadRevision(session);
        return absl::OkStatus();
      },
      caller));
  if (Try(head, answer)) return true;
  CLUSTR_RETURN_IF_ERROR(TakeTurn(caller));
  const absl::Cleanup end = [this] { EndTurn(); };
  CLUSTR_RETURN_IF_ERROR(
      store_.Read([&](Session& session) { return Follow(session, caller); }, caller));
  return Try(head, answer);
}

absl::StatusOr<bool> SumsFollower::AskAndRead(const Caller& caller, Answer answer,
                                              absl::FunctionRef<absl::Status(Session&)> read) {
  if (!Ready()) return false;
  CLUSTR_RETURN_IF_ERROR(TakeTurn(caller));
  absl::Cleanup end = [this] { EndTurn(); };
  bool answered = false;
  CLUSTR_RETURN_IF_ERROR(store_.Read(
      [&](Session& session) -> absl::Status {
        CLUSTR_RETURN_IF_ERROR(Follow(session, caller));
        answered = Try(storage::HeadRevision(session), answer);
        std::move(end).Invoke();
        return answered ? read(session) : absl::OkStatus();
      },
      caller));
  return answered;
}

bool SumsFollower::Pause(absl::Duration duration) {
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  absl::MutexLock lock(&turn_mutex_);
  return !turn_changed_.WaitUntil(&turn_mutex_, Deadline::In(duration), ending);
}

bool SumsFollower::AwaitWork() {
  Stage stage;
  int64_t revision = 0;
  {
    absl::ReaderMutexLock lock(&mutex_);
    stage = stage_;
    revision = exact_ ? revision_ : -1;
  }
  if (stage == Stage::kCounting) return Pause(absl::ZeroDuration());
  while (true) {
    {
      const auto ready = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
        return ending_ || (stage == Stage::kReady && head_ > revision);
      };
      absl::MutexLock lock(&turn_mutex_);
      turn_changed_.WaitUntil(&turn_mutex_, Deadline::In(kIdle), ready);
      if (ending_) return false;
      if (asked_ != SteadyTime::min() && Since(asked_) < kInterest) break;
    }
    const int64_t bulk_commits = store_.bulk_commits();
    if (std::exchange(bulk_commits_, bulk_commits) == bulk_commits) break;
    if (!Pause(kImportPause)) return false;
  }
  return Pause(kBetweenRounds);
}

absl::Status SumsFollower::Step() {
  CLUSTR_RETURN_IF_ERROR(TakeTurn({}));
  const absl::Cleanup end = [this] { EndTurn(); };
  bool ready = false;
  {
    absl::MutexLock lock(&mutex_);
    ready = stage_ == Stage::kReady;
    if (ready) TakeAttributes();
    if (stage_ == Stage::kGivenUp) return absl::OkStatus();
  }
  return store_.Read([&](Session& session) {
    if (!ready) return CountMore(session);
    return FollowSome(session, storage::HeadRevision(session));
  });
}

void SumsFollower::Run() {
  while (AwaitWork()) {
    // The store has logged what was wrong with the database.
    if (!Step().ok() && !Pause(kIdle)) return;
  }
}

}  // namespace clustr::sales
