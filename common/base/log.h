#ifndef CLUSTR_COMMON_BASE_LOG_H_
#define CLUSTR_COMMON_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The log: one JSON object per line on standard error. Thread-safe and non-blocking: another thread
// writes the lines some milliseconds later, and lines are dropped when 4 MiB are waiting. Personal
// data must never be logged.
namespace clustr {

enum class LogLevel { kInfo, kWarning, kError };

// Starts the log; `service` is the program's name in every line. Call once, before other threads
// start. Lines logged earlier are lost.
void StartLog(absl::string_view service);

// Writes the waiting lines and ends the writer thread. Lines logged later are lost.
void StopLog();

// Logs `event` with additional text fields. Values are escaped; names must need no escaping.
void Log(LogLevel level, absl::string_view event,
         std::initializer_list<std::pair<absl::string_view, absl::string_view>> fields = {});

// Logs a finished call with its duration in milliseconds; `message` is left out if it is empty.
void LogCall(absl::string_view method, absl::string_view code, absl::string_view message,
             absl::Duration elapsed);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_LOG_H_
