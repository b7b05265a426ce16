#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/backup/backup_check.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/backup/backup_file.h"

namespace clustr::ctl {
namespace {

constexpr uint32_t kMaxChunkBytes = 4 << 20;
constexpr size_t kMaxFirstLine = 100;

absl::Status Bad(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", why));
}

// Reads the next chunk; unset at the end of the file.
absl::StatusOr<std::optional<ops::v1::BackupChunk>> ReadChunk(const std::string& path,
                                                              std::ifstream& file) {
  unsigned char bytes[4];
  file.read(reinterpret_cast<char*>(bytes), sizeof(bytes));
  if (file.gcount() == 0 && file.eof()) return std::nullopt;
  const uint32_t size = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | uint32_t{bytes[3]} << 24;
  std::string text;
  if (file.good() && size <= kMaxChunkBytes) {
    text.resize(size);
    file.read(text.data(), size);
  }
  std::optional<ops::v1::BackupChunk> chunk(std::in_place);
  if (!file.good() || size > kMaxChunkBytes || !chunk->ParseFromString(text)) {
    return Bad(
        path, "the backup is cut off or damaged; restore another backup, whole and as it was made");
  }
  return chunk;
}

absl::StatusOr<std::vector<std::string>> ReadFirstLine(const std::string& path,
                                                       std::ifstream& file) {
  if (!file.is_open()) return Bad(path, "cannot be read; give a file of clustrctl backup");
  std::string line;
  char c = 0;
  while (line.size() < kMaxFirstLine && file.get(c) && c != '\n') line.push_back(c);
  absl::string_view services = line;
  if (c != '\n' || !absl::ConsumePrefix(&services, "clustr-backup 1: ")) {
    return Bad(path, "is no backup, or one of a newer version; give a file of clustrctl backup");
  }
  return absl::StrSplit(services, ' ');
}

}  // namespace

absl::StatusOr<std::vector<BackupSection>> CheckBackupFile(
    const std::string& path, absl::FunctionRef<void(double share)> progress) {
  std::ifstream file(path, std::ios::binary);
  CLUSTR_ASSIGN_OR_RETURN(const std::vector<std::string> services, ReadFirstLine(path, file));
  struct stat about;
  const double size = stat(path.c_str(), &about) == 0 ? static_cast<double>(about.st_size) : 1;
  std::vector<BackupSection> sections;
  for (const std::string& service : services) {
    BackupSection section{.header = {}, .end = {}, .offset = file.tellg(), .chunks = 0};
    backup::BackupCheck check;
    while (!check.ended()) {
      CLUSTR_ASSIGN_OR_RETURN(const auto chunk, ReadChunk(path, file));
      const absl::Status next = chunk.has_value() ? check.Next(*chunk).status() : check.Complete();
      if (!next.ok()) return Bad(path, next.message());
      progress(static_cast<double>(file.tellg()) / size);
    }
    section.header = check.header();
    section.end = check.end();
    section.chunks = check.chunks();
    if (section.header.service() != service) {
      return Bad(path, absl::StrCat("holds a backup of ", section.header.service(),
                                    " in place of that of ", service, "; restore another backup"));
    }
    sections.push_back(std::move(section));
  }
  CLUSTR_ASSIGN_OR_RETURN(const auto more, ReadChunk(path, file));
  if (more.has_value()) return Bad(path, "something follows the backup; restore another backup");
  return sections;
}

absl::Status ReadSection(const std::string& path, const BackupSection& section,
                         absl::FunctionRef<bool(const ops::v1::BackupChunk&)> take) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(section.offset);
  backup::BackupCheck check;
  while (!check.ended()) {
    CLUSTR_ASSIGN_OR_RETURN(const auto chunk, ReadChunk(path, file));
    const absl::Status next = chunk.has_value() ? check.Next(*chunk).status() : check.Complete();
    if (!next.ok()) return Bad(path, next.message());
    if (!take(*chunk)) break;
  }
  return absl::OkStatus();
}

}  // namespace clustr::ctl
