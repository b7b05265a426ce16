#include "common/rpc/call.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/storage/personal.h"

namespace clustr::rpc {

absl::Status AnswerTooLarge(size_t bytes) {
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT,
                   absl::StrCat("the answer has ", bytes, " bytes, more than the ", kMaxAnswerBytes,
                                " that clients accept; ask for less at once"),
                   {{"size", absl::StrCat(bytes)}, {"limit", absl::StrCat(kMaxAnswerBytes)}});
}

absl::StatusOr<std::optional<std::string>> Retries::FindAnswer(storage::Session& session) const {
  if (!key_.has_value()) return std::nullopt;
  return storage::FindAnswer(session, *key_);
}

void Retries::Remember(storage::Session& session, const google::protobuf::Message& answer) const {
  if (!key_.has_value()) return;
  if (!storage::MayHoldPersonal(*answer.GetDescriptor())) {
    return storage::RememberAnswer(session, *key_, answer.SerializeAsString(), absl::Now());
  }
  const std::unique_ptr<google::protobuf::Message> kept(answer.New());
  kept->CopyFrom(answer);
  storage::ClearPersonal(kept.get());
  storage::RememberAnswer(session, *key_, kept->SerializeAsString(), absl::Now());
}

}  // namespace clustr::rpc
