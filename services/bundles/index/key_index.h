#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_KEY_INDEX_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_KEY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "services/bundles/index/cow_vector.h"
#include "services/bundles/index/layered_map.h"

namespace clustr::index {

// Which row the shop calls by which key (external_id), with cheap immutable views. A key has a
// dense number from 1 that it keeps for ever; which row has the key may change. For one writer; a
// View may be read by any thread and may outlive the index.
class KeyIndex {
  using Numbers = LayeredMap<std::string, uint32_t>;
  using Holders = CowVector<int64_t, 512>;  // Id of the row by number of the key; 0: no row.

 public:
  class View {
   public:
    // Id of the row with this key; 0 if there is none.
    int64_t IdOf(const std::string& key) const {
      const std::optional<uint32_t> number = numbers_.Find(key);
      return number ? holders_[*number] : 0;
    }
    // Calls `visit(key, id)` for every key that a row has, in no particular order.
    template <typename Visit>
    void ForEach(Visit visit) const {
      numbers_.ForEach([&](const std::string& key, uint32_t number) {
        if (holders_[number] != 0) visit(key, holders_[number]);
      });
    }

   private:
    friend class KeyIndex;
    Numbers::View numbers_;
    Holders::View holders_;
  };

  // Gives the key to the row, from whichever row had it, and returns its number; 0 for "".
  uint32_t Give(const std::string& key, int64_t id) {
    if (key.empty()) return 0;
    uint32_t number = NumberOf(key);
    if (number == 0) {
      number = static_cast<uint32_t>(numbers_.size()) + 1;
      numbers_.Insert(key, number);
      holders_.GrowTo(number + 1);
    }
    holders_.Mutable(number) = id;
    return number;
  }

  // Takes the key with this number from the row, unless another row has it by now.
  void Take(uint32_t number, int64_t id) {
    if (number != 0 && holders_[number] == id) holders_.Mutable(number) = 0;
  }
  void Take(const std::string& key, int64_t id) { Take(NumberOf(key), id); }

  View Publish() {
    View view;
    view.numbers_ = numbers_.Publish();
    view.holders_ = holders_.Publish();
    return view;
  }

  // Excludes the texts of long keys.
  size_t memory_bytes() const { return numbers_.memory_bytes() + holders_.memory_bytes(); }

 private:
  uint32_t NumberOf(const std::string& key) const { return numbers_.Find(key).value_or(0); }

  Numbers numbers_;
  Holders holders_;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_KEY_INDEX_H_
