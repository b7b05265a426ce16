#include "common/base/log.h"

#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/line_writer.h"

namespace clustr {
namespace {

constexpr size_t kMaxWaitingBytes = size_t{4} << 20;

std::string& ServiceName() {
  static auto* name = new std::string;
  return *name;
}

// The writer is never deleted because a thread may still log while the program exits.
std::atomic<LineWriter*>& Writer() {
  static std::atomic<LineWriter*> writer{nullptr};
  return writer;
}

void AppendJson(std::string* out, absl::string_view text) {
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(out, "\\u%04x", byte);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

std::string LineStart(absl::string_view level, absl::string_view event) {
  std::string line = absl::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()),
      "\",\"level\":\"", level, "\",\"service\":\"", ServiceName(), "\",\"event\":");
  AppendJson(&line, event);
  return line;
}

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "info";
}

void Write(absl::string_view line) {
  if (LineWriter* writer = Writer().load(std::memory_order_acquire)) writer->Put(line);
}

}  // namespace

void StartLog(absl::string_view service) {
  ServiceName() = std::string(service);
  Writer().store(new LineWriter(STDERR_FILENO, kMaxWaitingBytes), std::memory_order_release);
}

void StopLog() {
  if (LineWriter* writer = Writer().load(std::memory_order_acquire)) writer->Finish();
}

void Log(LogLevel level, absl::string_view event,
         std::initializer_list<std::pair<absl::string_view, absl::string_view>> fields) {
  std::string line = LineStart(LevelName(level), event);
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&line, ",\"", name, "\":");
    AppendJson(&line, value);
  }
  line.push_back('}');
  Write(line);
}

void LogCall(absl::string_view method, absl::string_view code, absl::string_view message,
             absl::Duration elapsed) {
  std::string line = LineStart("info", "call");
  absl::StrAppend(&line, ",\"method\":\"", method, "\",\"code\":\"", code,
                  "\",\"ms\":", absl::ToDoubleMilliseconds(elapsed));
  if (!message.empty()) {
    absl::StrAppend(&line, ",\"reason\":");
    AppendJson(&line, message);
  }
  line.push_back('}');
  Write(line);
}

}  // namespace clustr
