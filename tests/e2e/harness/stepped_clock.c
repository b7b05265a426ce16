// Preloaded into a server, this library moves its wall clock by the nanoseconds that the file CLUSTR_CLOCK_FILE holds, as
// if somebody set the clock of the machine. The monotonic clock stays as it is.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static const int64_t kSecond = 1000000000;

static int64_t Offset(void) {
  static volatile int64_t* offset;
  if (offset == NULL) {
    const int file = open(getenv("CLUSTR_CLOCK_FILE"), O_RDONLY);
    offset = mmap(NULL, sizeof(*offset), PROT_READ, MAP_SHARED, file, 0);
  }
  return *offset;
}

static void Move(struct timespec* time, int64_t by) {
  const int64_t nanos = time->tv_sec * kSecond + time->tv_nsec + by;
  time->tv_sec = nanos / kSecond;
  time->tv_nsec = nanos % kSecond;
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  static int (*real)(clockid_t, struct timespec*);
  if (real == NULL) real = dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) Move(time, Offset());
  return result;
}

int gettimeofday(struct timeval* restrict time, void* restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

// A wait until a moment of the moved clock becomes one until the same moment of the kernel's clock.
long syscall(long number, ...) {
  static long (*real)(long, ...);
  if (real == NULL) real = dlsym(RTLD_NEXT, "syscall");
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; ++i) a[i] = va_arg(list, long);
  va_end(list);
  struct timespec until;
  if (number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 && a[3] != 0) {
    until = *(const struct timespec*)a[3];
    Move(&until, -Offset());
    a[3] = (long)&until;
  }
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
