#include "tests/common/storage/file/damaged_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace clustr::storage {
namespace {

constexpr size_t kPage = 4096;

using Random = std::mt19937_64;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void WriteFile(const std::string& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
}

size_t Below(size_t limit, Random& random) {
  return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
}

void FlipBit(std::string& file, size_t from, size_t bytes, Random& random) {
  file[from + Below(bytes, random)] ^= static_cast<char>(1 << Below(8, random));
}

// Overwrites `bytes` bytes with `byte`; looks for a place where that changes something.
void Overwrite(std::string& file, size_t bytes, size_t step, char byte, Random& random) {
  const std::string before = file;
  while (file == before) {
    const size_t at = Below((file.size() - bytes) / step + 1, random) * step;
    file.replace(at, bytes, bytes, byte);
  }
}

void Garble(std::string& file, size_t bytes, Random& random) {
  const size_t at = Below(file.size() - bytes, random);
  for (size_t i = 0; i < bytes; ++i) file[at + i] = static_cast<char>(Below(256, random));
}

size_t OtherPage(const std::string& file, size_t page, Random& random) {
  const size_t pages = file.size() / kPage;
  size_t other = page;
  while (other == page || file.compare(other * kPage, kPage, file, page * kPage, kPage) == 0) {
    other = Below(pages, random);
  }
  return other;
}

}  // namespace

DatabaseFiles DatabaseFiles::Read(const std::string& path) {
  return {ReadFile(path), ReadFile(path + "-wal"), ReadFile(path + "-shm")};
}

void DatabaseFiles::Write(const std::string& path) const {
  WriteFile(path, database);
  for (const auto& [name, contents] : {std::pair("-wal", &wal), std::pair("-shm", &shm)}) {
    std::filesystem::remove(path + name);
    if (!contents->empty()) WriteFile(path + name, *contents);
  }
}

std::vector<Kind> DatabaseKinds() {
  const auto change = [](auto damage) {
    return [damage](DatabaseFiles& files, Random& random) { damage(files.database, random); };
  };
  return {
      {"a bit of the header", change([](auto& file, auto& r) { FlipBit(file, 0, 100, r); })},
      {"a bit of page 1", change([](auto& file, auto& r) { FlipBit(file, 100, kPage - 100, r); })},
      {"a bit", change([](auto& file, auto& r) { FlipBit(file, 0, file.size(), r); })},
      {"a page of zeros", change([](auto& file, auto& r) { Overwrite(file, kPage, kPage, 0, r); })},
      {"a sector of zeros", change([](auto& file, auto& r) { Overwrite(file, 512, 512, 0, r); })},
      {"a sector of ones", change([](auto& file, auto& r) { Overwrite(file, 512, 512, -1, r); })},
      {"garbled bytes", change([](auto& file, auto& r) { Garble(file, 1 + Below(200, r), r); })},
      {"two pages swapped", change([](auto& file, auto& r) {
         const size_t a = Below(file.size() / kPage, r);
         const size_t b = OtherPage(file, a, r);
         std::swap_ranges(file.begin() + a * kPage, file.begin() + (a + 1) * kPage,
                          file.begin() + b * kPage);
       })},
      {"a page in place of another", change([](auto& file, auto& r) {
         const size_t a = Below(file.size() / kPage, r);
         file.replace(a * kPage, kPage, file.substr(OtherPage(file, a, r) * kPage, kPage));
       })},
      {"cut off", change([](auto& file, auto& r) { file.resize(Below(file.size(), r)); })},
      {"cut off behind a page",
       change([](auto& file, auto& r) { file.resize(Below(file.size() / kPage, r) * kPage); })},
      {"the second half lost", change([](auto& file, auto&) {
         std::fill(file.begin() + file.size() / 2, file.end(), '\0');
       })},
  };
}

std::vector<Kind> WalKinds(const DatabaseFiles& other) {
  const auto change = [](auto damage) {
    return [damage](DatabaseFiles& files, Random& random) { damage(files.wal, random); };
  };
  return {
      {"wal: a bit", change([](auto& file, auto& r) { FlipBit(file, 0, file.size(), r); })},
      {"wal: a bit of the header", change([](auto& file, auto& r) { FlipBit(file, 0, 32, r); })},
      {"wal: a sector of zeros",
       change([](auto& file, auto& r) { Overwrite(file, 512, 512, 0, r); })},
      {"wal: cut off", change([](auto& file, auto& r) { file.resize(Below(file.size(), r)); })},
      {"wal: missing", change([](auto& file, auto&) { file.clear(); })},
      {"wal: of another database",
       [other](DatabaseFiles& files, Random&) {
         files.wal = other.wal;
         files.shm = other.shm;
       }},
      {"wal: a bit, without shm",
       [](DatabaseFiles& files, Random& r) {
         // The last transaction may be one that a power cut left half written.
         FlipBit(files.wal, 0, files.wal.size() / 2, r);
         files.shm.clear();
       }},
      {"shm: garbled", [](DatabaseFiles& files, Random& r) { Garble(files.shm, 200, r); }},
      {"shm: missing", [](DatabaseFiles& files, Random&) { files.shm.clear(); }},
  };
}

}  // namespace clustr::storage
