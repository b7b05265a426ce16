#include "tests/testing/store_access.h"

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace clustr::testing {

using storage::Store;
using storage::WriteContext;

absl::Status Write(Store& store, std::function<absl::Status(WriteContext&)> work,
                   bool validate_only) {
  absl::Notification written;
  absl::Status result;
  store.Submit({std::move(work),
                [&](absl::Status status) {
                  result = std::move(status);
                  written.Notify();
                },
                validate_only});
  written.WaitForNotification();
  return result;
}

std::vector<absl::Status> WriteTogether(
    Store& store, std::vector<std::function<absl::Status(WriteContext&)>> works) {
  absl::Notification entered;
  absl::Notification all_submitted;
  absl::BlockingCounter done(static_cast<int>(works.size()) + 1);
  store.Submit({[&](WriteContext&) {
                  entered.Notify();
                  all_submitted.WaitForNotification();
                  return absl::OkStatus();
                },
                [&](const absl::Status&) { done.DecrementCount(); }});
  entered.WaitForNotification();
  std::vector<absl::Status> results(works.size());
  for (size_t i = 0; i < works.size(); ++i) {
    store.Submit({std::move(works[i]), [&, i](absl::Status status) {
                    results[i] = std::move(status);
                    done.DecrementCount();
                  }});
  }
  all_submitted.Notify();
  done.Wait();
  return results;
}

int64_t ReadInteger(Store& store, const std::string& sql) {
  int64_t value = 0;
  const absl::Status status = store.Read([&](storage::Session& session) {
    value = session.Integer(sql);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return value;
}

}  // namespace clustr::testing
