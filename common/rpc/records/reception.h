#ifndef CLUSTR_COMMON_RPC_RECORDS_RECEPTION_H_
#define CLUSTR_COMMON_RPC_RECORDS_RECEPTION_H_

#include <memory>

#include "common/rpc/access/gatekeeper.h"
#include "common/rpc/records/audit_log.h"
#include "common/rpc/records/call_metrics.h"
#include "common/rpc/tracing/trace.h"
#include "common/rpc/tracing/tracer.h"
#include "grpcpp/server_context.h"

namespace clustr::rpc {

// What the calls of a server pass: the gatekeeper when they arrive, and the records of their ends.
// Thread-safe.
struct Reception {
  std::unique_ptr<Gatekeeper> gatekeeper;
  std::unique_ptr<AuditLog> audit;
  CallMetrics metrics;
  Tracer* tracer = nullptr;  // Null if this server sends no spans. Borrowed.
};

// Makes the contexts of the calls of a server, which know its reception. Borrows it.
std::unique_ptr<grpc::ContextAllocator> ContextsOf(Reception* reception);

// The reception of the server that this call arrived at; nullptr if that has none, like the servers
// of some tests: then everybody may do everything, and nothing is recorded.
Reception* ReceptionOf(const grpc::ServerContextBase& context);

// What the gatekeeper decides about a call of `method`. It decides once, and the context remembers
// it as long as it lives. For one thread at a time.
const Admission& Admit(const grpc::ServerContextBase& context, const Method& method);

// The place of a call in a trace, which the context remembers likewise.
Trace TraceOf(const grpc::ServerContextBase& context);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_RECEPTION_H_
