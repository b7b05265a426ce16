#include "common/rpc/otlp/otlp_flags.h"

#include <string>
#include <vector>

#include "common/rpc/security/tls_flags.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

absl::StatusOr<OtlpSettings> Read(const std::vector<std::string>& arguments) {
  std::vector<Flag> flags = OtlpFlags();
  for (const Flag& flag : ServerTlsFlags()) flags.push_back(flag);
  return ReadOtlpSettings(*Flags::Parse(flags, arguments));
}

TEST(OtlpFlagsTest, NothingIsSentByDefault) {
  const auto settings = Read({});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->collector, "");
  EXPECT_EQ(settings->sample, 0.01);
}

TEST(OtlpFlagsTest, PlaintextIsSentToThisMachineOnlyUnlessThatIsAllowed) {
  for (const std::string good :
       {"127.0.0.1:4317", "127.9.9.9:1", "localhost:65535", "[::1]:4317"}) {
    EXPECT_TRUE(Read({"--otlp-endpoint=" + good}).ok()) << good;
  }
  for (const std::string far : {"collector:4317", "10.0.0.1:4317", "[2001:db8::1]:4317",
                                "127.0.0.1.example.com:4317", "0.0.0.0:4317"}) {
    const auto refused = Read({"--otlp-endpoint=" + far});
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << far;
    EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("--otlp-ca")) << far;
    EXPECT_TRUE(Read({"--otlp-endpoint=" + far, "--insecure=yes"}).ok()) << far;
  }
}

TEST(OtlpFlagsTest, RefusesWhatIsNoAddress) {
  for (const std::string bad :
       {"4317", ":4317", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
        "[::1:4317", "http://127.0.0.1:4317", "https://collector:4317/v1/traces"}) {
    const auto refused = Read({"--otlp-endpoint=" + bad, "--insecure=yes"});
    EXPECT_THAT(std::string(refused.status().message()),
                ::testing::StartsWith("--otlp-endpoint=" + bad + " is not HOST:PORT"))
        << bad;
  }
}

TEST(OtlpFlagsTest, RefusesWhatIsNoShare) {
  for (const std::string bad : {"", "-0.1", "1.01", "nan", "inf", "1%", "x"}) {
    EXPECT_FALSE(Read({"--trace-sample=" + bad}).ok()) << bad;
  }
  for (const std::string good : {"0", "1", "0.5", "1e-3"}) {
    EXPECT_TRUE(Read({"--trace-sample=" + good}).ok()) << good;
  }
}

TEST(OtlpFlagsTest, RefusesWhatIsNoInterval) {
  for (const std::string bad : {"", "-1", "86401", "0.5", "1m"}) {
    EXPECT_FALSE(Read({"--otlp-metrics-seconds=" + bad}).ok()) << bad;
  }
  EXPECT_EQ(Read({})->metrics_interval, absl::Minutes(1));
  EXPECT_EQ(Read({"--otlp-metrics-seconds=0"})->metrics_interval, absl::ZeroDuration());
}

TEST(OtlpFlagsTest, AFileThatCannotBeReadIsRefused) {
  const auto refused = Read({"--otlp-endpoint=collector:4317", "--otlp-ca=/no/such/file"});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace clustr::rpc
