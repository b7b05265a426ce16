#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_COW_VECTOR_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_COW_VECTOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace clustr::index {

// A growing array with cheap immutable views. It consists of chunks of kChunk elements (a power of
// two); a chunk is copied when it is first changed after a view of it was published.
//
// For one writer. A View is immutable, may be copied to and read by any thread, and may outlive the
// vector. Publish is O(size / kChunk) if anything changed since the previous call, otherwise O(1).
template <typename T, size_t kChunk>
class CowVector {
  static_assert(kChunk > 0 && (kChunk & (kChunk - 1)) == 0);
  using Chunk = std::array<T, kChunk>;
  using Spine = std::vector<std::shared_ptr<const Chunk>>;

 public:
  class View {
   public:
    size_t size() const { return size_; }
    const T& operator[](size_t i) const { return (*(*spine_)[i / kChunk])[i % kChunk]; }

   private:
    friend class CowVector;
    std::shared_ptr<const Spine> spine_;
    size_t size_ = 0;
  };

  size_t size() const { return view_.size_; }
  const T& operator[](size_t i) const { return (*chunks_[i / kChunk].data)[i % kChunk]; }
  size_t memory_bytes() const { return chunks_.size() * sizeof(Chunk); }

  // Element i < size(). The reference is valid until the next Publish.
  T& Mutable(size_t i);

  // Grows to at least `size`; new elements are value-initialised.
  void GrowTo(size_t size);

  // A view of the current contents.
  View Publish();

 private:
  struct OwnedChunk {
    std::shared_ptr<Chunk> data;
    bool published;
  };

  std::vector<OwnedChunk> chunks_;
  bool changed_ = false;  // Some chunk differs from the one in view_.
  View view_;             // The last one published, but with the current size.
};

template <typename T, size_t kChunk>
T& CowVector<T, kChunk>::Mutable(size_t i) {
  OwnedChunk& chunk = chunks_[i / kChunk];
  if (chunk.published) {
    // use_count() would not do: it does not tell whether a reader on another thread is done with
    // the chunk.
    chunk = {std::make_shared<Chunk>(*chunk.data), false};
    changed_ = true;
  }
  return (*chunk.data)[i % kChunk];
}

template <typename T, size_t kChunk>
void CowVector<T, kChunk>::GrowTo(size_t size) {
  if (size <= view_.size_) return;
  view_.size_ = size;
  while (chunks_.size() * kChunk < size) {
    chunks_.push_back({std::make_shared<Chunk>(), false});
    changed_ = true;
  }
}

template <typename T, size_t kChunk>
typename CowVector<T, kChunk>::View CowVector<T, kChunk>::Publish() {
  if (changed_ || view_.spine_ == nullptr) {
    auto spine = std::make_shared<Spine>();
    spine->reserve(chunks_.size());
    for (OwnedChunk& chunk : chunks_) {
      chunk.published = true;
      spine->push_back(chunk.data);
    }
    view_.spine_ = std::move(spine);
    changed_ = false;
  }
  return view_;
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_COW_VECTOR_H_
