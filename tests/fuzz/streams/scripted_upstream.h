#ifndef CLUSTR_TESTS_FUZZ_STREAMS_SCRIPTED_UPSTREAM_H_
#define CLUSTR_TESTS_FUZZ_STREAMS_SCRIPTED_UPSTREAM_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::fuzz {

// What a stream sends, and then stays open.
struct Script {
  std::vector<std::string> messages;  // As they are sent; need not be messages.
  // Streams that are open already are refused to resume, so that their followers start over;
  // otherwise they break off, and their followers resume.
  bool starts_over = true;
  bool ends = false;  // The stream ends behind the messages, with OK.
  // If given, streams may only resume this history, as those of a real server; others start over.
  std::string history = "";
};

// One side of an upstream: plays a script on every stream. Thread-safe.
class Player {
 public:
  // Ends the open streams; later ones play `script`.
  void Play(Script script);

  // Waits until as many streams have sent everything, or have ended before; false after `timeout`.
  bool AwaitPlayed(int streams, absl::Duration timeout);

  // Number of streams that were opened.
  int opened() const;

  // Opens a stream that resumes behind a revision of a history.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Open(int64_t after_revision,
                                                   const std::string& store_id);

 private:
  class Stream;

  mutable absl::Mutex mutex_;
  int opened_ ABSL_GUARDED_BY(mutex_) = 0;
  Script script_ ABSL_GUARDED_BY(mutex_);
  int version_ ABSL_GUARDED_BY(mutex_) = 0;
  int played_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_set<Stream*> idle_ ABSL_GUARDED_BY(mutex_);
};

// A server in this process that streams like sales and like catalog. Nothing else of either is
// there.
class ScriptedUpstream {
 public:
  ScriptedUpstream();
  ~ScriptedUpstream();

  Player& sales() { return sales_; }
  Player& catalog() { return catalog_; }
  const std::string& address() const { return address_; }

 private:
  Player sales_;
  Player catalog_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_STREAMS_SCRIPTED_UPSTREAM_H_
