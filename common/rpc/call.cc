#include "common/rpc/call.h"

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/storage/personal.h"

namespace clustr::rpc {
namespace {

std::string FindMethod(const google::protobuf::Descriptor& request) {
  const google::protobuf::FileDescriptor& file = *request.file();
  for (int s = 0; s < file.service_count(); ++s) {
    for (int m = 0; m < file.service(s)->method_count(); ++m) {
      const auto* method = file.service(s)->method(m);
      if (method->input_type() == &request) {
        return absl::StrCat("/", method->service()->full_name(), "/", method->name());
      }
    }
  }
  return request.full_name();
}

}  // namespace

const std::string& MethodOf(const google::protobuf::Descriptor& request) {
  static absl::Mutex mutex;
  static auto* names = new absl::flat_hash_map<const google::protobuf::Descriptor*,
                                               std::unique_ptr<const std::string>>;
  absl::MutexLock lock(&mutex);
  std::unique_ptr<const std::string>& name = (*names)[&request];
  if (name == nullptr) name = std::make_unique<const std::string>(FindMethod(request));
  return *name;
}

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

std::string CodeName(absl::StatusCode code) { return absl::StatusCodeToString(code); }

}  // namespace clustr::rpc
