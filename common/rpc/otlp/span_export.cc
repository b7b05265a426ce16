#include "common/rpc/otlp/span_export.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/rpc/otlp/retry.h"
#include "common/rpc/otlp/span_message.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace clustr::rpc {
namespace {

namespace otlp = opentelemetry::proto::collector::trace::v1;

constexpr size_t kBatch = 512;
constexpr absl::Duration kDelay = absl::Seconds(1);
constexpr absl::Duration kMinBackoff = absl::Seconds(1);
constexpr absl::Duration kMaxBackoff = absl::Seconds(15);
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kBetweenLines = absl::Minutes(1);

}  // namespace

SpanExport::SpanExport(Tracer* tracer, const ClientChannel* collector, Sender sender)
    : tracer_(*tracer),
      collector_(*collector),
      sender_(std::move(sender)),
      delivery_("spans", collector->address()),
      thread_([this] { Run(); }) {}

SpanExport::~SpanExport() {
  delivery_.End(kEndLimit);
  tracer_.Stop();
  delivery_.AwaitDone();
  thread_.join();
}

void SpanExport::Run() {
  bool ending = false;
  while (true) {
    const std::vector<Span> spans = tracer_.Take(kBatch, kDelay);
    if (spans.empty() && ending) break;
    if (!spans.empty()) Send(MessageOf(spans, sender_), static_cast<int64_t>(spans.size()));
    TellLosses();
    ending = !delivery_.Pause(absl::ZeroDuration());
  }
  delivery_.Done();
}

void SpanExport::Send(const Request& request, int64_t spans) {
  const Deadline give_up = Deadline::In(kPatience);
  absl::Duration backoff = kMinBackoff;
  while (true) {
    otlp::ExportTraceServiceResponse response;
    const grpc::Status status = delivery_.Make([&](grpc::ClientContext* context) {
      return otlp::TraceService::NewStub(collector_.Get())->Export(context, request, &response);
    });
    if (status.ok()) {
      const int64_t refused =
          std::clamp<int64_t>(response.partial_success().rejected_spans(), 0, spans);
      sent_ += spans - refused;
      failed_ += refused;
      return;
    }
    const std::optional<absl::Duration> wanted = RetryAfter(status);
    if (!wanted.has_value() || give_up.passed() || !delivery_.Pause(std::max(*wanted, backoff))) {
      failed_ += spans;
      return;
    }
    backoff = std::min(backoff * 2, kMaxBackoff);
  }
}

void SpanExport::TellLosses() {
  const int64_t lost = tracer_.dropped() + failed();
  if (lost == told_ || !next_line_.passed()) return;
  Log(LogLevel::kWarning, "spans_lost",
      {{"collector", collector_.address()}, {"spans", absl::StrCat(lost - told_)}});
  told_ = lost;
  next_line_ = Deadline::In(kBetweenLines);
}

}  // namespace clustr::rpc
