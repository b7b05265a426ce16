#include "common/rpc/access/access_files.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);
constexpr size_t kMaxFileBytes = 1 << 20;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " cannot be read, or is longer than 1 MiB"));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

// The error of the contents of a file, with its path.
absl::Status In(const std::string& path, const absl::Status& error) {
  return absl::InvalidArgumentError(absl::StrCat(path, " ", error.message()));
}

}  // namespace

absl::StatusOr<AccessFiles::Texts> AccessFiles::Read(const AccessPaths& paths) {
  Texts texts;
  CLUSTR_ASSIGN_OR_RETURN(texts.policy, ReadFile(paths.policy));
  CLUSTR_ASSIGN_OR_RETURN(texts.tokens, ReadFile(paths.tokens));
  CLUSTR_ASSIGN_OR_RETURN(texts.jwt_keys, ReadFile(paths.jwt_keys));
  return texts;
}

absl::StatusOr<std::shared_ptr<const AccessRules>> AccessFiles::Parse(const AccessPaths& paths,
                                                                      const Texts& texts) {
  auto rules = std::make_shared<AccessRules>();
  if (!paths.policy.empty()) {
    absl::StatusOr<Policy> policy = Policy::Parse(texts.policy);
    if (!policy.ok()) return In(paths.policy, policy.status());
    rules->policy = *std::move(policy);
  }
  if (!paths.tokens.empty()) {
    absl::StatusOr<Tokens> tokens = Tokens::Parse(texts.tokens);
    if (!tokens.ok()) return In(paths.tokens, tokens.status());
    rules->tokens = *std::move(tokens);
  }
  if (!paths.jwt_keys.empty()) {
    auto keys = JwtKeys::Parse(texts.jwt_keys, paths.jwt_claims);
    if (!keys.ok()) return In(paths.jwt_keys, keys.status());
    rules->jwt_keys = *std::move(keys);
  }
  return rules;
}

absl::StatusOr<std::unique_ptr<AccessFiles>> AccessFiles::Open(AccessPaths paths) {
  CLUSTR_ASSIGN_OR_RETURN(Texts texts, Read(paths));
  CLUSTR_ASSIGN_OR_RETURN(auto first, Parse(paths, texts));
  return std::unique_ptr<AccessFiles>(
      new AccessFiles(std::move(paths), std::move(texts), std::move(first)));
}

AccessFiles::AccessFiles(AccessPaths paths, Texts texts, std::shared_ptr<const AccessRules> first)
    : paths_(std::move(paths)), texts_(std::move(texts)), current_(std::move(first)) {
  if (paths_.policy.empty() && paths_.tokens.empty() && paths_.jwt_keys.empty()) return;
  thread_ = std::thread([this] { Watch(); });
}

AccessFiles::~AccessFiles() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const AccessRules> AccessFiles::current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

std::string AccessFiles::Problem() const {
  absl::MutexLock lock(&mutex_);
  if (unusable_.empty()) return "";
  return absl::StrCat("the policy, the tokens and the keys that were read last stay in force, as ",
                      unusable_, "; mend that file");
}

absl::Status AccessFiles::Look() {
  CLUSTR_ASSIGN_OR_RETURN(Texts texts, Read(paths_));
  if (texts == texts_) return absl::OkStatus();
  CLUSTR_ASSIGN_OR_RETURN(auto rules, Parse(paths_, texts));
  texts_ = std::move(texts);
  absl::MutexLock lock(&mutex_);
  current_ = std::move(rules);
  Log(LogLevel::kInfo, "policy_reloaded");
  return absl::OkStatus();
}

void AccessFiles::Watch() {
  while (!stop_.WaitForNotificationWithTimeout(kPause)) {
    const absl::Status looked = Look();
    const std::string unusable(looked.message());
    absl::MutexLock lock(&mutex_);
    if (unusable != unusable_ && !unusable.empty()) {
      Log(LogLevel::kError, "policy_unusable", {{"message", unusable}});
    }
    unusable_ = unusable;
  }
}

}  // namespace clustr::rpc
