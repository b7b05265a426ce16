#ifndef CLUSTR_COMMON_SCHEMA_WIRE_WIRE_READER_H_
#define CLUSTR_COMMON_SCHEMA_WIRE_WIRE_READER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace clustr::schema {

// How deep messages may lie in one another, as protobuf has it.
inline constexpr int kMaxDepth = 100;

// Reads the fields of a message's encoding. Borrows the bytes. Not thread-safe. Each function takes
// what it reads from the front, and returns false if that is no valid encoding.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  const char* position() const { return rest_.data(); }

  bool ReadVarint(uint64_t* value, size_t max_bytes = 10);

  // The number and wire type of a field.
  bool ReadTag(uint32_t* tag);

  // The rest of a field after its tag. `contents` is set to what a length precedes, and to the bytes
  // of a number of fixed width; otherwise it stays. `depth` is that of the message.
  bool ReadField(uint32_t tag, int depth, absl::string_view* contents);

 private:
  bool Take(uint64_t size, absl::string_view* contents);
  bool SkipGroup(uint32_t start, int depth);

  absl::string_view rest_;
};

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_WIRE_WIRE_READER_H_
