#include "common/storage/file/wal_check.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

// The formats of both files are described in https://sqlite.org/walformat.html.
namespace clustr::storage {
namespace {

constexpr size_t kHeaderBytes = 32;
constexpr size_t kFrameHeaderBytes = 24;

using Bytes = std::vector<uint8_t>;

uint32_t BigEndian(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

struct Checksum {
  uint32_t a = 0;
  uint32_t b = 0;

  bool operator==(const Checksum&) const = default;

  static Checksum Stored(const uint8_t* bytes) { return {BigEndian(bytes), BigEndian(bytes + 4)}; }

  // Adds bytes, a multiple of 8.
  void Add(const uint8_t* bytes, size_t count, bool big_endian) {
    const auto word = [&](size_t at) {
      uint32_t value;
      std::memcpy(&value, bytes + at, sizeof(value));
      return big_endian ? BigEndian(bytes + at) : value;
    };
    for (size_t at = 0; at < count; at += 8) {
      a += word(at) + b;
      b += word(at + 4) + a;
    }
  }
};

// The frames of a -wal file: each is one page that was written.
class Frames {
 public:
  explicit Frames(const std::string& path) : file_(path, std::ios::binary) {
    header_.resize(kHeaderBytes);
    if (!file_.read(reinterpret_cast<char*>(header_.data()), kHeaderBytes)) header_.clear();
    if (!valid()) return;
    frame_.resize(kFrameHeaderBytes + BigEndian(header_.data() + 8));
  }

  bool valid() const {
    if (header_.empty() || (BigEndian(header_.data()) | 1) != 0x377f0683) return false;
    const uint32_t page = BigEndian(header_.data() + 8);
    if (page < 512 || page > 65536) return false;
    Checksum sum;
    sum.Add(header_.data(), 24, big_endian());
    return sum == HeaderSum();
  }
  Checksum HeaderSum() const { return Checksum::Stored(header_.data() + 24); }
  const uint8_t* salts() const { return header_.data() + 16; }

  // Reads the next frame; false at the end of the file.
  bool Next() {
    return static_cast<bool>(file_.read(reinterpret_cast<char*>(frame_.data()),
                                        static_cast<std::streamsize>(frame_.size())));
  }
  // About the frame read last: whether it was written since the file was last begun anew; whether a
  // transaction ends with it; its checksum; whether that fits its contents, behind a frame with the
  // checksum `before`.
  bool current() const { return std::memcmp(frame_.data() + 8, salts(), 8) == 0; }
  bool commits() const { return BigEndian(frame_.data() + 4) != 0; }
  Checksum sum() const { return Checksum::Stored(frame_.data() + 16); }
  bool Follows(Checksum before) const {
    before.Add(frame_.data(), 8, big_endian());
    before.Add(frame_.data() + kFrameHeaderBytes, frame_.size() - kFrameHeaderBytes, big_endian());
    return current() && before == sum();
  }

 private:
  bool big_endian() const { return (BigEndian(header_.data()) & 1) != 0; }

  std::ifstream file_;
  Bytes header_;
  Bytes frame_;
};

// What a -shm file records.
struct Index {
  uint32_t committed_frames = 0;
  uint32_t copied_frames = 0;  // To the database.
  uint8_t salts[8] = {};
};

// Unset if there is no such file, or if it does not have the two equal copies of its header.
std::optional<Index> ReadIndex(const std::string& path) {
  constexpr size_t kCopyBytes = 48;
  uint8_t bytes[2 * kCopyBytes + 4];
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes), sizeof(bytes))) return std::nullopt;
  Checksum sum;
  sum.Add(bytes, 40, false);
  if (std::memcmp(bytes, bytes + kCopyBytes, kCopyBytes) != 0 ||
      std::memcmp(&sum, bytes + 40, sizeof(sum)) != 0) {
    return std::nullopt;
  }
  Index index;
  std::memcpy(&index.committed_frames, bytes + 16, sizeof(uint32_t));
  std::memcpy(index.salts, bytes + 32, sizeof(index.salts));
  std::memcpy(&index.copied_frames, bytes + 2 * kCopyBytes, sizeof(uint32_t));
  return index;
}

// Reads on behind a frame that cannot be read, which was read last: true if a transaction follows
// the one that holds it. Frames of attempts to commit that failed may follow as well; the checksum
// of the first frame of an attempt does not follow from the frame before it.
bool TransactionFollows(Frames& frames) {
  bool committed = frames.current() && frames.commits();
  Checksum sum = frames.sum();
  while (frames.Next()) {
    if (committed && frames.Follows(sum)) return true;
    committed = frames.current() && frames.commits();
    sum = frames.sum();
  }
  return false;
}

}  // namespace

std::string FindWalDamage(const std::string& path) {
  const std::string wal = path + "-wal";
  const std::string shm = path + "-shm";
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(wal, error);
  const std::optional<Index> index = ReadIndex(shm);
  if (error || size < kHeaderBytes) {
    if (!index.has_value() || index->committed_frames <= index->copied_frames) return "";
    return absl::StrCat("the newest writes were in ", wal, ", which is ",
                        error ? "missing" : "empty", "; put it back, or delete ", shm,
                        " to start without them");
  }
  Frames frames(wal);
  if (!frames.valid()) {
    if (size == kHeaderBytes || (index.has_value() && index->committed_frames == 0)) return "";
    return absl::StrCat("the header of ", wal, " cannot be read");
  }
  uint32_t read = 0;
  uint32_t committed = 0;
  Checksum sum = frames.HeaderSum();
  bool more = false;
  while ((more = frames.Next()) && frames.Follows(sum)) {
    ++read;
    sum = frames.sum();
    if (frames.commits()) committed = read;
  }
  // Attempts to commit that failed can leave frames that look like a transaction behind one. Where
  // there is an index of this file, it knows better.
  const bool is_indexed = index.has_value() && std::memcmp(index->salts, frames.salts(), 8) == 0;
  const bool lacks_commits =
      is_indexed ? committed < index->committed_frames : more && TransactionFollows(frames);
  if (lacks_commits) {
    return absl::StrCat("write ", committed + 1, " of ", wal, " cannot be read");
  }
  return "";
}

}  // namespace clustr::storage
