#include "services/bundles/program/bundle_calls.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/row_calls.h"
#include "gtest/gtest.h"

namespace clustr::bundles {
namespace {

std::unique_ptr<BundleCalls> Make(const std::vector<std::string>& arguments) {
  auto calls = BundleCalls::Make(*rpc::Flags::Parse(BundleCalls::Flags(), arguments));
  return calls.ok() ? *std::move(calls) : nullptr;
}

TEST(BundleCallsTest, OnlyAComputationThatIsAloneGetsAllCores) {
  const auto calls = Make({});
  std::vector<int> spare;
  absl::Notification alone_done;
  absl::Notification other_runs;
  absl::Notification end_other;
  absl::Notification done;
  calls->rules.Add({"1"}, {}, [&](const absl::Status&) {
    spare.push_back(calls->SpareThreads());
    alone_done.Notify();
    other_runs.WaitForNotification();
    spare.push_back(calls->SpareThreads());
    end_other.Notify();
    done.Notify();
  });
  alone_done.WaitForNotification();
  calls->searches.Add({"1"}, {}, [&](const absl::Status&) {
    other_runs.Notify();
    end_other.WaitForNotification();
  });
  done.WaitForNotification();
  const int cores = rpc::CoreCount();
  EXPECT_EQ(spare, (std::vector<int>{std::clamp(cores, 1, 4), std::clamp(cores / 2, 1, 4)}));
}

TEST(BundleCallsTest, RefusesWrongFlags) {
  EXPECT_EQ(Make({"--call-limits=scans=7"}), nullptr);
  EXPECT_EQ(Make({"--max-verify-seconds=0"}), nullptr);
}

}  // namespace
}  // namespace clustr::bundles
