#include "common/rpc/arrival.h"

#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

TEST(PeerOfAddressTest, IsTheAddressWithoutThePort) {
  EXPECT_EQ(PeerOfAddress("ipv4:10.0.0.7:50122"), "10.0.0.7");
  EXPECT_EQ(PeerOfAddress("ipv4:10.0.0.7:50123"), "10.0.0.7");
}

TEST(PeerOfAddressTest, HostsOfOneIpv6NetworkAreOnePeer) {
  EXPECT_EQ(PeerOfAddress("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:50122"), "2001:db8:1:2::/64");
  EXPECT_EQ(PeerOfAddress("ipv6:[2001:db8:1:2:ffff::9]:1"), "2001:db8:1:2::/64");
  EXPECT_EQ(PeerOfAddress("ipv6:%5Bfe80::1%25eth0%5D:50122"), "fe80::/64");
}

TEST(PeerOfAddressTest, AnIpv4AddressMayComeAsIpv6) {
  EXPECT_EQ(PeerOfAddress("ipv6:%5B::ffff:10.0.0.7%5D:50122"), "10.0.0.7");
}

TEST(PeerOfAddressTest, AnyOtherAddressIsOnePeer) {
  EXPECT_EQ(PeerOfAddress("unix:"), "unix:");
  EXPECT_EQ(PeerOfAddress("unknown"), "unknown");
}

TEST(ToTimespecTest, KeepsTheMonotonicClock) {
  EXPECT_EQ(gpr_time_cmp(ToTimespec(Deadline()), gpr_inf_future(GPR_CLOCK_MONOTONIC)), 0);
  const gpr_timespec time = ToTimespec(Deadline::In(absl::Seconds(10)));
  EXPECT_EQ(time.clock_type, GPR_CLOCK_MONOTONIC);
  const gpr_timespec left = gpr_time_sub(time, gpr_now(GPR_CLOCK_MONOTONIC));
  EXPECT_GE(left.tv_sec, 5);
  EXPECT_LE(left.tv_sec, 10);
}

// Clients round a deadline up by as much as a hundredth: with 10 s, a reserve of 120 ms was gone
// but for 20 ms.
TEST(AnswerByTest, LeavesTheClientAFairShareOfItsTime) {
  const auto reserve = [](absl::Duration left) {
    const Deadline deadline = Deadline::In(left);
    return absl::FromChrono(deadline.time() - AnswerBy(deadline).time());
  };
  const auto is_about = [&](absl::Duration left, absl::Duration expected) {
    // Time passes between the two readings of the clock.
    return reserve(left) <= expected && reserve(left) > expected - absl::Milliseconds(5);
  };
  EXPECT_TRUE(is_about(absl::Milliseconds(20), absl::Milliseconds(10)));
  EXPECT_TRUE(is_about(absl::Milliseconds(50), absl::Milliseconds(25)));
  EXPECT_TRUE(is_about(absl::Milliseconds(300), absl::Milliseconds(50)));
  EXPECT_TRUE(is_about(absl::Seconds(1), absl::Milliseconds(120)));
  EXPECT_TRUE(is_about(absl::Seconds(10), absl::Milliseconds(1'020)));
  EXPECT_TRUE(is_about(absl::Seconds(60), absl::Milliseconds(1'600)));
}

TEST(AnswerByTest, KeepsWhatIsNeverOrHasPassed) {
  EXPECT_TRUE(AnswerBy(Deadline()).is_never());
  const Deadline passed = Deadline::In(-absl::Seconds(1));
  EXPECT_EQ(AnswerBy(passed), passed);
}

}  // namespace
}  // namespace clustr::rpc
