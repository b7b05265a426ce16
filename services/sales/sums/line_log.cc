#include "services/sales/sums/line_log.h"

#include <cstring>

namespace clustr::sales {
namespace {

// Seven bits a byte, the lowest first; the highest bit says that another byte follows.
void PutNumber(uint64_t value, std::vector<uint8_t>* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<uint8_t>(value));
}

uint64_t TakeNumber(const uint8_t** at) {
  uint64_t value = 0;
  int shift = 0;
  uint8_t byte = 0;
  do {
    byte = *(*at)++;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  return value;
}

}  // namespace

uint64_t LineLog::Append(absl::Span<const SumLine> lines) {
  scratch_.clear();
  PutNumber(lines.size(), &scratch_);
  for (const SumLine& line : lines) {
    PutNumber(line.product, &scratch_);
    PutNumber(static_cast<uint64_t>(line.units), &scratch_);
    PutNumber(static_cast<uint64_t>(line.net_cents), &scratch_);
  }
  if (used_ + scratch_.size() > kChunkBytes) {
    chunks_.push_back(std::make_unique<uint8_t[]>(kChunkBytes));
    used_ = 0;
  }
  std::memcpy(chunks_.back().get() + used_, scratch_.data(), scratch_.size());
  const uint64_t place = (chunks_.size() - 1) * kChunkBytes + used_;
  used_ += scratch_.size();
  return place;
}

void LineLog::Read(uint64_t place, std::vector<SumLine>* lines) const {
  const uint8_t* at = chunks_[place / kChunkBytes].get() + place % kChunkBytes;
  lines->resize(TakeNumber(&at));
  for (SumLine& line : *lines) {
    line.product = static_cast<uint32_t>(TakeNumber(&at));
    line.units = static_cast<int64_t>(TakeNumber(&at));
    line.net_cents = static_cast<int64_t>(TakeNumber(&at));
  }
}

}  // namespace clustr::sales
