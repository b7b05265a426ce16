#include "common/rpc/security/plaintext.h"

#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

TEST(PlaintextTest, AddressesOfLoopbackStayOnThisMachine) {
  for (const char* target :
       {"127.0.0.1:50051", "127.8.9.10:1", "localhost:50051", "[::1]:50051", "ipv4:127.0.0.1:50051",
        "ipv4:127.0.0.1:50051,127.0.0.2:50051", "ipv6:[::1]:50051", "dns:///localhost:50051",
        "dns:127.0.0.1:50051", "unix:/run/catalog.sock", "unix-abstract:catalog"}) {
    EXPECT_TRUE(StaysOnThisMachine(target)) << target;
  }
}

TEST(PlaintextTest, AllOthersLeaveIt) {
  for (const char* target :
       {"", ":50051", "catalog:50051", "192.0.2.1:50051", "0.0.0.0:50051", "[::]:50051",
        "[2001:db8::1]:50051", "localhost.example:50051", "ipv4:127.0.0.1:50051,192.0.2.1:50051",
        "dns:///catalog.clustr:50051", "dns://192.0.2.53/localhost:50051", "xds:///catalog"}) {
    EXPECT_FALSE(StaysOnThisMachine(target)) << target;
  }
}

}  // namespace
}  // namespace clustr::rpc
