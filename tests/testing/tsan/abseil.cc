#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

// Tells ThreadSanitizer how Debian's Abseil orders threads, which it does not see, because that
// library is built without it. The linker passes each call of a function that is listed in
// CMakeLists.txt beside this file to the one here with the label __wrap_NAME; the label __real_NAME
// is Abseil's own.
extern "C" {

// Abseil's own functions.
void RealLock(absl::Mutex*) __asm__("__real__ZN4absl7debian35Mutex4LockEv");
void RealUnlock(absl::Mutex*) __asm__("__real__ZN4absl7debian35Mutex6UnlockEv");
bool RealTryLock(absl::Mutex*) __asm__("__real__ZN4absl7debian35Mutex7TryLockEv");
bool RealWait(absl::CondVar*, absl::Mutex*, absl::Duration)
    __asm__("__real__ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
void RealNotify(absl::Notification*) __asm__("__real__ZN4absl7debian312Notification6NotifyEv");
bool RealWaitFor(const absl::Notification*, absl::Duration)
    __asm__("__real__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
bool RealDecrement(absl::BlockingCounter*)
    __asm__("__real__ZN4absl7debian315BlockingCounter14DecrementCountEv");
void RealWaitForZero(absl::BlockingCounter*)
    __asm__("__real__ZN4absl7debian315BlockingCounter4WaitEv");

}  // extern "C"

namespace {

// HasBeenNotified is inline: it reads this word, which stands behind the mutex.
void* WordOf(const absl::Notification* notification) {
  return const_cast<char*>(reinterpret_cast<const char*>(notification)) + sizeof(absl::Mutex);
}

}  // namespace

extern "C" {

void Lock(absl::Mutex* mutex) __asm__("__wrap__ZN4absl7debian35Mutex4LockEv");
void Lock(absl::Mutex* mutex) {
  __tsan_mutex_pre_lock(mutex, __tsan_mutex_linker_init);
  RealLock(mutex);
  __tsan_mutex_post_lock(mutex, __tsan_mutex_linker_init, 0);
}

void Unlock(absl::Mutex* mutex) __asm__("__wrap__ZN4absl7debian35Mutex6UnlockEv");
void Unlock(absl::Mutex* mutex) {
  __tsan_mutex_pre_unlock(mutex, 0);
  RealUnlock(mutex);
  __tsan_mutex_post_unlock(mutex, 0);
}

bool TryLock(absl::Mutex* mutex) __asm__("__wrap__ZN4absl7debian35Mutex7TryLockEv");
bool TryLock(absl::Mutex* mutex) {
  const unsigned flags = __tsan_mutex_linker_init | __tsan_mutex_try_lock;
  __tsan_mutex_pre_lock(mutex, flags);
  const bool locked = RealTryLock(mutex);
  __tsan_mutex_post_lock(mutex, flags | (locked ? 0 : __tsan_mutex_try_lock_failed), 0);
  return locked;
}

// Abseil would evaluate the condition inside of itself, where ThreadSanitizer takes the mutex for
// free, so these wait in steps.
bool AwaitFor(absl::Mutex* mutex, const absl::Condition* condition, absl::Duration timeout)
    __asm__("__wrap__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
bool AwaitFor(absl::Mutex* mutex, const absl::Condition* condition, absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  while (!condition->Eval()) {
    if (absl::Now() >= end) return false;
    Unlock(mutex);
    absl::SleepFor(absl::Milliseconds(1));
    Lock(mutex);
  }
  return true;
}

void Await(absl::Mutex* mutex, const absl::Condition* condition)
    __asm__("__wrap__ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
void Await(absl::Mutex* mutex, const absl::Condition* condition) {
  AwaitFor(mutex, condition, absl::InfiniteDuration());
}

bool WaitFor(absl::CondVar* variable, absl::Mutex* mutex, absl::Duration timeout)
    __asm__("__wrap__ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
bool WaitFor(absl::CondVar* variable, absl::Mutex* mutex, absl::Duration timeout) {
  __tsan_mutex_pre_unlock(mutex, 0);
  __tsan_mutex_post_unlock(mutex, 0);
  const bool timed_out = RealWait(variable, mutex, timeout);
  __tsan_mutex_pre_lock(mutex, 0);
  __tsan_mutex_post_lock(mutex, 0, 0);
  return timed_out;
}

void Wait(absl::CondVar* variable, absl::Mutex* mutex)
    __asm__("__wrap__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
void Wait(absl::CondVar* variable, absl::Mutex* mutex) {
  WaitFor(variable, mutex, absl::InfiniteDuration());
}

void Notify(absl::Notification* notification)
    __asm__("__wrap__ZN4absl7debian312Notification6NotifyEv");
void Notify(absl::Notification* notification) {
  __tsan_release(WordOf(notification));
  RealNotify(notification);
}

bool NotifiedWithin(const absl::Notification* notification, absl::Duration timeout)
    __asm__("__wrap__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
bool NotifiedWithin(const absl::Notification* notification, absl::Duration timeout) {
  const bool notified = RealWaitFor(notification, timeout);
  if (notified) __tsan_acquire(WordOf(notification));
  return notified;
}

void Notified(const absl::Notification* notification)
    __asm__("__wrap__ZNK4absl7debian312Notification19WaitForNotificationEv");
void Notified(const absl::Notification* notification) {
  NotifiedWithin(notification, absl::InfiniteDuration());
}

bool Decrement(absl::BlockingCounter* counter)
    __asm__("__wrap__ZN4absl7debian315BlockingCounter14DecrementCountEv");
bool Decrement(absl::BlockingCounter* counter) {
  __tsan_release(counter);
  return RealDecrement(counter);
}

void WaitForZero(absl::BlockingCounter* counter)
    __asm__("__wrap__ZN4absl7debian315BlockingCounter4WaitEv");
void WaitForZero(absl::BlockingCounter* counter) {
  RealWaitForZero(counter);
  __tsan_acquire(counter);
}

// The references to an absl::Status are counted in part inside of Abseil, where ThreadSanitizer does
// not see the order of its changes.
const char* __tsan_default_suppressions() {
  return "race:absl::debian3::Status::Unref\nrace:absl::debian3::status_internal::\n";
}

}  // extern "C"
