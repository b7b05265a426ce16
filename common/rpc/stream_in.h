#ifndef CLUSTR_COMMON_RPC_STREAM_IN_H_
#define CLUSTR_COMMON_RPC_STREAM_IN_H_

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_slots.h"
#include "common/base/pause_watch.h"
#include "common/base/thread_pool.h"
#include "common/rpc/call.h"
#include "common/rpc/connections/connection.h"
#include "common/schema/refused_field.h"
#include "common/schema/unknown_fields.h"
#include "common/storage/store.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::rpc {

// Handles the messages of one client stream for a service, in their order.
template <class Request, class Response>
class BatchSink {
 public:
  virtual ~BatchSink() = default;

  // One message on its way through the calls below; a sink derives its own type.
  class Batch {
   public:
    virtual ~Batch() = default;
    Request request;
    size_t bytes = 0;  // Memory that the request takes, about.
  };
  virtual std::unique_ptr<Batch> NewBatch() = 0;

  // Checks the batch and does whatever must not hold up the writer. On the pool, for one batch at a
  // time and in order. An error ends the stream.
  virtual absl::Status Prepare(Batch& batch) = 0;
  // Writes the batch. On the writer thread, in a savepoint of its own, which an error rolls back.
  virtual absl::Status Write(storage::WriteContext& context, Batch& batch) = 0;
  // Called after the batch is durable, for one batch at a time but in any order.
  virtual void Committed(Batch& batch) = 0;

  // True if nothing is to be stored; see storage::WriteJob. Called after the first Prepare.
  virtual bool validate_only() const = 0;
  // Fills the answer after the last batch; `head` is the newest revision.
  virtual absl::Status Answer(int64_t head, Response* response) = 0;
};

// UNIMPLEMENTED for message `number` (from 1) of a stream, which cannot be decoded as `request`.
absl::Status UndecodableMessage(int64_t number, const google::protobuf::Descriptor& request);

// A client stream whose messages are written in batches, each committed by itself. While one batch
// is written, the next is checked and a third is read; no more are held. The first error ends the
// stream; what was committed before stays. While the streams of its class hold all the bytes
// that they may, none reads ahead but holds one batch at a time. The stream is ended, too,
// if everything that came has been written and the client pauses (see PauseWatch). Deletes itself
// when gRPC is done.
//
// It reads bytes and decodes them itself: gRPC's own reader takes a message that cannot be decoded
// for the end of the stream, so rows would be lost with status OK. Here it is UNIMPLEMENTED, as in
// a unary call.
template <class Request, class Response>
class StreamIn final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  using Sink = BatchSink<Request, Response>;
  using Batch = typename Sink::Batch;

  // Begins to read, with a slot that it keeps until its end; without one, it ends with the error,
  // and so it does if the caller may not make this call. Borrows response, pool, store and pauses;
  // owns the sink.
  StreamIn(const grpc::CallbackServerContext& context, grpc::ByteBuffer* response, ThreadPool& pool,
           storage::Store& store, absl::StatusOr<CallSlots::Slot> slot, PauseWatch* pauses,
           std::unique_ptr<Sink> sink);

 private:
  static constexpr size_t kMaxHeld = 3;  // Batches.

  // A batch passes through these, in this order.
  void ReadNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MayRead() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnReadDone(bool ok) override;
  void Received() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Counts a batch of `bytes` that is held from now on, or no longer.
  void Hold(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LetGo(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PrepareWaiting();
  // The next batch to prepare; nullptr if there is none, or the stream failed.
  std::unique_ptr<Batch> TakeWaiting();
  void Written(std::shared_ptr<Batch> batch, const absl::Status& status);

  // The client has sent too little for too long, on the thread of the watch: less than 1 KiB a
  // second on its connection, or no whole message in ten pauses.
  void Paused();

  // Answers once nothing is under way and nothing more can come. Called after each step.
  void EndIfDone() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Answer() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void OnCancel() override;
  void OnDone() override;

  CallUnderWay under_way_;
  grpc::ByteBuffer* const response_;
  ThreadPool& pool_;
  storage::Store& store_;
  absl::StatusOr<CallSlots::Slot> slot_;
  PauseWatch& pauses_;
  const std::unique_ptr<Sink> sink_;
  Response answer_;

  // Belong to the read that is under way, if any.
  grpc::ByteBuffer bytes_;
  std::unique_ptr<Batch> incoming_;

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Batch>> waiting_ ABSL_GUARDED_BY(mutex_);  // To be prepared.
  size_t held_ ABSL_GUARDED_BY(mutex_) = 0;        // Batches that are read and not yet written.
  size_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // Their memory.
  int64_t decoded_count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool preparing_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);       // First error of a batch.
  absl::Status read_status_ ABSL_GUARDED_BY(mutex_);  // Why nothing more can be read.
  bool gave_up_ ABSL_GUARDED_BY(mutex_) = false;      // A message that still arrives is dropped.
  PauseWatch::Stream pause_;  // While it waits for a message. The first to be destroyed.
};

// Implementation.

template <class Request, class Response>
StreamIn<Request, Response>::StreamIn(const grpc::CallbackServerContext& context,
                                      grpc::ByteBuffer* response, ThreadPool& pool,
                                      storage::Store& store, absl::StatusOr<CallSlots::Slot> slot,
                                      PauseWatch* pauses, std::unique_ptr<Sink> sink)
    : under_way_(context, MethodOf<Request>()),
      response_(response),
      pool_(pool),
      store_(store),
      slot_(std::move(slot)),
      pauses_(*pauses),
      sink_(std::move(sink)),
      pause_(
          pauses, [this] { Paused(); }, Connection::ArrivedFrom(context.peer())) {
  absl::MutexLock lock(&mutex_);
  status_ = under_way_.admitted();
  status_.Update(slot_.status());
  ReadNext();
  EndIfDone();
}

template <class Request, class Response>
void StreamIn<Request, Response>::ReadNext() {
  if (!MayRead()) return;
  incoming_ = sink_->NewBatch();
  reading_ = true;
  pause_.Begin();
  StartRead(&bytes_);
}

template <class Request, class Response>
bool StreamIn<Request, Response>::MayRead() const {
  if (reading_ || read_all_ || !status_.ok() || held_ == kMaxHeld) return false;
  return held_ == 0 || slot_->HasRoom();
}

template <class Request, class Response>
void StreamIn<Request, Response>::OnReadDone(bool ok) {
  pause_.End();
  const size_t length = bytes_.Length();
  if (ok) under_way_.AddReceived(length);
  const bool decoded =
      ok && grpc::SerializationTraits<Request>::Deserialize(&bytes_, &incoming_->request).ok();
  if (decoded) {
    schema::DropUnknownFields(&incoming_->request);
    incoming_->bytes = CallUnderWay::HeldBytes(length, &incoming_->request);
  }
  absl::MutexLock lock(&mutex_);
  if (gave_up_) return;
  reading_ = false;
  if (decoded) {
    Received();
  } else {
    read_all_ = true;
    // The batches before are written all the same.
    if (ok) read_status_ = UndecodableMessage(decoded_count_ + 1, *Request::descriptor());
  }
  EndIfDone();
}

template <class Request, class Response>
void StreamIn<Request, Response>::Received() {
  Hold(incoming_->bytes);
  if (++decoded_count_ == 1) under_way_.KeepTouched(incoming_->request);
  waiting_.push_back(std::move(incoming_));
  if (!preparing_) {
    preparing_ = true;
    pool_.Run([this] { PrepareWaiting(); });
  }
  ReadNext();
}

template <class Request, class Response>
void StreamIn<Request, Response>::Hold(size_t bytes) {
  ++held_;
  held_bytes_ += bytes;
  slot_->Hold(held_bytes_);
}

template <class Request, class Response>
void StreamIn<Request, Response>::LetGo(size_t bytes) {
  --held_;
  held_bytes_ -= bytes;
  slot_->Hold(held_bytes_);
}

template <class Request, class Response>
void StreamIn<Request, Response>::PrepareWaiting() {
  while (std::shared_ptr<Batch> batch = TakeWaiting()) {
    if (absl::Status prepared = sink_->Prepare(*batch); !prepared.ok()) {
      Written(std::move(batch), prepared);
      continue;
    }
    store_.Submit(
        {[this, batch](storage::WriteContext& context) { return sink_->Write(context, *batch); },
         [this, batch](const absl::Status& status) { Written(batch, status); },
         sink_->validate_only(), /*bulk=*/true});
  }
}

template <class Request, class Response>
std::unique_ptr<typename StreamIn<Request, Response>::Batch>
StreamIn<Request, Response>::TakeWaiting() {
  absl::MutexLock lock(&mutex_);
  if (!status_.ok()) {
    for (const std::unique_ptr<Batch>& batch : waiting_) LetGo(batch->bytes);
    waiting_.clear();
  }
  if (waiting_.empty()) {
    preparing_ = false;
    EndIfDone();
    return nullptr;
  }
  std::unique_ptr<Batch> batch = std::move(waiting_.front());
  waiting_.pop_front();
  return batch;
}

template <class Request, class Response>
void StreamIn<Request, Response>::Written(std::shared_ptr<Batch> batch,
                                          const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  LetGo(batch->bytes);
  if (status.ok()) {
    sink_->Committed(*batch);
  } else if (status_.ok()) {
    status_ = schema::WithFacts(status, batch->request);
  }
  ReadNext();
  EndIfDone();
}

template <class Request, class Response>
void StreamIn<Request, Response>::Paused() {
  absl::MutexLock lock(&mutex_);
  if (!reading_) return;  // A message has come just now.
  // While there is work, it is not the client who keeps the place.
  if (held_ > 0 || preparing_) return pause_.Begin();
  gave_up_ = true;
  reading_ = false;
  read_all_ = true;
  read_status_ = pauses_.TooLong("sent");
  EndIfDone();
}

template <class Request, class Response>
void StreamIn<Request, Response>::EndIfDone() {
  if (ended_ || reading_ || preparing_ || held_ > 0 || (status_.ok() && !read_all_)) return;
  ended_ = true;
  if (status_.ok()) status_ = read_status_;
  if (status_.ok() && cancelled_) status_ = GoneError(true);
  if (status_.ok()) status_ = Answer();
  under_way_.AddSent(response_->Length());
  under_way_.End(status_, nullptr, &answer_);
  Finish(ToGrpc(status_));
}

template <class Request, class Response>
absl::Status StreamIn<Request, Response>::Answer() {
  absl::Status status = sink_->Answer(store_.head_revision(), &answer_);
  bool own_buffer = false;
  if (status.ok()) {
    if constexpr (requires { answer_.summary().failed_count(); }) {
      if (!sink_->validate_only()) under_way_.CountImported(answer_.summary());
    }
    under_way_.Cover(&answer_);
    grpc::SerializationTraits<Response>::Serialize(answer_, response_, &own_buffer);
  }
  return status;
}

template <class Request, class Response>
void StreamIn<Request, Response>::OnCancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
}

template <class Request, class Response>
void StreamIn<Request, Response>::OnDone() {
  // The thread that called Finish may still hold the lock.
  { absl::MutexLock lock(&mutex_); }
  delete this;
}

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_STREAM_IN_H_
