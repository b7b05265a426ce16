#include "common/rpc/row_calls.h"

#include <algorithm>
#include <thread>

namespace clustr::rpc {
namespace {

// Of the requests that wait. Most are far smaller than the 4 MiB that one may have.
constexpr int64_t kReadBytes = 16 << 20;
constexpr int64_t kWriteBytes = 64 << 20;
// Of the batches that all imports hold in memory. While they hold more, no import reads ahead.
constexpr int64_t kImportBytes = 16 << 20;

}  // namespace

int CoreCount() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

const char RowCalls::kDefaults[] =
    "reads=1024,scans=256,writes=2048,imports=16,exports=32,streams=64";

RowCalls::RowCalls(const CallLimits& limits)
    : reads(limits.Of("reads", "reads of rows by id", kReadBytes), CoreCount(), limits.max_call(),
            "ask for fewer rows at once"),
      scans(limits.Of("scans", "lists and exports", kReadBytes), CoreCount(), limits.max_call(),
            "filter and order by indexed fields, or export the rows and filter them yourself"),
      writes(limits.Of("writes", "writes", kWriteBytes)),
      imports(limits.Of("imports", "imports", kImportBytes)),
      exports(limits.Of("exports", "open exports", kReadBytes)),
      streams(limits.Of("streams", "open change streams", kReadBytes)),
      pauses(limits.max_pause()) {}

}  // namespace clustr::rpc
