#include "common/base/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/line_writer.h"

namespace clustr {
namespace {

constexpr size_t kMaxWaitingBytes = size_t{4} << 20;
constexpr size_t kUsualLine = 512;  // Bytes that most lines do not exceed.

std::string& ServiceName() {
  static auto* name = new std::string;
  return *name;
}

// The writer is never deleted because a thread may still log while the program exits.
std::atomic<LineWriter*>& Writer() {
  static std::atomic<LineWriter*> writer{nullptr};
  return writer;
}

std::atomic<LogLevel>& Threshold() {
  static std::atomic<LogLevel> threshold{LogLevel::kInfo};
  return threshold;
}

bool IsWritten(LogLevel level) { return level >= Threshold().load(std::memory_order_relaxed); }

// Length of the UTF-8 sequence that `text` begins with; 0 if it begins with none.
size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  const unsigned first = byte(0);
  const size_t length = first < 0x80   ? 1
                        : first < 0xC2 ? 0
                        : first < 0xE0 ? 2
                        : first < 0xF0 ? 3
                        : first < 0xF5 ? 4
                                       : 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Longer than needed, a surrogate, or beyond the last code point.
  const bool refused = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                       (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F);
  return refused ? 0 : length;
}

// True for what stands for itself in a JSON string, and is ASCII.
bool IsPlain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

// The second in the form `2026-11-28T14:03:59`, in UTC. Valid until the thread asks again: it keeps
// the last one, as to format it takes longer than all else in a line.
const std::string& SecondText(int64_t unix_seconds) {
  thread_local int64_t known = -1;
  thread_local std::string text;
  if (unix_seconds != known) {
    text = absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(unix_seconds),
                            absl::UTCTimeZone());
    known = unix_seconds;
  }
  return text;
}

void AppendMember(std::string* line, absl::string_view name, absl::string_view value) {
  if (value.empty()) return;
  absl::StrAppend(line, ",\"", name, "\":");
  AppendJson(line, value);
}

}  // namespace

void AppendJson(std::string* out, absl::string_view text) {
  out->push_back('"');
  for (size_t at = 0; at < text.size();) {
    size_t plain = at;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out->append(text.data() + at, plain - at);
    at = plain;
    if (at == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = SequenceLength(text.substr(at));
    if (byte == '"' || byte == '\\') {
      out->push_back('\\');
      out->push_back(text[at]);
    } else if (byte < 0x80) {
      absl::StrAppendFormat(out, "\\u%04x", byte);
    } else if (length == 0) {
      out->append("\\ufffd");
    } else {
      out->append(text.data() + at, length);
    }
    at += std::max<size_t>(length, 1);
  }
  out->push_back('"');
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

std::string LogLineStart(absl::string_view level, absl::string_view event) {
  const int64_t now_ms = absl::ToUnixMillis(absl::Now());
  std::string line;
  line.reserve(kUsualLine);
  line.append("{\"time\":\"").append(SecondText(now_ms / 1000)).append(1, '.');
  const int64_t ms = now_ms % 1000;
  for (const int64_t place : {100, 10, 1}) line.push_back(static_cast<char>('0' + ms / place % 10));
  absl::StrAppend(&line, "Z\",\"level\":\"", level, "\",\"service\":\"", ServiceName(),
                  "\",\"event\":");
  AppendJson(&line, event);
  return line;
}

void WriteLogLine(absl::string_view line) {
  if (LineWriter* writer = Writer().load(std::memory_order_acquire)) writer->Put(line);
}

void StartLog(absl::string_view service) {
  ServiceName() = std::string(service);
  const auto dropped = [](int64_t lines) {
    return absl::StrCat(LogLineStart("warning", "log_lines_dropped"), ",\"lines\":", lines, "}");
  };
  Writer().store(new LineWriter(STDERR_FILENO, kMaxWaitingBytes, dropped),
                 std::memory_order_release);
}

LogLevel SetLogLevel(LogLevel level) { return Threshold().exchange(level); }

void StopLog() {
  if (LineWriter* writer = Writer().load(std::memory_order_acquire)) writer->Finish();
}

void Log(LogLevel level, absl::string_view event,
         std::initializer_list<std::pair<absl::string_view, absl::string_view>> fields) {
  if (!IsWritten(level)) return;
  std::string line = LogLineStart(LevelName(level), event);
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&line, ",\"", name, "\":");
    AppendJson(&line, value);
  }
  line.push_back('}');
  WriteLogLine(line);
}

void LogCall(const EndedCall& call) {
  if (!IsWritten(LogLevel::kInfo)) return;
  std::string line = LogLineStart("info", "call");
  absl::StrAppend(&line, ",\"method\":\"", call.method, "\",\"code\":\"", call.code,
                  "\",\"ms\":", absl::ToDoubleMilliseconds(call.elapsed));
  AppendMember(&line, "reason", call.reason);
  AppendMember(&line, "peer", call.peer);
  AppendMember(&line, "principal", call.principal);
  AppendMember(&line, "trace_id", call.trace_id);
  AppendMember(&line, "span_id", call.span_id);
  line.push_back('}');
  WriteLogLine(line);
}

}  // namespace clustr
