#include "common/rpc/admin/server_status.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/connections/memory_return.h"

namespace clustr::rpc {
namespace {

double SecondsOf(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + duration.nanos() * 1e-9;
}

void AddCalls(const CallMetrics& calls, Metrics* metrics) {
  calls.ForEach([&](const CallMetrics::OfMethod& of) {
    for (int code = 0; code < CallMetrics::kCodes; ++code) {
      const Histogram* seconds = of.seconds[static_cast<size_t>(code)].load();
      if (seconds == nullptr) continue;
      metrics->Add(
          "rpc_server_call_duration_seconds",
          "Time from the arrival of a call to its end, by the code it ended with.",
          seconds->state(),
          {{"rpc_method", of.method.name},
           {"rpc_status_code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}});
    }
  });
  calls.ForEach([&](const CallMetrics::OfMethod& of) {
    metrics->Add("rpc_server_request_size_bytes",
                 "Size of the request of a call that ended, of a stream all its messages together.",
                 of.received.state(), {{"rpc_method", of.method.name}});
  });
  calls.ForEach([&](const CallMetrics::OfMethod& of) {
    metrics->Add("rpc_server_response_size_bytes",
                 "Size of the answer of a call that ended, of a stream all its messages together.",
                 of.sent.state(), {{"rpc_method", of.method.name}});
  });
  calls.ForEach([&](const CallMetrics::OfMethod& of) {
    metrics->Gauge("clustr_calls_under_way", "Calls that have arrived and not ended.",
                   static_cast<double>(of.under_way.load()), {{"rpc_method", of.method.name}});
  });
}

void AddImportedRows(const CallMetrics::ImportedRows& rows, Metrics* metrics) {
  for (const auto& [result, count] :
       {std::pair<const char*, const std::atomic<int64_t>*>("stored", &rows.stored),
        {"unchanged", &rows.unchanged},
        {"refused", &rows.refused}}) {
    metrics->Counter("clustr_imported_rows_total", "Rows of imports that have ended, by result.",
                     static_cast<double>(count->load()), {{"result", result}});
  }
}

void AddQueues(const ops::v1::GetStatusResponse& status, Metrics* metrics) {
  const auto& queues = status.call_queues();
  for (const auto& queue : queues) {
    metrics->Gauge("clustr_queue_waiting_calls",
                   "Calls that count towards the limit of their class.",
                   static_cast<double>(queue.waiting_count()), {{"class", queue.name()}});
  }
  for (const auto& queue : queues) {
    metrics->Gauge("clustr_queue_limit_calls", "The limit of the class.",
                   static_cast<double>(queue.max_count()), {{"class", queue.name()}});
  }
  for (const auto& queue : queues) {
    metrics->Gauge("clustr_queue_running_calls",
                   "Calls that have left the queue of their class and are being carried out.",
                   static_cast<double>(queue.running_count()), {{"class", queue.name()}});
  }
  for (const auto& queue : queues) {
    metrics->Gauge("clustr_queue_oldest_wait_seconds",
                   "How long the oldest of the waiting calls of the class has waited.",
                   SecondsOf(queue.oldest_wait()), {{"class", queue.name()}});
  }
  for (const auto& queue : queues) {
    metrics->Counter("clustr_queue_refused_calls_total",
                     "Calls that were refused because their class was full.",
                     static_cast<double>(queue.refused_count()), {{"class", queue.name()}});
  }
}

void AddUpstreams(const ops::v1::GetStatusResponse& status, Metrics* metrics) {
  const auto& upstreams = status.upstreams();
  for (const auto& upstream : upstreams) {
    metrics->Gauge("clustr_upstream_connected", "1 while the stream of the upstream is open.",
                   upstream.connected() ? 1 : 0, {{"upstream", upstream.name()}});
  }
  for (const auto& upstream : upstreams) {
    metrics->Gauge("clustr_upstream_applied_revision",
                   "Newest revision of the upstream that this server has applied.",
                   static_cast<double>(upstream.applied_revision()),
                   {{"upstream", upstream.name()}});
  }
  for (const auto& upstream : upstreams) {
    metrics->Gauge("clustr_upstream_head_revision",
                   "Newest revision that the stream of the upstream has announced.",
                   static_cast<double>(upstream.head_revision()), {{"upstream", upstream.name()}});
  }
  for (const auto& upstream : upstreams) {
    metrics->Gauge("clustr_upstream_lag_seconds",
                   "Time since this server last held the newest revision of the upstream.",
                   SecondsOf(upstream.lag()), {{"upstream", upstream.name()}});
  }
  for (const auto& upstream : upstreams) {
    metrics->Counter("clustr_upstream_refused_messages_total",
                     "Messages of the upstream that were refused, as no such service sends them.",
                     static_cast<double>(upstream.refused_count()),
                     {{"upstream", upstream.name()}});
  }
  for (const auto& upstream : upstreams) {
    metrics->Gauge("clustr_upstream_set_aside_rows",
                   "Rows of the upstream that are set aside, as no such service stores them.",
                   static_cast<double>(upstream.set_aside_count()),
                   {{"upstream", upstream.name()}});
  }
}

}  // namespace

ServerStatus::ServerStatus(std::string name, Program* program, std::vector<Problem> problems)
    : name_(std::move(name)),
      program_(*program),
      problems_(std::move(problems)),
      start_(absl::Now()) {}

void ServerStatus::Fill(ops::v1::GetStatusResponse* status) const {
  status->set_service(name_);
  status->set_version(CLUSTR_VERSION);
  status->mutable_start_time()->set_seconds(absl::ToUnixSeconds(start_));
  status->set_resident_bytes(ResidentBytes());
  program_.AddStatus(status);
  for (const Problem& problem : problems_) {
    // A program that follows others may have reported the same files.
    const std::string text = problem();
    const auto& known = status->problems();
    if (!text.empty() && std::find(known.begin(), known.end(), text) == known.end()) {
      status->add_problems(text);
    }
  }
}

void ServerStatus::AddMetrics(const CallMetrics& calls, Metrics* metrics) const {
  ops::v1::GetStatusResponse status;
  Fill(&status);
  AddCalls(calls, metrics);
  AddImportedRows(calls.imported_rows, metrics);
  metrics->Gauge("clustr_build_info", "1; the label tells the version of this server.", 1,
                 {{"version", status.version()}});
  metrics->Gauge("clustr_start_time_seconds", "Time at which this server started.",
                 static_cast<double>(status.start_time().seconds()));
  metrics->Gauge("clustr_resident_memory_bytes", "Resident memory of the process.",
                 static_cast<double>(status.resident_bytes()));
  metrics->Gauge("clustr_revision", "Newest revision of this server.",
                 static_cast<double>(status.revision()));
  metrics->Gauge("clustr_problems", "Number of problems that GetStatus reports.",
                 status.problems_size());
  std::vector<std::pair<std::string, int64_t>> rows(status.row_counts().begin(),
                                                    status.row_counts().end());
  std::sort(rows.begin(), rows.end());
  for (const auto& [kind, count] : rows) {
    metrics->Gauge("clustr_rows", "Number of rows, baskets and rules.", static_cast<double>(count),
                   {{"kind", kind}});
  }
  AddQueues(status, metrics);
  AddUpstreams(status, metrics);
  program_.AddMetrics(metrics);
}

}  // namespace clustr::rpc
