#ifndef CLUSTR_COMMON_RPC_STREAM_IN_H_
#define CLUSTR_COMMON_RPC_STREAM_IN_H_

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call.h"
#include "common/storage/store.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::rpc {

// What is done with the messages of a client stream, in their order.
template <class Request, class Response>
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  // One message on its way; T is the sink's own.
  class Batch {
   public:
    virtual ~Batch() = default;
    Request request;
  };
  virtual std::unique_ptr<Batch> NewBatch() = 0;
  // On the pool, one batch at a time: checks, and whatever must not hold up the writer.
  virtual absl::Status Prepare(Batch& batch) = 0;
  // On the writer thread, in a savepoint of its own.
  virtual absl::Status Write(storage::WriteContext& context, Batch& batch) = 0;
  // After the batch is durable; batches may be told of in another order, one at a time.
  virtual void Committed(Batch& batch) = 0;
  // Nothing is written: see WriteJob. Asked after the first Prepare.
  virtual bool validate_only() const = 0;
  // The answer, after the last batch; `head` is the newest revision.
  virtual absl::Status Answer(int64_t head, Response* response) = 0;
};

// A client stream whose messages are written in batches, committed as they go. While one batch is
// written the next is checked and a third is read; no more than that is ever held. The first error
// ends it; what was committed stays.
//
// Reads bytes and decodes them itself: gRPC's own reader takes a message that cannot be decoded for
// the end of the stream, and rows would be lost with status OK. Here it is UNIMPLEMENTED, as in a
// unary call.
template <class Request, class Response>
class StreamIn final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  using Sink = BatchSink<Request, Response>;
  using Batch = typename Sink::Batch;

  StreamIn(grpc::ByteBuffer* response, ThreadPool& pool, storage::Store& store,
           std::unique_ptr<Sink> sink)
      : response_(response),
        pool_(pool),
        store_(store),
        sink_(std::move(sink)),
        start_(absl::Now()) {
    absl::MutexLock lock(&mutex_);
    ReadNext();
  }

 private:
  static constexpr size_t kMaxHeld = 3;

  void ReadNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (reading_ || read_all_ || !status_.ok() || held_ == kMaxHeld) return;
    incoming_ = sink_->NewBatch();
    reading_ = true;
    StartRead(&bytes_);
  }

  void OnReadDone(bool ok) override {
    const bool decoded =
        ok && grpc::SerializationTraits<Request>::Deserialize(&bytes_, &incoming_->request).ok();
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (!ok) {
      read_all_ = true;
    } else if (!decoded) {
      read_all_ = true;  // What came before is written all the same.
      read_status_ = DecodingError();
    } else {
      ++held_;
      ++decoded_count_;
      waiting_.push_back(std::move(incoming_));
      if (!preparing_) {
        preparing_ = true;
        pool_.Run([this] { PrepareWaiting(); });
      }
      ReadNext();
    }
    EndIfDone();
  }

  absl::Status DecodingError() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return absl::UnimplementedError(absl::StrCat(
        "message ", decoded_count_ + 1, " of the stream cannot be decoded as ",
        Request::descriptor()->full_name(), "; send that message, its texts in UTF-8"));
  }

  void PrepareWaiting() {
    while (true) {
      std::unique_ptr<Batch> batch;
      {
        absl::MutexLock lock(&mutex_);
        if (!status_.ok()) {
          held_ -= waiting_.size();
          waiting_.clear();
        }
        if (waiting_.empty()) {
          preparing_ = false;
          EndIfDone();
          return;
        }
        batch = std::move(waiting_.front());
        waiting_.pop_front();
      }
      absl::Status prepared = sink_->Prepare(*batch);
      std::shared_ptr<Batch> shared = std::move(batch);
      if (!prepared.ok()) {
        Written(std::move(shared), prepared);
        continue;
      }
      store_.Submit({[this, shared](storage::WriteContext& context) {
                       return sink_->Write(context, *shared);
                     },
                     [this, shared](const absl::Status& status) { Written(shared, status); },
                     sink_->validate_only()});
    }
  }

  void Written(std::shared_ptr<Batch> batch, const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    --held_;
    if (status.ok()) {
      sink_->Committed(*batch);
    } else if (status_.ok()) {
      status_ = status;
    }
    ReadNext();
    EndIfDone();
  }

  void EndIfDone() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ended_ || reading_ || preparing_ || held_ > 0 || (status_.ok() && !read_all_)) return;
    ended_ = true;
    if (status_.ok()) status_ = read_status_;
    if (status_.ok() && cancelled_) status_ = GoneError(true);
    if (status_.ok()) status_ = Answer();
    LogCall(MethodOf(*Request::descriptor()), CodeName(status_.code()),
            ReasonName(ReasonOf(status_)), absl::Now() - start_);
    Finish(ToGrpc(status_));
  }

  absl::Status Answer() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Response answer;
    absl::Status status = sink_->Answer(store_.head_revision(), &answer);
    bool own_buffer = false;
    if (status.ok()) {
      grpc::SerializationTraits<Response>::Serialize(answer, response_, &own_buffer);
    }
    return status;
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  void OnDone() override {
    // Finish may be running in another thread that still holds the lock.
    { absl::MutexLock lock(&mutex_); }
    delete this;
  }

  grpc::ByteBuffer* const response_;
  ThreadPool& pool_;
  storage::Store& store_;
  const std::unique_ptr<Sink> sink_;
  const absl::Time start_;

  // Of the read under way, and nobody else's until it is done.
  grpc::ByteBuffer bytes_;
  std::unique_ptr<Batch> incoming_;

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Batch>> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t held_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t decoded_count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool preparing_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);       // Of what was read.
  absl::Status read_status_ ABSL_GUARDED_BY(mutex_);  // Why nothing more can be read.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STREAM_IN_H_
