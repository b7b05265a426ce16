#include "services/bundles/mining/delivery/itemset_buffer.h"

#include <algorithm>
#include <utility>

namespace clustr::mining {

std::shared_ptr<ChunkPool::Chunk> ChunkPool::Take(size_t words) {
  std::unique_ptr<Chunk> chunk;
  if (words <= kWords) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!spare_.empty()) {
      chunk = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (chunk == nullptr) {
    const size_t size = std::max(words, kWords);
    chunk = std::make_unique<Chunk>(Chunk{LargeArray<uint32_t>(size), size});
  }
  return {chunk.release(), [this](Chunk* left) {
            const std::lock_guard<std::mutex> lock(mutex_);
            spare_.emplace_back(left);
          }};
}

size_t BytesOf(const ItemsetPieces& pieces) {
  size_t words = 0;
  for (const ItemsetPiece& piece : pieces) words += piece.end - piece.begin;
  return words * sizeof(uint32_t);
}

bool PutAll(const ItemsetPieces& pieces, ItemsetStream& out) {
  for (const ItemsetPiece& piece : pieces) {
    const uint32_t* const words = piece.chunk->words.data();
    for (size_t at = piece.begin; at < piece.end; at += 3 + words[at]) {
      const auto count = static_cast<int64_t>(uint64_t{words[at + 2]} << 32 | words[at + 1]);
      if (!out.Put({words + at + 3, words[at]}, count)) return false;
    }
  }
  return true;
}

ItemsetPieces ItemsetBuffer::TakePieces() {
  Cut();
  full_words_ = 0;
  return std::exchange(full_, {});
}

void ItemsetBuffer::Turn(size_t words) {
  Cut();
  chunk_ = pool_.Take(words);
  begin_ = end_ = 0;
}

void ItemsetBuffer::Cut() {
  if (begin_ == end_) return;
  full_.push_back({chunk_, begin_, end_});
  full_words_ += end_ - begin_;
  begin_ = end_;
}

}  // namespace clustr::mining
