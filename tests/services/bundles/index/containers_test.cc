#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/append_log.h"
#include "services/bundles/index/cow_vector.h"
#include "services/bundles/index/key_index.h"
#include "services/bundles/index/layered_map.h"
#include "services/bundles/index/posting_lists.h"

namespace clustr::index {
namespace {

TEST(AppendLogTest, ElementsNeverMove) {
  AppendLog<int> log;
  log.Append(7);
  const int* first = &log[0];
  for (int i = 1; i < 100'000; ++i) log.Append(i);
  EXPECT_EQ(&log[0], first);
  EXPECT_EQ(log.size(), 100'000u);
  for (int i = 1; i < 100'000; ++i) ASSERT_EQ(log[i], i);
}

TEST(AppendLogTest, RunsAreContiguousAcrossBlockEnds) {
  AppendLog<int> log;
  std::vector<int> run(700);
  for (int n = 0; n < 50; ++n) {
    run.assign(run.size(), n);
    const uint64_t place = log.AppendRun(run);
    EXPECT_EQ(std::vector<int>(&log[place], &log[place] + run.size()), run);
  }
}

TEST(AppendLogTest, HoldsARunThatIsLargerThanManyBlocks) {
  AppendLog<int> log;
  log.Append(1);
  const std::vector<int> run(100'000, 5);
  const uint64_t place = log.AppendRun(run);
  EXPECT_EQ(std::vector<int>(&log[place], &log[place] + run.size()), run);
  EXPECT_EQ(log[0], 1);
}

TEST(CowVectorTest, ViewsKeepTheirVersion) {
  CowVector<int, 4> vector;
  std::vector<int> model;
  std::vector<std::pair<CowVector<int, 4>::View, std::vector<int>>> versions;
  std::mt19937 random(1);
  for (int step = 0; step < 2'000; ++step) {
    if (model.empty() || random() % 10 == 0) {
      model.resize(model.size() + random() % 7);
      vector.GrowTo(model.size());
    }
    if (!model.empty()) {
      const size_t i = random() % model.size();
      vector.Mutable(i) = model[i] = step;
      EXPECT_EQ(vector[i], step);
    }
    if (random() % 5 == 0) versions.emplace_back(vector.Publish(), model);
  }
  for (const auto& [view, expected] : versions) {
    ASSERT_EQ(view.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(view[i], expected[i]);
  }
}

TEST(KeyIndexTest, ViewsKeepTheirVersion) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  KeyIndex keys;
  std::map<std::string, int64_t> holder;  // Id by key.
  std::map<int64_t, std::string> key_of;  // Key by id.
  std::vector<std::pair<KeyIndex::View, std::map<std::string, int64_t>>> versions;
  for (int step = 0; step < 3'000; ++step) {
    const int64_t id = 1 + static_cast<int64_t>(random() % 50);
    const unsigned number = random() % 80;
    const std::string key = number == 0 ? "" : std::to_string(number);
    const std::string old = key_of[id];
    keys.Give(key, id);
    if (old != key) keys.Take(old, id);
    if (!old.empty() && holder[old] == id) holder[old] = 0;
    if (!key.empty()) holder[key] = id;
    key_of[id] = key;
    if (random() % 20 == 0) versions.emplace_back(keys.Publish(), holder);
  }
  for (const auto& [view, expected] : versions) {
    for (int number = 1; number < 80; ++number) {
      const auto held = expected.find(std::to_string(number));
      ASSERT_EQ(view.IdOf(std::to_string(number)), held == expected.end() ? 0 : held->second);
    }
  }
}

TEST(LayeredMapTest, ViewsKeepTheirVersion) {
  LayeredMap<std::string, int> map;
  std::vector<LayeredMap<std::string, int>::View> views = {map.Publish()};
  for (int i = 0; i < 300; ++i) {
    map.Insert(std::to_string(i), i);
    if (i % 3 == 0) continue;
    EXPECT_EQ(map.Find(std::to_string(i)), i);
    views.push_back(map.Publish());
  }
  EXPECT_EQ(map.size(), 300u);
  for (const auto& view : views) {
    const int size = static_cast<int>(view.size());
    for (int i = 0; i < 300; ++i) {
      EXPECT_EQ(view.Find(std::to_string(i)), i < size ? std::optional<int>(i) : std::nullopt);
    }
  }
}

TEST(PostingListsTest, ReadsAnyRangeOfAnyVersion) {
  PostingLists lists;
  std::vector<PostingList> now(3);
  std::vector<std::vector<Slot>> model(3);
  for (Slot slot = 0; slot < 3'000; ++slot) {
    const size_t list = slot % 7 == 0 ? 1 : slot % 100 == 1 ? 2 : 0;
    lists.Append(now[list], slot);
    model[list].push_back(slot);
  }
  for (size_t list = 0; list < now.size(); ++list) {
    for (uint32_t begin = 0; begin <= now[list].size; begin += 13) {
      const uint32_t end = begin + (now[list].size - begin) / 2;
      std::vector<Slot> read;
      lists.ForEachRun(now[list].first_chunk, begin, end, [&](absl::Span<const Slot> run) {
        EXPECT_FALSE(run.empty());
        read.insert(read.end(), run.begin(), run.end());
      });
      EXPECT_EQ(read, std::vector<Slot>(model[list].begin() + begin, model[list].begin() + end));
    }
  }
}

}  // namespace
}  // namespace clustr::index
