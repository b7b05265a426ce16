#ifndef CLUSTR_COMMON_SCHEMA_BOUND_PAIRS_H_
#define CLUSTR_COMMON_SCHEMA_BOUND_PAIRS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// Pairs of fields that bound the same quantity from below and from above. Together they must leave
// something, whichever message they stand in. Pure functions, thread-safe.
namespace clustr::schema {

struct BoundPair {
  const google::protobuf::FieldDescriptor* lower;
  const google::protobuf::FieldDescriptor* upper;
};

// The pairs among the singular fields of `message`, ordered by the lower one: `min_x` and `max_x`,
// or `start_x` and `end_x`, of the same type. Their names make them a pair, so a new pair of bounds
// is checked without being listed anywhere.
std::vector<BoundPair> BoundPairsOf(const google::protobuf::Descriptor& message);

// Why `message` is refused, with both values and the remedy: `4 is above max_items, 3; lower
// min_items or raise max_items`. Empty if a bound is not set, or invalid by itself, or if the lower
// one is not above the other. Amounts are compared in cents.
std::string WhyContradictory(const google::protobuf::Message& message, const BoundPair& pair);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_BOUND_PAIRS_H_
