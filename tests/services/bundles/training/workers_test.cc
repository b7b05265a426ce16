#include "services/bundles/training/data/workers.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace clustr::training {
namespace {

absl::Status Always() { return absl::OkStatus(); }

TEST(WorkersTest, EachPartIsDoneOnceByAWorkerOfItsOwn) {
  for (const size_t threads : {1, 2, 5}) {
    for (const size_t parts : {0, 1, 3, 100}) {
      std::vector<std::atomic<int>> done(parts);
      std::vector<std::atomic<bool>> busy(threads);
      EXPECT_TRUE(ForEachPart(parts, threads, Always, [&](size_t part, size_t worker) {
                    ASSERT_LT(worker, threads);
                    EXPECT_FALSE(busy[worker].exchange(true)) << "a worker does one part at a time";
                    ++done[part];
                    busy[worker] = false;
                  }).ok());
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(WorkersTest, StopsWhenItIsNoLongerWanted) {
  for (const size_t threads : {1, 3}) {
    const std::thread::id caller = std::this_thread::get_id();
    int asked = 0;
    std::atomic<size_t> done = 0;
    const absl::Status status = ForEachPart(
        1'000'000, threads,
        [&]() -> absl::Status {
          EXPECT_EQ(std::this_thread::get_id(), caller);
          return ++asked > 5 ? absl::CancelledError("enough") : absl::OkStatus();
        },
        [&](size_t, size_t) { ++done; });
    EXPECT_TRUE(absl::IsCancelled(status));
    EXPECT_EQ(asked, 6);
    EXPECT_LT(done, 1'000'000u);
    if (threads == 1) {
      EXPECT_EQ(done, 5u);
    }
  }
}

}  // namespace
}  // namespace clustr::training
