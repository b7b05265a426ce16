#include "common/schema/entry_limits.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace clustr::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// As protobuf's own.
constexpr int kMaxDepth = 100;
// How often a field that holds one message may occur; a proper encoding has it once.
constexpr int kMaxMerges = 4;
// What unknown fields may take, with so much for each, before it is worth a copy to leave them out.
constexpr size_t kMaxUnknownBytes = size_t{64} << 10;
constexpr size_t kUnknownField = 64;
// A field of a wire type that there is not, so nothing that ends with it can be decoded.
constexpr char kInvalid = '\x0f';

// What may be at a number of a message.
struct Shape {
  WireFormatLite::WireType wire;  // Of one entry.
  int max_entries;                // INT32_MAX for a scalar that is not repeated.
  bool repeated;
  bool packable;
  size_t slot;                    // Its place in the counts of its message.
  const Descriptor* inner;        // Of a message; null for other fields.
};
using Shapes = absl::flat_hash_map<uint32_t, Shape>;

Shape ShapeOf(const FieldDescriptor& field) {
  const options::v1::Field& options = FieldOptions(field);
  const bool message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  int most = message ? kMaxMerges : INT32_MAX;
  if (field.is_repeated()) most = options.has_max_items() ? options.max_items() : kMaxEntries;
  return {WireFormatLite::WireTypeForFieldType(
              static_cast<WireFormatLite::FieldType>(field.type())),
          most,
          field.is_repeated(),
          field.is_packable(),
          static_cast<size_t>(field.index()),
          message ? field.message_type() : nullptr};
}

const Shapes& ShapesOf(const Descriptor& type) {
  // Types are few and never go away. Each thread keeps them for itself, without a lock.
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<const Shapes>> known;
  std::unique_ptr<const Shapes>& shapes = known[&type];
  if (shapes == nullptr) {
    auto found = std::make_unique<Shapes>();
    for (int i = 0; i < type.field_count(); ++i) {
      found->emplace(static_cast<uint32_t>(type.field(i)->number()), ShapeOf(*type.field(i)));
    }
    shapes = std::move(found);
  }
  return *shapes;
}

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

// Reads one message; without `out` it only looks, with `out` it copies what may stay.
class Limiter {
 public:
  explicit Limiter(bool copies) : copies_(copies) {}

  // Whether something must be left out, or was.
  bool exceeded() const { return exceeded_ || unknown_bytes_ > kMaxUnknownBytes; }

  // False if `wire` is not the encoding of a message of `type`. It may look at nothing more once
  // something must be left out.
  bool Read(const Descriptor& type, absl::string_view wire, int depth, std::string* out) {
    if (depth > kMaxDepth) return false;
    const Shapes& shapes = ShapesOf(type);
    std::vector<int64_t> counts(static_cast<size_t>(type.field_count()));
    CodedInputStream in(reinterpret_cast<const uint8_t*>(wire.data()),
                        static_cast<int>(wire.size()));
    uint32_t last_tag = 0;
    const Shape* shape = nullptr;  // Of last_tag; null if it is unknown.
    while (in.CurrentPosition() < static_cast<int>(wire.size())) {
      if (!copies_ && exceeded()) return true;
      const int begin = in.CurrentPosition();
      const uint32_t tag = in.ReadTag();
      if (tag == 0) return false;
      const auto wire_type = WireFormatLite::GetTagWireType(tag);
      absl::string_view contents;
      if (wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        uint32_t size = 0;
        if (!in.ReadVarint32(&size)) return false;
        const int at = in.CurrentPosition();
        if (size > wire.size() - static_cast<size_t>(at) || !in.Skip(static_cast<int>(size))) {
          return false;
        }
        contents = wire.substr(static_cast<size_t>(at), size);
      } else if (!WireFormatLite::SkipField(&in, tag)) {
        return false;
      }
      const absl::string_view entry =
          wire.substr(static_cast<size_t>(begin), static_cast<size_t>(in.CurrentPosition() - begin));
      if (tag != last_tag) {
        const auto found =
            shapes.find(static_cast<uint32_t>(WireFormatLite::GetTagFieldNumber(tag)));
        shape = found != shapes.end() && Fits(found->second, wire_type) ? &found->second : nullptr;
        last_tag = tag;
      }
      if (shape == nullptr) {
        unknown_bytes_ += entry.size() + kUnknownField;
        continue;
      }
      if (!ReadEntry(*shape, tag, entry, contents, depth, &counts[shape->slot], out)) return false;
    }
    return true;
  }

 private:
  static bool Fits(const Shape& shape, WireFormatLite::WireType wire) {
    return wire == shape.wire ||
           (shape.packable && wire == WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  }

  // `entry` is the whole field with its tag, and `contents` what its length precedes.
  bool ReadEntry(const Shape& shape, uint32_t tag, absl::string_view entry,
                 absl::string_view contents, int depth, int64_t* count, std::string* out) {
    // One entry too many stays, for the validator to find.
    const int64_t room = int64_t{shape.max_entries} + (shape.repeated ? 1 : 0) - *count;
    const bool packed = shape.packable && contents.data() != nullptr;
    if (packed) {
      const Elements first = FirstElements(contents, shape.wire, room);
      *count += first.count;
      if (first.bytes < contents.size()) {
        if (first.count < room) return false;  // The last element is cut off.
        exceeded_ = true;
        if (copies_) Append(tag, contents.substr(0, first.bytes), out);
        return true;
      }
    } else {
      if (room <= 0) {
        exceeded_ = true;
        return shape.repeated;
      }
      ++*count;
    }
    if (shape.inner != nullptr) {
      std::string kept;
      if (!Read(*shape.inner, contents, depth + 1, &kept)) return false;
      if (copies_) Append(tag, kept, out);
      return true;
    }
    if (copies_) out->append(entry.data(), entry.size());
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
