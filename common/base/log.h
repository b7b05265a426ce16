#ifndef CLUSTR_COMMON_BASE_LOG_H_
#define CLUSTR_COMMON_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The log: one JSON object per line on standard error; docs/operations.md has its schema.
// Thread-safe and non-blocking: another thread writes the lines some milliseconds later, and lines
// are dropped when 4 MiB are waiting. Personal data must never be logged.
namespace clustr {

enum class LogLevel { kInfo, kWarning, kError };

// `info`, `warning` or `error`.
absl::string_view LevelName(LogLevel level);

// Starts the log; `service` is the program's name in every line. Call once, before other threads
// start. Lines logged earlier are lost.
void StartLog(absl::string_view service);

// Lines below `level` are not written from now on. Returns the level before. At first, every line
// is written.
LogLevel SetLogLevel(LogLevel level);

// Writes the waiting lines and ends the writer thread. Lines logged later are lost.
void StopLog();

// Logs `event` with additional text fields. Values are escaped; names must need no escaping.
void Log(LogLevel level, absl::string_view event,
         std::initializer_list<std::pair<absl::string_view, absl::string_view>> fields = {});

// A call that has ended. Texts that are empty are left out of its line.
struct EndedCall {
  absl::string_view method;
  absl::string_view code;
  absl::string_view reason;
  absl::Duration elapsed;
  absl::string_view peer;
  absl::string_view principal;
  absl::string_view trace_id;
  absl::string_view span_id;
};

// Logs a call at the level kInfo, with its duration in milliseconds.
void LogCall(const EndedCall& call);

// The start of a line of the log: its time, level, service and event. The caller appends more
// members and `}`.
std::string LogLineStart(absl::string_view level, absl::string_view event);

// Writes a line that LogLineStart began, whatever the level.
void WriteLogLine(absl::string_view line);

// Appends `text` as a JSON string. What is not UTF-8 becomes U+FFFD.
void AppendJson(std::string* out, absl::string_view text);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_LOG_H_
