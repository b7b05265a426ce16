#include "common/rpc/connections/memory_return.h"

#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace clustr::rpc {
namespace {

constexpr int kPeriodMs = 3'000;
// So much is worth a trim.
constexpr int64_t kMinWaste = int64_t{16} << 20;

// Resident bytes that are not in use by the program: free blocks, and the code itself.
int64_t UnusedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return ResidentBytes() - static_cast<int64_t>(info.uordblks + info.hblkhd);
}

}  // namespace

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  statm >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

MemoryReturn::MemoryReturn() : stop_(eventfd(0, EFD_CLOEXEC)), thread_([this] { Run(); }) {}

MemoryReturn::~MemoryReturn() {
  eventfd_write(stop_, 1);
  thread_.join();
  close(stop_);
}

void MemoryReturn::Run() {
  int64_t floor = UnusedBytes();  // What a trim leaves.
  pollfd stop = {stop_, POLLIN, 0};
  while (poll(&stop, 1, kPeriodMs) <= 0) {
    const int64_t unused = UnusedBytes();
    floor = std::min(floor, unused);
    if (unused < floor + kMinWaste) continue;
    malloc_trim(0);
    floor = UnusedBytes();
  }
}

}  // namespace clustr::rpc
