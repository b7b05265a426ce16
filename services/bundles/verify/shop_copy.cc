#include "services/bundles/verify/shop_copy.h"

#include <type_traits>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "common/streaming/finish_stream.h"
#include "common/streaming/inspection/set_aside.h"
#include "services/bundles/state/from_stream.h"

namespace clustr::bundles {
namespace {

// The copy may be ahead of the published states. It then pauses this long for a state at its
// revisions.
constexpr absl::Duration kPatience = absl::Milliseconds(200);

}  // namespace

ShopCopy::ShopCopy(const streaming::Upstream& sales, const streaming::Upstream& catalog,
                   const PublishedStates* states, const rpc::Revisions& wanted,
                   const rpc::Trace& trace)
    : states_(*states),
      wanted_(wanted),
      sales_stub_(sales::v1::SalesStreamService::NewStub(sales.channel())),
      catalog_stub_(catalog::v1::CatalogStreamService::NewStub(catalog.channel())),
      sales_span_(trace.Child(), *sales::v1::StreamSalesRequest::descriptor(), sales.address(),
                  &sales_context_),
      catalog_span_(trace.Child(), *catalog::v1::StreamCatalogRequest::descriptor(),
                    catalog.address(), &catalog_context_) {
  sales_thread_ = std::thread([this] {
    Read<sales::v1::StreamSalesRequest>(
        "sales", [&](auto* context, const auto& r) { return sales_stub_->StreamSales(context, r); },
        &sales_context_, &sales_span_, &sales_);
  });
  catalog_thread_ = std::thread([this] {
    Read<catalog::v1::StreamCatalogRequest>(
        "catalog",
        [&](auto* context, const auto& r) { return catalog_stub_->StreamCatalog(context, r); },
        &catalog_context_, &catalog_span_, &catalog_);
  });
}

template <class Request, class Reader>
void ShopCopy::Read(const std::string& upstream, Reader open, grpc::ClientContext* context,
                    rpc::ClientSpan* span, Position* position) {
  using Response =
      std::conditional_t<std::is_same_v<Request, sales::v1::StreamSalesRequest>,
                         sales::v1::StreamSalesResponse, catalog::v1::StreamCatalogResponse>;
  Request request;
  request.set_follow(true);
  const auto reader = open(context, request);
  Response message;
  streaming::SetAside set_aside;
  std::string why;
  while (why.empty() && reader->Read(&message)) {
    why = set_aside.Take(&message);
    if (!why.empty()) context->TryCancel();
    absl::MutexLock lock(&mutex_);
    if (ended_ || !why.empty()) continue;
    ApplyChanges(message, &shop_);
    if constexpr (std::is_same_v<Response, sales::v1::StreamSalesResponse>) {
      baskets_read_ += message.changes_size();
    }
    *position = {message.revision(), message.revision() == message.head_revision()};
    LookForMatch();
    changed_.NotifyAll();
  }
  const grpc::Status ended = streaming::FinishStream(*reader, context);
  span->End(ended);
  absl::MutexLock lock(&mutex_);
  if (ended_) return;
  ended_ = true;
  changed_.NotifyAll();
  status_ = MakeError(
      common::v1::ERROR_REASON_UPSTREAM,
      absl::StrCat("the stream of ", upstream, " broke (",
                   why.empty() ? absl::StatusCodeToString(rpc::FromGrpc(ended).code()) : why,
                   ") before the copy was complete; try again"),
      {{"service", std::string(upstream)}});
}

void ShopCopy::LookForMatch() {
  const rpc::Revisions here = {sales_.revision, catalog_.revision};
  if (!sales_.exact || !catalog_.exact || !here.Covers(wanted_)) return;
  if (!states_.AwaitCovering(here, kPatience)) return;
  matched_ = states_.Find(here);
  if (matched_ == nullptr) return;
  ended_ = true;
  status_ = absl::OkStatus();
}

bool ShopCopy::Await(int64_t more, absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const int64_t enough = baskets_read_ + more;
  const auto satisfied = [this, enough]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return ended_ || baskets_read_ >= enough;
  };
  changed_.WaitUntil(&mutex_, Deadline::In(timeout), satisfied);
  return ended_;
}

int64_t ShopCopy::baskets_read() const {
  absl::MutexLock lock(&mutex_);
  return baskets_read_;
}

void ShopCopy::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  sales_context_.TryCancel();
  catalog_context_.TryCancel();
  if (sales_thread_.joinable()) sales_thread_.join();
  if (catalog_thread_.joinable()) catalog_thread_.join();
}

absl::Status ShopCopy::status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

}  // namespace clustr::bundles
