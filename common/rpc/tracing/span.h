#ifndef CLUSTR_COMMON_RPC_TRACING_SPAN_H_
#define CLUSTR_COMMON_RPC_TRACING_SPAN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/tracing/trace.h"

namespace clustr::rpc {

// A call that has ended, as a trace shows it. A value. It has no value of any field, no message of
// an error, and nothing about who called: those may be personal, and spans leave the process.
struct Span {
  enum class Kind {
    kServer,  // A call that arrived here.
    kClient,  // A call to another service.
  };

  Trace trace;
  Kind kind = Kind::kServer;
  absl::string_view method;  // `package.Service/Method`. Valid as long as the process.
  std::string server;        // HOST:PORT that was called, of kClient.
  int64_t end_unix_nanos = 0;
  absl::Duration elapsed;
  absl::StatusCode code = absl::StatusCode::kOk;
  absl::string_view reason;  // Name of the reason of its error, or "". Valid like `method`.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_TRACING_SPAN_H_
