#ifndef CLUSTR_COMMON_SCHEMA_WIRE_SHAPES_H_
#define CLUSTR_COMMON_SCHEMA_WIRE_SHAPES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/wire_format_lite.h"

namespace clustr::schema {

// What may be at a number of a message.
struct Shape {
  google::protobuf::internal::WireFormatLite::WireType wire;  // Of one entry.
  int max_entries;  // INT32_MAX for a scalar that is not repeated.
  bool repeated;
  bool packable;
  size_t slot;  // Its place in the counts of its message, if it is counted.
  const google::protobuf::Descriptor* inner;  // Of a message; null for other fields.
};

// The fields of a message by their numbers. Immutable: thread-safe.
class Shapes {
 public:
  explicit Shapes(const google::protobuf::Descriptor& type);

  // Number of fields whose entries are counted.
  size_t counted() const { return counted_; }

  // Null if the message has no such field.
  const Shape* Find(uint64_t number) const {
    if (number < dense_.size()) return dense_[number] ? &*dense_[number] : nullptr;
    const auto found = sparse_.find(number);
    return found == sparse_.end() ? nullptr : &*found->second;
  }

 private:
  static constexpr size_t kDense = 64;
  size_t counted_ = 0;
  std::vector<std::optional<Shape>> dense_;
  absl::flat_hash_map<uint64_t, std::optional<Shape>> sparse_;
};

// Those of a type. Looked up for each message; takes no lock. The reference stays valid as long as
// the thread.
const Shapes& ShapesOf(const google::protobuf::Descriptor& type);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_WIRE_SHAPES_H_
