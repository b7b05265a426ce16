#ifndef CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_
#define CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_

#include <atomic>
#include <cstdint>

namespace clustr::rpc {

// A member of every reactor, which lives as long as its call does: it counts the calls that this
// process is carrying out, so that a server that drains knows when the last one has ended.
// Thread-safe.
class CallUnderWay {
 public:
  CallUnderWay() { count_.fetch_add(1, std::memory_order_relaxed); }
  ~CallUnderWay() { count_.fetch_sub(1, std::memory_order_release); }
  CallUnderWay(const CallUnderWay&) = delete;
  CallUnderWay& operator=(const CallUnderWay&) = delete;

  // Calls of all servers of this process. Those of health and reflection are not counted.
  static int64_t Count() { return count_.load(std::memory_order_acquire); }

 private:
  static inline std::atomic<int64_t> count_ = 0;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CALL_UNDER_WAY_H_
