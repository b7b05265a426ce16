#include "tests/fuzz/streams/scripted_upstream.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/sales/v1/sales_stream_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/rpc/status.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/server_builder.h"

namespace clustr::fuzz {

using Reactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

// One open stream. The mutex of its player guards it.
class Player::Stream final : public Reactor {
 public:
  Stream(Player* player, int64_t after_revision, const std::string& store_id) : player_(*player) {
    absl::MutexLock lock(&player_.mutex_);
    version_ = player_.version_;
    ++player_.opened_;
    const std::string& history = player_.script_.history;
    if (after_revision > 0 && !history.empty() && store_id != history) {
      EndWith(/*starts_over=*/true);
    } else {
      Next();
    }
  }

  // The player has another script, and this stream waits.
  void End(const Script& script) { EndWith(script.starts_over); }

 private:
  void EndWith(bool starts_over) {
    ended_ = true;
    Finish(starts_over ? rpc::ToGrpc(MakeError(common::v1::ERROR_REASON_RESUME_REFUSED,
                                               "another script begins"))
                       : grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut"));
  }

  void Next() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (ended_) return;
    if (cancelled_) {
      ended_ = true;
      return Finish(grpc::Status::CANCELLED);
    }
    if (version_ != player_.version_) return End(player_.script_);
    if (sent_ < player_.script_.messages.size()) {
      const grpc::Slice slice(player_.script_.messages[sent_++]);
      message_ = grpc::ByteBuffer(&slice, 1);
      return StartWrite(&message_);
    }
    Count();
    if (player_.script_.ends) {
      ended_ = true;
      return Finish(grpc::Status::OK);
    }
    player_.idle_.insert(this);
  }

  void Count() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (!counted_ && version_ == player_.version_) ++player_.played_;
    counted_ = true;
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&player_.mutex_);
    cancelled_ = cancelled_ || !ok;
    Next();
  }

  void OnCancel() override {
    absl::MutexLock lock(&player_.mutex_);
    cancelled_ = true;
    if (player_.idle_.erase(this) > 0) Next();
  }

  void OnDone() override {
    {
      absl::MutexLock lock(&player_.mutex_);
      Count();
      player_.idle_.erase(this);
    }
    delete this;
  }

  Player& player_;
  int version_ = 0;
  size_t sent_ = 0;
  bool counted_ = false;
  bool cancelled_ = false;
  bool ended_ = false;
  grpc::ByteBuffer message_;
};

void Player::Play(Script script) {
  absl::MutexLock lock(&mutex_);
  script_ = std::move(script);
  ++version_;
  played_ = 0;
  for (Stream* stream : std::exchange(idle_, {})) stream->End(script_);
}

bool Player::AwaitPlayed(int streams, absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto played = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return played_ >= streams; };
  return mutex_.AwaitWithTimeout(absl::Condition(&played), timeout);
}

int Player::opened() const {
  absl::MutexLock lock(&mutex_);
  return opened_;
}

Reactor* Player::Open(int64_t after_revision, const std::string& store_id) {
  return new Stream(this, after_revision, store_id);
}

namespace {

// Opens a stream of `player` as the encoded request asks.
template <class Request>
Reactor* OpenAs(Player& player, grpc::ByteBuffer request) {
  Request asked;
  if (!grpc::SerializationTraits<Request>::Deserialize(&request, &asked).ok()) asked.Clear();
  return player.Open(asked.after_revision(), asked.store_id());
}

class Sales final : public sales::v1::SalesStreamService::WithRawCallbackMethod_StreamSales<
                        sales::v1::SalesStreamService::Service> {
 public:
  explicit Sales(Player* player) : player_(*player) {}
  Reactor* StreamSales(grpc::CallbackServerContext*, const grpc::ByteBuffer* request) override {
    return OpenAs<sales::v1::StreamSalesRequest>(player_, *request);
  }

 private:
  Player& player_;
};

class Catalog final : public catalog::v1::CatalogStreamService::WithRawCallbackMethod_StreamCatalog<
                          catalog::v1::CatalogStreamService::Service> {
 public:
  explicit Catalog(Player* player) : player_(*player) {}
  Reactor* StreamCatalog(grpc::CallbackServerContext*, const grpc::ByteBuffer* request) override {
    return OpenAs<catalog::v1::StreamCatalogRequest>(player_, *request);
  }

 private:
  Player& player_;
};

}  // namespace

ScriptedUpstream::ScriptedUpstream() {
  services_.push_back(std::make_unique<Sales>(&sales_));
  services_.push_back(std::make_unique<Catalog>(&catalog_));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  for (const auto& service : services_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

ScriptedUpstream::~ScriptedUpstream() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

}  // namespace clustr::fuzz
