#ifndef CLUSTR_TESTS_CHAOS_DISK_CONTROL_H_
#define CLUSTR_TESTS_CHAOS_DISK_CONTROL_H_

#include <atomic>
#include <cstdint>

namespace clustr::chaos {

// Kinds of calls that SQLite makes to a disk, as bits of a mask.
enum Operation : int64_t {
  kRead = 1,
  kWrite = 2,
  kSync = 4,
  kTruncate = 8,
  kSize = 16,
  kOpen = 32,
  kDelete = 64,
  kLock = 128,
  kMapIndex = 256,  // Of the shared index of the WAL.
};

// Kinds of files, as bits of a mask.
enum FileKind : int64_t { kDatabase = 1, kWal = 2, kJournal = 4, kOther = 8 };

// What a test asks of the disk while the server runs: a file of 256 bytes that both map. The order
// of the fields is that of FIELDS in disk/disk.py. All are 0 at first, which asks for nothing.
struct Control {
  std::atomic<int64_t> loaded;  // Set by the library: the process id of the server.

  // The power fails at the `cut_countdown`-th operation of these kinds; counts down to 0.
  std::atomic<int64_t> cut_countdown;
  std::atomic<int64_t> cut_operations;
  std::atomic<int64_t> cut_files;
  std::atomic<int64_t> seed;  // Decides what survives the power cut.

  // The `error_countdown`-th operation of these kinds fails, and, if `error_for_ever`, all after
  // it.
  std::atomic<int64_t> error_countdown;
  std::atomic<int64_t> error_operations;
  std::atomic<int64_t> error_files;
  std::atomic<int64_t> error_for_ever;

  std::atomic<int64_t> stalled;   // While not 0, xSync does not return.
  std::atomic<int64_t> capacity;  // Unless 0, no file grows beyond so many bytes: SQLITE_FULL.

  std::atomic<int64_t> clock_offset;  // Nanoseconds that the wall clock is ahead.

  // Counted by the library.
  std::atomic<int64_t> operations;  // Of all kinds, on files that are not kOther.
  std::atomic<int64_t> writes;
  std::atomic<int64_t> syncs;
  std::atomic<int64_t> database_writes;  // Made by checkpoints.
  std::atomic<int64_t> errors;           // Operations that were made to fail.

  // Set to 1 by a test when another process has synced all files; set to 0 by the library.
  std::atomic<int64_t> flushed;
};

// Maps the file that the environment variable CLUSTR_CHAOS_DISK names, once. Returns a control of
// its own, which asks for nothing, if the variable is unset; ends the process if the file cannot be
// mapped. Thread-safe.
Control* MapControl();

}  // namespace clustr::chaos

#endif  // CLUSTR_TESTS_CHAOS_DISK_CONTROL_H_
