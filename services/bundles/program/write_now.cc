#include "services/bundles/program/write_now.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace clustr::bundles {

absl::Status WriteNow(storage::Store& store,
                      std::function<absl::Status(storage::WriteContext&)> work) {
  absl::Notification written;
  absl::Status result;
  store.Submit({std::move(work), [&](absl::Status status) {
                  result = std::move(status);
                  written.Notify();
                }});
  written.WaitForNotification();
  return result;
}

}  // namespace clustr::bundles
