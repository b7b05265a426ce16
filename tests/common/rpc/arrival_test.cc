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

}  // namespace
}  // namespace clustr::rpc
