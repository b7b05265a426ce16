#ifndef CLUSTR_COMMON_STORAGE_FILE_DAMAGE_H_
#define CLUSTR_COMMON_STORAGE_FILE_DAMAGE_H_

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace clustr::storage {

// Whether a database is known to be damaged. It stays so until the server ends.
// Thread-safe.
class Damage {
 public:
  // What is wrong with a database and what to do about it, for an operator.
  using Text = std::string (*)(absl::string_view name, absl::string_view what);

  // `name` names the database in messages: the path of its file, or its server. `text` makes the
  // sentence of Problem.
  Damage(std::string name, Text text) : name_(std::move(name)), text_(text) {}
  Damage(const Damage&) = delete;
  Damage& operator=(const Damage&) = delete;

  // Records what was found, for example `page 7 does not have its checksum`. Only the first find is
  // kept; it is logged, and the listener is called once.
  void Report(absl::string_view what);

  // Sets what to call, once, when damage is found: at once if it was found before. It is called on
  // the thread that found the damage, maybe within a statement, so it must not use the database.
  void OnFound(std::function<void()> listener);

  bool found() const { return found_.load(std::memory_order_acquire); }

  // What was found and what to do about it, for an operator; empty if nothing was found.
  std::string Problem() const;

  // OK, or DATA_LOSS with reason DATABASE_DAMAGED.
  absl::Status Check() const;

 private:
  const std::string name_;
  const Text text_;
  std::atomic<bool> found_{false};
  mutable absl::Mutex mutex_;
  std::string what_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> listener_ ABSL_GUARDED_BY(mutex_);
};

// The text of Damage for the file of a database.
std::string DamageText(absl::string_view path, absl::string_view what);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_DAMAGE_H_
