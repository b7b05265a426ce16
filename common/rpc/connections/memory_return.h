#ifndef CLUSTR_COMMON_RPC_CONNECTIONS_MEMORY_RETURN_H_
#define CLUSTR_COMMON_RPC_CONNECTIONS_MEMORY_RETURN_H_

#include <cstdint>
#include <thread>

namespace clustr::rpc {

// Resident memory of this process in bytes.
int64_t ResidentBytes();

// Gives memory that a burst took back to the system some seconds later. The allocator of glibc
// keeps what was freed between blocks in use; malloc_trim returns it, which takes time for each
// free page. So it is done only when at least 16 MiB more are unused than after the last time.
class MemoryReturn {
 public:
  // Starts a thread.
  MemoryReturn();
  // Joins it.
  ~MemoryReturn();
  MemoryReturn(const MemoryReturn&) = delete;
  MemoryReturn& operator=(const MemoryReturn&) = delete;

 private:
  void Run();

  const int stop_;  // An eventfd.
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CONNECTIONS_MEMORY_RETURN_H_
