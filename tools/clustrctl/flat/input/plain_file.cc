#include "tools/clustrctl/flat/input/plain_file.h"

#include <unistd.h>
#include <zip.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/importing/byte_source.h"
#include "tools/clustrctl/flat/input/file_kind.h"

namespace clustr::ctl {
namespace {

constexpr size_t kBlock = 64 * 1024;

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

absl::Status Refuse(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(path, " ", why));
}

// The names in an archive that may be files of columns. Sets `workbook` to what the archive is if
// it is a workbook.
std::vector<std::string> Candidates(zip_t* archive, std::string* workbook) {
  std::vector<std::string> names;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
    if (name == nullptr) continue;
    const absl::string_view view(name);
    if (absl::StartsWith(view, "xl/") || view == "[Content_Types].xml") {
      *workbook = "an Excel workbook (.xlsx)";
    }
    if (view == "content.xml") *workbook = "an OpenDocument spreadsheet (.ods)";
    if (absl::StartsWith(view, "Index/") && absl::EndsWith(view, ".iwa")) {
      *workbook = "a Numbers spreadsheet";
    }
    const bool hidden = absl::StrContains(view, "__MACOSX/") || absl::StrContains(view, "/.") ||
                        absl::StartsWith(view, ".") || absl::EndsWith(view, "/");
    if (!hidden) names.emplace_back(name);
  }
  return names;
}

}  // namespace

absl::StatusOr<PlainFile> PlainFile::Open(const std::string& path) {
  PlainFile file;
  file.path_ = path;
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) {
    return Refuse(path,
                  "is a folder; give the file of order lines in it, or leave out --flat to "
                  "import a folder of tables");
  }
  const bool regular = kind == std::filesystem::file_type::regular;
  if (!regular && kind != std::filesystem::file_type::not_found) {
    CLUSTR_RETURN_IF_ERROR(file.CopyPipe());
  }
  absl::StatusOr<importing::ByteSource> source = importing::ByteSource::Open(file.path_);
  if (!source.ok()) return Refuse(path, std::string("cannot be opened: ") + std::strerror(errno));
  std::string head(4096, '\0');
  const absl::StatusOr<size_t> size = source->Read(head.data(), head.size());
  if (!size.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": ", size.status().message()));
  }
  head.resize(*size);
  if (IsZip(head)) {
    const absl::Status copied = file.CopyMember();
    if (!copied.ok()) return Refuse(path, std::string(copied.message()));
    return file;
  }
  const std::string why = WhyNotColumns(head);
  if (!why.empty()) return Refuse(path, why);
  return file;
}

absl::Status PlainFile::StartCopy() {
  copy_.reset(std::tmpfile());
  if (copy_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("needs a temporary file, which cannot be made: ", std::strerror(errno)));
}

absl::Status PlainFile::CopyPipe() {
  const std::unique_ptr<std::FILE, Closer> pipe(std::fopen(path_.c_str(), "rb"));
  if (pipe == nullptr)
    return Refuse(path_, std::string("cannot be opened: ") + std::strerror(errno));
  CLUSTR_RETURN_IF_ERROR(StartCopy());
  std::array<char, kBlock> block;
  while (const size_t count = std::fread(block.data(), 1, block.size(), pipe.get())) {
    if (std::fwrite(block.data(), 1, count, copy_.get()) != count) {
      return Refuse(path_, "cannot be copied: the temporary folder is full");
    }
  }
  std::fflush(copy_.get());
  path_ = absl::StrCat("/proc/self/fd/", fileno(copy_.get()));
  return absl::OkStatus();
}

absl::Status PlainFile::CopyMember() {
  int code = 0;
  const std::unique_ptr<zip_t, CloseZip> archive(zip_open(path_.c_str(), ZIP_RDONLY, &code));
  if (archive == nullptr) {
    return absl::FailedPreconditionError(
        "begins like a zip archive or a workbook, but is damaged; export it again");
  }
  std::string workbook;
  const std::vector<std::string> names = Candidates(archive.get(), &workbook);
  if (!workbook.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("is ", workbook, "; ", kSaveAsCsv));
  }
  if (names.size() != 1) {
    return absl::FailedPreconditionError(absl::StrCat(
        "is a zip archive of ", names.size(), " files", names.empty() ? "" : ": ",
        absl::StrJoin(names, ", "), "; unpack it, and import each file of order lines"));
  }
  member_ = names[0];
  const std::unique_ptr<zip_file_t, CloseMember> member(
      zip_fopen(archive.get(), member_.c_str(), 0));
  if (member == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "is a zip archive whose file ", member_, " cannot be read: ", zip_strerror(archive.get()),
        "; unpack it, and import the file inside"));
  }
  CLUSTR_RETURN_IF_ERROR(StartCopy());
  std::array<char, kBlock> block;
  zip_int64_t count = 0;
  while ((count = zip_fread(member.get(), block.data(), block.size())) > 0) {
    if (std::fwrite(block.data(), 1, static_cast<size_t>(count), copy_.get()) !=
        static_cast<size_t>(count)) {
      return absl::FailedPreconditionError("cannot be unpacked: the temporary folder is full");
    }
  }
  if (count < 0) {
    return absl::FailedPreconditionError("is a damaged zip archive; export it again");
  }
  std::fflush(copy_.get());
  path_ = absl::StrCat("/proc/self/fd/", fileno(copy_.get()));
  std::string head(4096, '\0');
  std::rewind(copy_.get());
  head.resize(std::fread(head.data(), 1, head.size(), copy_.get()));
  const std::string why = WhyNotColumns(head);
  if (why.empty() && !IsZip(head)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "is a zip archive whose file ", member_, " ",
      why.empty() ? absl::StrCat("is a workbook or an archive itself; ", kSaveAsCsv) : why));
}

}  // namespace clustr::ctl
