#include "services/bundles/program/health_signs.h"

#include <map>
#include <string>

#include "absl/synchronization/notification.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/program/lag_watch.h"

namespace clustr::bundles {
namespace {

const char* const kRecommendations = v1::RecommendationService::service_full_name();

class HealthSignsTest : public ::testing::Test {
 protected:
  HealthSignsTest() {
    health_.Started([this](const std::string& name, bool serving) { serving_[name] = serving; });
  }
  std::map<std::string, bool> serving_;
  HealthSigns health_;
};

TEST_F(HealthSignsTest, TheServerIsReadyOnceItHasCaughtUp) {
  EXPECT_FALSE(serving_[""]);
  health_.FloorReady();
  EXPECT_FALSE(serving_[""]);
  health_.CaughtUp();
  EXPECT_TRUE(serving_[""]);
}

TEST_F(HealthSignsTest, AServerThatIsTooFarBehindIsNotReadyButItsServicesAnswer) {
  health_.CaughtUp();
  health_.TooFarBehind(true);
  EXPECT_FALSE(serving_[""]);
  EXPECT_TRUE(serving_[kRecommendations]);
  health_.TooFarBehind(false);
  EXPECT_TRUE(serving_[""]);
}

TEST_F(HealthSignsTest, AServerThatLacksTooMuchIsNotReadyButItsServicesAnswer) {
  health_.CaughtUp();
  health_.LacksTooMuch(true);
  EXPECT_FALSE(serving_[""]);
  EXPECT_TRUE(serving_[kRecommendations]);
  health_.LacksTooMuch(false);
  EXPECT_TRUE(serving_[""]);
}

TEST(LacksTooMuchTest, MoreThanAHundredRowsAndOneInAHundred) {
  EXPECT_FALSE(LacksTooMuch(100, 0));
  EXPECT_TRUE(LacksTooMuch(101, 0));
  EXPECT_TRUE(LacksTooMuch(101, 9'998));
  EXPECT_FALSE(LacksTooMuch(101, 9'999));
}

TEST(TooFarBehindTest, CountsOnlyWhileConnectedAndWithALimit) {
  ops::v1::Upstream upstream;
  upstream.set_connected(true);
  upstream.mutable_lag()->set_seconds(61);
  EXPECT_TRUE(TooFarBehind(upstream, 60));
  EXPECT_FALSE(TooFarBehind(upstream, 61));
  EXPECT_FALSE(TooFarBehind(upstream, 0));
  upstream.set_connected(false);
  EXPECT_FALSE(TooFarBehind(upstream, 60));
}

TEST(LagWatchTest, ReportsWhatItSees) {
  absl::Notification not_ready;
  HealthSigns health;
  health.CaughtUp();
  health.Started([&](const std::string& name, bool serving) {
    if (name.empty() && !serving && !not_ready.HasBeenNotified()) not_ready.Notify();
  });
  const LagWatch watch([&] { health.TooFarBehind(true); });
  not_ready.WaitForNotification();
}

}  // namespace
}  // namespace clustr::bundles
