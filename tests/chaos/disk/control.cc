#include "tests/chaos/disk/control.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace clustr::chaos {

Control* MapControl() {
  const char* path = std::getenv("CLUSTR_CHAOS_DISK");
  if (path == nullptr) return new Control();
  const int file = open(path, O_RDWR | O_CLOEXEC);
  void* memory = file < 0
                     ? MAP_FAILED
                     : mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    std::fprintf(stderr, "chaos disk: cannot map %s\n", path);
    std::abort();
  }
  close(file);
  auto* control = static_cast<Control*>(memory);
  control->loaded.store(getpid());
  return control;
}

}  // namespace clustr::chaos
