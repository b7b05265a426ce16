#include "common/schema/wire/wire_reader.h"

#include "google/protobuf/wire_format_lite.h"

namespace clustr::schema {

using google::protobuf::internal::WireFormatLite;

bool WireReader::ReadVarint(uint64_t* value, size_t max_bytes) {
  *value = 0;
  for (size_t at = 0; at < rest_.size() && at < max_bytes; ++at) {
    const auto byte = static_cast<uint8_t>(rest_[at]);
    *value |= uint64_t{byte & 0x7fU} << (7 * at);
    if (byte < 0x80) {
      rest_.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

bool WireReader::ReadField(uint32_t tag, int depth, absl::string_view* contents) {
  switch (WireFormatLite::GetTagWireType(tag)) {
    case WireFormatLite::WIRETYPE_VARINT: {
      uint64_t value;
      return ReadVarint(&value);
    }
    case WireFormatLite::WIRETYPE_FIXED64:
      return Take(8, contents);
    case WireFormatLite::WIRETYPE_FIXED32:
      return Take(4, contents);
    case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
      uint64_t size;
      return ReadVarint(&size) && Take(size, contents);
    }
    case WireFormatLite::WIRETYPE_START_GROUP:
      return SkipGroup(tag, depth + 1);
    default:
      return false;
  }
}

bool WireReader::ReadTag(uint32_t* tag) {
  uint64_t value;
  if (!ReadVarint(&value, 5)) return false;
  *tag = static_cast<uint32_t>(value);  // As protobuf does, without the bits beyond.
  return WireFormatLite::GetTagFieldNumber(*tag) > 0;
}

bool WireReader::Take(uint64_t size, absl::string_view* contents) {
  if (size > rest_.size()) return false;
  *contents = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool WireReader::SkipGroup(uint32_t start, int depth) {
  if (depth > kMaxDepth) return false;
  while (!rest_.empty()) {
    uint32_t tag;
    if (!ReadTag(&tag)) return false;
    if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_END_GROUP) {
      return WireFormatLite::GetTagFieldNumber(tag) == WireFormatLite::GetTagFieldNumber(start);
    }
    absl::string_view contents;
    if (!ReadField(tag, depth, &contents)) return false;
  }
  return false;
}

}  // namespace clustr::schema
