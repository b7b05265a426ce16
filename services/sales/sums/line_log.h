#ifndef CLUSTR_SERVICES_SALES_SUMS_LINE_LOG_H_
#define CLUSTR_SERVICES_SALES_SUMS_LINE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace clustr::sales {

// A line with at least one unit kept. Products are numbered from 0.
struct SumLine {
  uint32_t product;
  int64_t units;
  int64_t net_cents;

  bool operator==(const SumLine&) const = default;
};

// The kept lines of purchases in memory, in about six bytes a line. It grows at its end only; what
// is no longer used stays until the log is written anew. Used by one thread, or read by many.
class LineLog {
 public:
  // Appends the lines of a purchase, at most 10,000, and returns their place.
  uint64_t Append(absl::Span<const SumLine> lines);
  // Replaces `lines` by those at a place that Append returned. O(lines).
  void Read(uint64_t place, std::vector<SumLine>* lines) const;
  // Bytes that the log takes.
  size_t bytes() const { return chunks_.size() * kChunkBytes; }

 private:
  // A purchase never crosses the end of a chunk, and takes at most 10,000 * 25 bytes.
  static constexpr size_t kChunkBytes = size_t{1} << 20;

  std::vector<std::unique_ptr<uint8_t[]>> chunks_;
  size_t used_ = kChunkBytes;  // Of the last chunk.
  std::vector<uint8_t> scratch_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_SUMS_LINE_LOG_H_
