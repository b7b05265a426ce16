#ifndef CLUSTR_COMMON_BASE_LOG_H_
#define CLUSTR_COMMON_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// One JSON object a line on standard error. Thread-safe; lines are written some milliseconds later
// by another thread, and dropped rather than that a caller waits. Never give personal data.
namespace clustr {

enum class LogLevel { kInfo, kWarning, kError };

// Names the program in every line. Call once, before other threads start; until then lines are
// lost.
void StartLog(absl::string_view service);

// Writes what waits and ends the writer thread. Lines that come later are lost.
void StopLog();

// One event with further text fields.
void Log(LogLevel level, absl::string_view event,
         std::initializer_list<std::pair<absl::string_view, absl::string_view>> fields = {});

// One finished call.
void LogCall(absl::string_view method, absl::string_view code, absl::string_view message,
             absl::Duration elapsed);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_LOG_H_
