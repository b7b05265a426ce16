#include "common/schema/wire/entry_limits.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "common/schema/wire/shapes.h"
#include "common/schema/wire/wire_reader.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace clustr::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::internal::WireFormatLite;

// A message whose unknown fields exceed this size is copied without them.
constexpr size_t kMaxUnknownBytes = size_t{64} << 10;
constexpr size_t kUnknownField = 64;  // Memory of an unknown field in addition to its bytes.
// A field of a wire type that there is not, so nothing that ends with it can be decoded.
constexpr char kInvalid = '\x0f';

// Size of the first `count` elements of a packed field, or of all if there are fewer; and their
// number.
struct Elements {
  size_t bytes = 0;
  int64_t count = 0;
};
Elements FirstElements(absl::string_view packed, WireFormatLite::WireType wire, int64_t count) {
  Elements first;
  if (wire != WireFormatLite::WIRETYPE_VARINT) {
    const size_t width = wire == WireFormatLite::WIRETYPE_FIXED64 ? 8 : 4;
    first.count = std::min(count, static_cast<int64_t>(packed.size() / width));
    first.bytes = static_cast<size_t>(first.count) * width;
    return first;
  }
  for (size_t at = 0; at < packed.size() && first.count < count; ++at) {
    if ((static_cast<uint8_t>(packed[at]) & 0x80) != 0) continue;
    ++first.count;
    first.bytes = at + 1;
  }
  return first;
}

void AppendVarint(uint32_t value, std::string* out) {
  uint8_t bytes[5];
  const uint8_t* const end =
      google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(value, bytes);
  out->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(end - bytes));
}

// Reads one message, and looks whether something must be left out or copies what may stay.
class Limiter {
 public:
  explicit Limiter(bool copies) : copies_(copies) {}

  // Whether something must be left out, or was.
  bool exceeded() const { return exceeded_ || unknown_bytes_ > kMaxUnknownBytes; }

  // False if `wire` is not the encoding of a message of `type`. Without copying, it looks at
  // nothing more once something must be left out.
  bool Read(const Descriptor& type, absl::string_view wire, int depth, std::string* out) {
    return depth <= kMaxDepth && Read(ShapesOf(type), wire, depth, out);
  }

 private:
  bool Read(const Shapes& shapes, absl::string_view message, int depth, std::string* out) {
    absl::InlinedVector<int64_t, 16> counts(shapes.counted());
    // Of repeated messages, what is the same for all is looked up once.
    uint32_t last_tag = 0;
    const Shape* shape = nullptr;
    const Shapes* inner = nullptr;
    for (WireReader wire(message); !wire.empty();) {
      if (!copies_ && exceeded()) return true;
      const char* const begin = wire.position();
      uint32_t tag;
      absl::string_view contents;
      if (!wire.ReadTag(&tag) || !wire.ReadField(tag, depth, &contents)) return false;
      if (tag != last_tag) {
        shape = Matching(shapes, tag);
        inner = shape == nullptr || shape->inner == nullptr ? nullptr : &ShapesOf(*shape->inner);
        last_tag = tag;
      }
      const absl::string_view entry(begin, static_cast<size_t>(wire.position() - begin));
      if (shape == nullptr) {
        unknown_bytes_ += entry.size() + kUnknownField;
        continue;
      }
      if (shape->max_entries == INT32_MAX) {
        if (copies_) out->append(entry.data(), entry.size());
        continue;
      }
      int64_t& count = counts[shape->slot];
      // One entry too many stays, for the validator to find.
      const int64_t room = int64_t{shape->max_entries} + (shape->repeated ? 1 : 0) - count;
      if (IsPacked(*shape, tag)) {
        if (!ReadPacked(*shape, tag, contents, room, &count, out)) return false;
      } else if (room <= 0) {
        exceeded_ = true;
        if (!shape->repeated) return false;
      } else if (++count; inner != nullptr) {
        if (!ReadInner(*inner, tag, contents, depth, out)) return false;
      } else if (copies_) {
        out->append(entry.data(), entry.size());
      }
    }
    return true;
  }

  static bool IsPacked(const Shape& shape, uint32_t tag) {
    return shape.packable &&
           WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
  }

  // The field that a tag begins; null if it is unknown.
  static const Shape* Matching(const Shapes& shapes, uint32_t tag) {
    const Shape* const shape =
        shapes.Find(static_cast<uint64_t>(WireFormatLite::GetTagFieldNumber(tag)));
    if (shape == nullptr) return nullptr;
    return shape->wire == WireFormatLite::GetTagWireType(tag) || IsPacked(*shape, tag) ? shape
                                                                                       : nullptr;
  }

  bool ReadPacked(const Shape& shape, uint32_t tag, absl::string_view contents, int64_t room,
                  int64_t* count, std::string* out) {
    const Elements first = FirstElements(contents, shape.wire, room);
    *count += first.count;
    if (first.bytes < contents.size()) {
      if (first.count < room) return false;  // The last element is cut off.
      exceeded_ = true;
    }
    if (copies_) Append(tag, contents.substr(0, first.bytes), out);
    return true;
  }

  bool ReadInner(const Shapes& inner, uint32_t tag, absl::string_view contents, int depth,
                 std::string* out) {
    if (depth == kMaxDepth) return false;
    if (!copies_) return Read(inner, contents, depth + 1, nullptr);
    std::string kept;
    if (!Read(inner, contents, depth + 1, &kept)) return false;
    Append(tag, kept, out);
    return true;
  }

  static void Append(uint32_t tag, absl::string_view contents, std::string* out) {
    AppendVarint(tag, out);
    AppendVarint(static_cast<uint32_t>(contents.size()), out);
    out->append(contents.data(), contents.size());
  }

  const bool copies_;
  bool exceeded_ = false;
  size_t unknown_bytes_ = 0;
};

}  // namespace

std::optional<std::string> WithinEntryLimits(const Descriptor& type, absl::string_view wire) {
  Limiter look(/*copies=*/false);
  const bool valid = look.Read(type, wire, 0, nullptr);
  if (valid && !look.exceeded()) return std::nullopt;
  std::string kept;
  Limiter copy(/*copies=*/true);
  if (!copy.Read(type, wire, 0, &kept)) kept.push_back(kInvalid);
  return kept;
}

std::string TooManyEntries(int64_t size, int64_t max) {
  const bool perhaps_more = size == max + 1;
  return absl::StrCat(perhaps_more ? "more than " : "", perhaps_more ? max : size,
                      " entries; give at most ", max);
}

}  // namespace clustr::schema
