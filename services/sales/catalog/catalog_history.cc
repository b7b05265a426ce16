#include "services/sales/catalog/catalog_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/arrival.h"
#include "common/rpc/status.h"
#include "common/rpc/tracing/client_span.h"
#include "grpcpp/client_context.h"

namespace clustr::sales {

using schema::CellType;

namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr absl::Duration kBetweenSaves = absl::Seconds(1);
constexpr int kKeptHistories = 100;
constexpr Referred kKinds[] = {Referred::kProduct, Referred::kCustomer, Referred::kTimeframe};

// Names of the counters that hold the greatest ids.
std::string CounterOf(Referred kind) {
  switch (kind) {
    case Referred::kProduct:
      return "catalog.products";
    case Referred::kCustomer:
      return "catalog.customers";
    case Referred::kTimeframe:
      return "catalog.timeframes";
  }
  return "";
}

absl::string_view WordOf(Referred kind) {
  switch (kind) {
    case Referred::kProduct:
      return "products";
    case Referred::kCustomer:
      return "customers";
    case Referred::kTimeframe:
      return "timeframes";
  }
  return "";
}

size_t IndexOf(Referred kind) { return static_cast<size_t>(kind); }

int64_t ReadGreatest(storage::Session& session, Referred kind) {
  return session.Integer(
      absl::StrCat("SELECT value FROM clustr_counters WHERE name = 'ids:", CounterOf(kind), "'"));
}

// The greatest id that was referred to when this branch was first met: `greatest` if it is now.
int64_t FirstGreatest(storage::Session& session, const std::string& branch, Referred kind,
                      int64_t greatest) {
  storage::Statement& insert = session.Prepared(
      R"sql(
        INSERT INTO held_catalog_ids (branch_store_id, kind, greatest_id) VALUES (:b, :k, :g)
        ON CONFLICT (branch_store_id, kind) DO NOTHING)sql",
      {CellType::kText, CellType::kText, CellType::kInteger});
  insert.SetText(0, branch);
  insert.SetText(1, CounterOf(kind));
  insert.SetInteger(2, greatest);
  insert.Change();
  storage::Statement& query = session.Prepared(
      "SELECT greatest_id FROM held_catalog_ids WHERE branch_store_id = :b AND kind = :k",
      {CellType::kText, CellType::kText}, {CellType::kInteger});
  query.SetText(0, branch);
  query.SetText(1, CounterOf(kind));
  query.Execute();
  while (query.Fetch()) greatest = query.integer(0);
  return greatest;
}

absl::Status WriteAndWait(storage::Store& store,
                          std::function<absl::Status(storage::WriteContext&)> work) {
  absl::Notification done;
  absl::Status result;
  store.Submit({.work = std::move(work), .done = [&](absl::Status status) {
                  result = std::move(status);
                  done.Notify();
                }});
  done.WaitForNotification();
  return result;
}

// A database of a version that did not remember references gets them from its rows, once.
void RememberStoredReferences(storage::WriteContext& context) {
  storage::Session& session = context.session();
  if (session.Integer("SELECT count(*) FROM clustr_counters WHERE name LIKE 'ids:catalog.%'") > 0) {
    return;
  }
  RememberReference(context, Referred::kProduct,
                    session.Integer("SELECT max(product_sku) FROM sales"));
  RememberReference(context, Referred::kCustomer,
                    session.Integer("SELECT max(customer_id) FROM transactions"));
  RememberReference(context, Referred::kTimeframe,
                    session.Integer("SELECT max(time_id) FROM transactions"));
}

}  // namespace

void RememberReference(storage::WriteContext& context, Referred kind, int64_t id) {
  context.RaiseId(CounterOf(kind), id);
}

std::vector<std::string> CatalogHistory::Tables() {
  return {
      R"sql(
    CREATE TABLE IF NOT EXISTS seen_catalog_histories (
      seq INTEGER PRIMARY KEY,
      store_id TEXT NOT NULL UNIQUE,
      revision BIGINT NOT NULL
    ))sql",
      R"sql(
    CREATE TABLE IF NOT EXISTS held_catalog_ids (
      branch_store_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      greatest_id BIGINT NOT NULL,
      PRIMARY KEY (branch_store_id, kind)
    ) WITHOUT ROWID)sql",
  };
}

absl::StatusOr<std::unique_ptr<CatalogHistory>> CatalogHistory::Load(storage::Store* store,
                                                                     std::string accepted) {
  std::unique_ptr<CatalogHistory> history(new CatalogHistory(store, std::move(accepted)));
  CLUSTR_RETURN_IF_ERROR(WriteAndWait(*store, [](storage::WriteContext& context) {
    RememberStoredReferences(context);
    return absl::OkStatus();
  }));
  CLUSTR_RETURN_IF_ERROR(history->ReadSeen());
  return history;
}

absl::Status CatalogHistory::ReadSeen() {
  return store_.Read([&](storage::Session& session) {
    storage::Statement& query =
        session.Prepared("SELECT store_id, revision FROM seen_catalog_histories ORDER BY seq DESC",
                         {}, {CellType::kText, CellType::kInteger});
    query.Execute();
    absl::MutexLock lock(&mutex_);
    seen_.clear();
    while (query.Fetch()) seen_.push_back({query.text(0), query.integer(1)});
    return absl::OkStatus();
  });
}

void CatalogHistory::Reload() {
  reloads_.fetch_add(1);
  ReadSeen().IgnoreError();  // Logged; what is seen from now on counts.
  went_back_ = false;
}

absl::StatusOr<catalog::v1::CompareHistoryRequest> CatalogHistory::MakeRequest() const {
  catalog::v1::CompareHistoryRequest request;
  CLUSTR_RETURN_IF_ERROR(store_.Read([&](storage::Session& session) {
    request.set_max_product_sku(ReadGreatest(session, Referred::kProduct));
    request.set_max_customer_id(ReadGreatest(session, Referred::kCustomer));
    request.set_max_time_id(ReadGreatest(session, Referred::kTimeframe));
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&mutex_);
  for (const storage::SeenHistory& seen : seen_) {
    if (request.seen_size() == kKeptHistories) break;
    catalog::v1::SeenHistory& history = *request.add_seen();
    history.set_store_id(seen.store_id);
    history.set_revision(seen.revision);
  }
  return request;
}

absl::Status CatalogHistory::Compare(const streaming::Upstream& catalog, const rpc::Trace& trace) {
  CLUSTR_ASSIGN_OR_RETURN(const catalog::v1::CompareHistoryRequest request, MakeRequest());
  grpc::ClientContext context;
  rpc::ClientSpan span(trace, *request.GetDescriptor(), catalog.address(), &context);
  context.set_deadline(rpc::ToTimespec(Deadline::In(kPatience)));
  catalog::v1::CompareHistoryResponse response;
  const auto stub = catalog::v1::CatalogStreamService::NewStub(catalog.channel());
  const grpc::Status status = stub->CompareHistory(&context, request, &response);
  span.End(status);
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) return absl::OkStatus();
  CLUSTR_RETURN_IF_ERROR(rpc::FromGrpc(status));
  return Adopt(request, response);
}

absl::Status CatalogHistory::Adopt(const catalog::v1::CompareHistoryRequest& asked,
                                   const catalog::v1::CompareHistoryResponse& answer) {
  if (!answer.went_back() || answer.branch_store_id() == accepted_) {
    absl::MutexLock lock(&mutex_);
    if (answer.went_back()) {
      // What was seen before no longer counts. The stream tells what is seen from now on.
      seen_.clear();
      next_save_ = Deadline(SteadyTime::min());
    }
    went_back_ = false;
    return absl::OkStatus();
  }
  const std::string& branch = answer.branch_store_id();
  Range held[] = {{answer.common_product_sku(), asked.max_product_sku()},
                  {answer.common_customer_id(), asked.max_customer_id()},
                  {answer.common_time_id(), asked.max_time_id()}};
  // Ids that catalog gives out from now on are greater, and must not be held later on.
  CLUSTR_RETURN_IF_ERROR(WriteAndWait(store_, [&](storage::WriteContext& context) {
    for (const Referred kind : kKinds) {
      int64_t& greatest = held[IndexOf(kind)].greatest;
      greatest = FirstGreatest(context.session(), branch, kind, greatest);
    }
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&mutex_);
  branch_ = branch;
  std::copy(std::begin(held), std::end(held), held_);
  if (!went_back_.exchange(true)) {
    Log(LogLevel::kError, "catalog went back", {{"branch_store_id", branch_}});
  }
  return absl::OkStatus();
}

void CatalogHistory::Saw(const std::string& store_id, int64_t revision) {
  if (went_back_) return;  // What was seen before is still what counts.
  bool first = false;
  {
    absl::MutexLock lock(&mutex_);
    const bool is_new = seen_.empty() || seen_.front().store_id != store_id;
    first = seen_.empty();
    if (is_new) {
      seen_.insert(seen_.begin(), {store_id, revision});
    } else {
      seen_.front().revision = revision;
    }
    if (!is_new && !next_save_.passed()) return;
    next_save_ = Deadline::In(kBetweenSaves);
  }
  Save(store_id, revision, first);
}

void CatalogHistory::Save(const std::string& store_id, int64_t revision, bool forget_others) {
  store_.Submit({.work =
                     [=, this, reloads = reloads_.load()](storage::WriteContext& context) {
                       // What was seen before a restore does not belong into what it brought.
                       if (reloads_ != reloads) return absl::OkStatus();
                       storage::Session& session = context.session();
                       if (forget_others) session.Run("DELETE FROM seen_catalog_histories");
                       storage::Statement& save = session.Prepared(
                           R"sql(
                             INSERT INTO seen_catalog_histories (store_id, revision) VALUES (:s, :r)
                             ON CONFLICT (store_id) DO UPDATE SET revision = excluded.revision)sql",
                           {CellType::kText, CellType::kInteger});
                       save.SetText(0, store_id);
                       save.SetInteger(1, revision);
                       save.Change();
                       session.Run(absl::StrCat(
                           "DELETE FROM seen_catalog_histories WHERE seq NOT IN (SELECT seq FROM "
                           "seen_catalog_histories ORDER BY seq DESC LIMIT ",
                           kKeptHistories, ")"));
                       return absl::OkStatus();
                     },
                 .done = [](const absl::Status&) {}});
}

bool CatalogHistory::Holds(Referred kind, int64_t id) const {
  if (!went_back_.load(std::memory_order_relaxed)) return false;
  absl::MutexLock lock(&mutex_);
  return held_[IndexOf(kind)].Has(id);
}

std::string CatalogHistory::Problem() const {
  if (!went_back_) return "";
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> ranges;
  for (const Referred kind : kKinds) {
    const Range& held = held_[IndexOf(kind)];
    if (held.greatest > held.common) {
      ranges.push_back(absl::StrCat(WordOf(kind), " ", held.common + 1, " to ", held.greatest));
    }
  }
  return absl::StrCat(
      "catalog went back to an older copy of its database",
      ranges.empty() ? ""
                     : absl::StrCat(": ", absl::StrJoin(ranges, ", "),
                                    " of its own numbering may be others than those that purchases "
                                    "refer to, and new writes may not refer to them"),
      "; restore the newest copy of catalog, or check that these are the same, import those that "
      "are "
      "missing, and start clustr-sales with --accept-catalog=",
      branch_);
}

}  // namespace clustr::sales
