#include "services/sales/catalog/key_map.h"

#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace clustr::sales {
namespace {

TEST(KeyMapTest, AKeyBelongsToTheRowThatGotItLast) {
  KeyMap keys;
  keys.Put(1, "A");
  keys.Put(2, "B");
  keys.Put(1, "B");
  EXPECT_EQ(keys.IdOf("A"), 0);
  EXPECT_EQ(keys.IdOf("B"), 1);
  EXPECT_EQ(keys.KeyOf(2), "");
  // The change of the row that lost its key comes late and takes nothing away.
  keys.Put(2, "A");
  EXPECT_EQ(keys.IdOf("A"), 2);
  EXPECT_EQ(keys.IdOf("B"), 1);
  keys.Remove(2);
  EXPECT_EQ(keys.IdOf("A"), 0);
  EXPECT_EQ(keys.size(), 1u);
}

TEST(KeyMapTest, AgreesWithAPlainMap) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  KeyMap keys;
  std::map<int64_t, std::string> plain;
  for (int step = 0; step < 20'000; ++step) {
    const int64_t id = 1 + static_cast<int64_t>(random() % 40);
    const unsigned number = random() % 60;
    const std::string key = number == 0 ? "" : "key " + std::to_string(number);
    for (auto& [other, held] : plain) {
      if (held == key) held = "";
    }
    plain[id] = key;
    keys.Put(id, key);
    const int64_t asked = 1 + static_cast<int64_t>(random() % 40);
    ASSERT_EQ(keys.KeyOf(asked), plain[asked]);
    if (plain[asked].empty()) continue;
    ASSERT_EQ(keys.IdOf(plain[asked]), asked);
  }
}

}  // namespace
}  // namespace clustr::sales
