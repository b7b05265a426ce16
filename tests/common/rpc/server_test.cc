#include "common/rpc/server.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/steady_time.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_folder.h"

namespace clustr::rpc {
namespace {

// A program with a thread that never looks whether it is still wanted.
class Busy final : public Program {
 public:
  explicit Busy(absl::Duration last_patience) : last_patience_(last_patience) {}
  ~Busy() override { absl::SleepFor(absl::InfiniteDuration()); }
  std::vector<grpc::Service*> services() override { return {}; }
  void AddStatus(ops::v1::GetStatusResponse*) override {}
  void Started(std::function<void(const std::string&, bool)>) override {}
  void Drain() override {}
  absl::Duration last_patience() const override { return last_patience_; }

 private:
  const absl::Duration last_patience_;
};

// Serves such a program, and ends with the exit code of the server after SIGTERM.
void ServeBusy(absl::Duration last_patience) {
  const testing::TempFolder folder;
  const std::string port_file = folder.File("port");
  std::thread([port_file] {
    while (!std::filesystem::exists(port_file)) absl::SleepFor(absl::Milliseconds(10));
    absl::SleepFor(absl::Milliseconds(200));
    kill(getpid(), SIGTERM);
  }).detach();
  std::string name = "clustr-busy";
  std::string listen = "--listen=127.0.0.1:0";
  std::string file = "--port-file=" + port_file;
  std::vector<char*> arguments = {name.data(), listen.data(), file.data()};
  std::exit(
      RunServer("busy", "", "127.0.0.1:0", {}, static_cast<int>(arguments.size()), arguments.data(),
                [=](const Flags&, Tracer*) { return std::make_unique<Busy>(last_patience); }));
}

// Without the limit, this never ended.
TEST(ServerDeathTest, AServerEndsAlthoughItsProgramDoesNot) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ServeBusy(absl::InfiniteDuration()), ::testing::ExitedWithCode(0),
              "it ends without them");
}

// It took 11.5 s as well where nothing was left that had to be stored.
TEST(ServerDeathTest, AProgramMayGiveWhatStillComputesLessTime) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const SteadyTime begin = SteadyNow();
  EXPECT_EXIT(ServeBusy(absl::Milliseconds(100)), ::testing::ExitedWithCode(0),
              "it ends without them");
  EXPECT_LT(Since(begin), absl::Seconds(8));
}

}  // namespace
}  // namespace clustr::rpc
