#ifndef CLUSTR_TESTS_FUZZ_MESSAGES_INPUT_H_
#define CLUSTR_TESTS_FUZZ_MESSAGES_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace clustr::fuzz {

// The bytes of one fuzzer input, read as decisions from the front to the back. Once they are used
// up, every decision is the first choice: 0, the empty text, the first alternative. So a short
// input means something plain, and any prefix of an input is an input. Borrows the bytes. Not
// thread-safe.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), end_(data + size) {}

  bool empty() const { return data_ == end_; }

  uint8_t Byte() { return empty() ? 0 : *data_++; }

  // A number below `bound`, which must be at least 1. Reads one byte if `bound` is at most 256,
  // otherwise two; `bound` must be at most 65,536.
  size_t Below(size_t bound) {
    const size_t low = Byte();
    return (bound <= 256 ? low : low << 8 | Byte()) % bound;
  }

  // True in one of `n` cases; false once the bytes are used up.
  bool OneIn(size_t n) { return Below(n) == n - 1; }

  template <class T>
  T Any(std::initializer_list<T> choices) {
    return choices.begin()[Below(choices.size())];
  }

  // Any 64 bits.
  uint64_t Word() {
    uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word = word << 8 | Byte();
    return word;
  }

  // Up to `max` of the next bytes, as they are.
  std::string Bytes(size_t max) {
    const size_t size = std::min<size_t>(max, static_cast<size_t>(end_ - data_));
    const std::string bytes(reinterpret_cast<const char*>(data_), size);
    data_ += size;
    return bytes;
  }

  // All further bytes.
  std::string Rest() { return Bytes(SIZE_MAX); }

  // The bytes before the next byte 0, which is skipped, or all that are left.
  std::string Line() {
    std::string line;
    while (!empty()) {
      const uint8_t byte = Byte();
      if (byte == 0) break;
      line.push_back(static_cast<char>(byte));
    }
    return line;
  }

 private:
  const uint8_t* data_;
  const uint8_t* const end_;
};

}  // namespace clustr::fuzz

#endif  // CLUSTR_TESTS_FUZZ_MESSAGES_INPUT_H_
