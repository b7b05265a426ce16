#include "common/base/call_slots.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr {
namespace {

using testing::Fails;
using testing::IsOk;

class CallSlotsTest : public ::testing::Test {
 protected:
  // Takes a slot and keeps it.
  absl::Status Take(const std::string& peer, size_t bytes = 1) {
    absl::StatusOr<CallSlots::Slot> slot = slots_.Take({peer, bytes});
    if (slot.ok()) kept_.push_back(*std::move(slot));
    return slot.status();
  }

  CallSlots slots_{{"streams", "open change streams", 4, 100}};
  std::vector<CallSlots::Slot> kept_;
};

TEST_F(CallSlotsTest, OnePeerMayHaveHalfOfThem) {
  EXPECT_THAT(Take("10.0.0.1"), IsOk());
  EXPECT_THAT(Take("10.0.0.1"), IsOk());
  EXPECT_THAT(Take("10.0.0.1"), Fails(absl::StatusCode::kResourceExhausted, "QUOTA",
                                      "too many open change streams at once"));
  EXPECT_THAT(Take("10.0.0.2"), IsOk());
  EXPECT_EQ(slots_.state().waiting, 3);
  EXPECT_EQ(slots_.state().refused, 1);
}

TEST_F(CallSlotsTest, AllPeersTogetherMayHaveAllOfThem) {
  for (const char* peer : {"1", "2", "3", "4"}) EXPECT_THAT(Take(peer), IsOk());
  EXPECT_FALSE(Take("5").ok());
  kept_.pop_back();
  EXPECT_THAT(Take("5"), IsOk());
}

TEST_F(CallSlotsTest, RequestsTogetherHaveALimitOfSize) {
  EXPECT_THAT(Take("1", 60), IsOk());
  EXPECT_FALSE(Take("2", 41).ok());
  kept_.clear();
  EXPECT_THAT(Take("2", 41), IsOk());
}

TEST_F(CallSlotsTest, TellsWhetherCallsHoldLessThanTheLimitOfBytes) {
  CallSlots::Slot first = *slots_.Take({"1"});
  first.Hold(99);
  EXPECT_TRUE(first.HasRoom());
  CallSlots::Slot second = *slots_.Take({"2"});
  second.Hold(1);
  EXPECT_FALSE(first.HasRoom());
  EXPECT_THAT(Take("3", 0), IsOk());  // It brings no bytes, so it is not refused for them.
  first.Hold(98);
  EXPECT_TRUE(second.HasRoom());
  { const CallSlots::Slot gone = std::move(first); }
  second.Hold(99);
  EXPECT_TRUE(second.HasRoom());
}

TEST_F(CallSlotsTest, TheServerItselfIsNeverRefused) {
  for (int i = 0; i < 10; ++i) EXPECT_THAT(Take(""), IsOk());
}

TEST_F(CallSlotsTest, AMovedSlotIsGivenBackOnce) {
  {
    CallSlots::Slot a = *slots_.Take({"1"});
    CallSlots::Slot b = std::move(a);
    CallSlots::Slot c;
    c = std::move(b);
    EXPECT_EQ(slots_.state().waiting, 1);
    EXPECT_GE(slots_.state().oldest_wait, absl::ZeroDuration());
  }
  EXPECT_EQ(slots_.state().waiting, 0);
}

}  // namespace
}  // namespace clustr
