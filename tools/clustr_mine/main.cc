// The program clustr-mine; see kUsage.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tools/clustr_mine/fimi_reader.h"
#include "tools/clustr_mine/line_writer.h"
#include "tools/clustr_mine/mine.h"
#include "tools/clustr_mine/options.h"

namespace clustr::mine {
namespace {

enum ExitCode { kDone = 0, kUsageError = 2, kFailed = 3, kLimit = 4 };

ExitCode Fail(const absl::Status& status) {
  std::cerr << "clustr-mine: " << status.message() << '\n';
  if (absl::IsInvalidArgument(status)) return kUsageError;
  return absl::IsResourceExhausted(status) ? kLimit : kFailed;
}

// The peak of resident memory. Not from getrusage, which includes the memory of the parent at the
// time when it started this process.
int64_t PeakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

// Returns the file descriptor to write to, -1 for no output, or -2 if the file cannot be opened.
int OpenOutput(const std::string& output) {
  if (output == "-") return STDOUT_FILENO;
  if (output == "none") return -1;
  const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  return file < 0 ? -2 : file;
}

absl::Status Unwritable(const std::string& output, int error) {
  return absl::UnknownError(absl::StrCat(
      "--output: ", output, " cannot be written: ", std::strerror(error), "; give another file"));
}

ExitCode Run(const Options& options) {
  const absl::Time start = absl::Now();
  absl::StatusOr<Transactions> transactions = ReadBaskets(options.file);
  absl::Status status = transactions.status();
  if (status.ok() && !options.names.empty()) status = ReadNames(options.names, &*transactions);
  if (!status.ok()) {
    Fail(status);
    return kFailed;
  }
  const int output = OpenOutput(options.output);
  if (output == -2) {
    return Fail(Unwritable(options.output, errno));
  }
  const absl::Time read = absl::Now();
  LineWriter writer(output, options.format, transactions->names, transactions->labels);
  const absl::StatusOr<int64_t> found = Mine(*transactions, options, writer);
  const bool written = writer.Flush();
  const double mined = absl::ToDoubleSeconds(absl::Now() - read);
  if (!written) return Fail(Unwritable(options.output, writer.error()));
  if (!found.ok()) return Fail(found.status());
  std::cerr << absl::StreamFormat(
      "{\"transactions\":%d,\"items\":%d,\"read_seconds\":%.6f,\"mine_seconds\":%.6f,"
      "\"write_seconds\":%.6f,\"found\":%d,\"peak_bytes\":%d,\"threads\":%d}\n",
      transactions->view().size(), transactions->names.size(), absl::ToDoubleSeconds(read - start),
      mined - writer.seconds(), writer.seconds(), *found, PeakBytes(), options.threads);
  return kDone;
}

}  // namespace
}  // namespace clustr::mine

int main(int argc, char** argv) {
  using clustr::mine::Options;
  const absl::StatusOr<Options> options =
      clustr::mine::ParseOptions(std::vector<std::string_view>(argv + 1, argv + argc));
  if (!options.ok()) return clustr::mine::Fail(options.status());
  if (options->help) {
    std::cout << clustr::mine::kUsage;
    return clustr::mine::kDone;
  }
  if (options->version) {
    std::cout << "clustr-mine " << CLUSTR_VERSION << '\n';
    return clustr::mine::kDone;
  }
  return clustr::mine::Run(*options);
}
