#include "tests/testing/store_access.h"

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/backup/backup_check.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

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

std::vector<ops::v1::BackupChunk> BackUp(storage::Store& store) {
  auto snapshot = store.OpenSnapshot("1.2.3");
  EXPECT_THAT(snapshot, IsOk());
  std::vector<ops::v1::BackupChunk> chunks;
  ops::v1::BackupChunk chunk;
  while (*(*snapshot)->Next(&chunk)) chunks.push_back(chunk);
  return chunks;
}

absl::Status Restore(storage::Store& store, const std::vector<ops::v1::BackupChunk>& chunks) {
  backup::BackupCheck check;
  size_t at = 0;
  absl::Notification ended;
  absl::Status result;
  store.Restore(
      [&]() -> absl::StatusOr<ops::v1::BackupContent> {
        if (at == chunks.size()) {
          const absl::Status complete = check.Complete();
          return complete.ok() ? absl::InternalError("read too far") : complete;
        }
        return check.Next(chunks[at++]);
      },
      [&](absl::Status status) {
        result = std::move(status);
        ended.Notify();
      });
  ended.WaitForNotification();
  return result;
}

std::string DigestOf(const std::vector<ops::v1::BackupChunk>& chunks) {
  backup::BackupCheck check;
  for (const ops::v1::BackupChunk& chunk : chunks) EXPECT_THAT(check.Next(chunk), IsOk());
  EXPECT_TRUE(check.ended());
  return check.end().data_sha256();
}

}  // namespace clustr::testing
