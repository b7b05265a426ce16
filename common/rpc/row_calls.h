#ifndef CLUSTR_COMMON_RPC_ROW_CALLS_H_
#define CLUSTR_COMMON_RPC_ROW_CALLS_H_

#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/pause_watch.h"
#include "common/rpc/call_limits.h"

namespace clustr::rpc {

// The classes of calls of a service that owns rows. Thread-safe.
struct RowCalls {
  // The limits of these classes, as CallLimits::FlagsOf takes them.
  static const char kDefaults[];

  explicit RowCalls(const CallLimits& limits);

  CallQueue reads;    // Reads of rows by their ids.
  CallQueue scans;    // Pages of lists, and batches of exports.
  CallSlots writes;   // Writes until they are acknowledged.
  CallSlots imports;  // Imports that are open.
  CallSlots exports;  // Exports that are open.
  CallSlots streams;  // Change streams that are open.
  PauseWatch pauses;  // Ends imports and exports whose clients pause.
};

// Number of threads for work that only computes and reads: the cores of this machine.
int CoreCount();

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ROW_CALLS_H_
