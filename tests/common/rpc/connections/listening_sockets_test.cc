#include "common/rpc/connections/listening_sockets.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::Fails;
using testing::IsOk;
using ::testing::UnorderedElementsAreArray;

class ListeningSocketsTest : public ::testing::Test {
 protected:
  ~ListeningSocketsTest() override {
    for (const ListeningSocket& socket : sockets_) close(socket.fd);
  }

  // The hosts that are listened on; a failure is a failure of the test.
  std::vector<std::string> HostsOf(const std::string& address) {
    const auto sockets = ListenOnAll(address);
    EXPECT_THAT(sockets, IsOk());
    std::vector<std::string> hosts;
    if (!sockets.ok()) return hosts;
    for (const ListeningSocket& socket : *sockets) {
      sockets_.push_back(socket);
      hosts.push_back(socket.address.host());
      EXPECT_EQ(socket.address.port(), sockets->front().address.port());
      EXPECT_GT(socket.address.port(), 0);
    }
    return hosts;
  }

  std::vector<ListeningSocket> sockets_;
};

// The addresses of a name, asked of the system in another way.
std::vector<std::string> AddressesOf(const std::string& name) {
  std::vector<std::string> addresses;
  const std::string command = "getent ahosts " + name + " | awk '{print $1}' | sort -u";
  FILE* const output = popen(command.c_str(), "r");
  char line[200];
  while (fgets(line, sizeof(line), output) != nullptr) {
    addresses.push_back(std::string(absl::StripAsciiWhitespace(line)));
  }
  pclose(output);
  return addresses;
}

TEST_F(ListeningSocketsTest, ANameIsListenedOnAtAllItsAddresses) {
  char own_name[256];
  ASSERT_EQ(gethostname(own_name, sizeof(own_name)), 0);
  for (const std::string& name : {std::string("localhost"), std::string(own_name)}) {
    std::vector<std::string> here;  // Those that this machine has.
    for (const std::string& address : AddressesOf(name)) {
      const bool ipv6 = address.find(':') != std::string::npos;
      if (ListenOnAll(ipv6 ? "[" + address + "]:0" : address + ":0").ok()) here.push_back(address);
    }
    if (here.empty()) continue;
    EXPECT_THAT(HostsOf(name + ":0"), UnorderedElementsAreArray(here)) << name;
  }
}

TEST_F(ListeningSocketsTest, AllAddressesOfIpv6IncludeIpv4) {
  if (!ListenOnAll("[::]:0").ok()) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(HostsOf("[::]:0"), std::vector<std::string>{"::"});
  SocketAddress ipv4 = ListenOnAll("127.0.0.1:0")->front().address;
  ipv4.set_port(sockets_.front().address.port());
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(connect(client, ipv4.get(), ipv4.size), 0);
  close(client);
}

TEST_F(ListeningSocketsTest, AnAddressIsListenedOnAlone) {
  EXPECT_EQ(HostsOf("127.0.0.1:0"), std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(HostsOf("0.0.0.0:0"), std::vector<std::string>{"0.0.0.0"});
}

TEST_F(ListeningSocketsTest, APortThatIsTakenOnOneAddressIsAnError) {
  HostsOf("127.0.0.1:0");
  const std::string port = std::to_string(sockets_.front().address.port());
  for (const std::string host : {"127.0.0.1", "localhost", "0.0.0.0"}) {
    EXPECT_THAT(ListenOnAll(host + ":" + port),
                Fails(absl::StatusCode::kUnavailable, "", "the port is taken: another program"));
  }
}

TEST_F(ListeningSocketsTest, AnAddressOfAnotherMachineIsAnError) {
  EXPECT_THAT(ListenOnAll("192.0.2.1:0"),
              Fails(absl::StatusCode::kUnavailable, "",
                    "this machine does not have the address 192.0.2.1"));
}

TEST_F(ListeningSocketsTest, AnUnknownHostIsAnError) {
  EXPECT_THAT(
      ListenOnAll("no-such-host.invalid:0"),
      Fails(absl::StatusCode::kUnavailable, "", "the host no-such-host.invalid is unknown"));
}

TEST_F(ListeningSocketsTest, WhatIsNoHostAndPortIsAnError) {
  for (const std::string address : {"", "50051", ":50051", "localhost", "localhost:",
                                    "localhost:65536", "localhost:x", "localhost:-1"}) {
    EXPECT_THAT(ListenOnAll(address),
                Fails(absl::StatusCode::kInvalidArgument, "", "is not HOST:PORT"))
        << address;
  }
  for (const std::string address : {"::1:50051", "[::1:50051", "[]:50051"}) {
    EXPECT_THAT(ListenOnAll(address), Fails(absl::StatusCode::kInvalidArgument, "", "bracket"))
        << address;
  }
}

}  // namespace
}  // namespace clustr::rpc
