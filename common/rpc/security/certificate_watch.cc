#include "common/rpc/security/certificate_watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);
constexpr absl::Duration kSoon = absl::Hours(7 * 24);

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<std::unique_ptr<CertificateWatch>> CertificateWatch::Open(CertificatePaths paths) {
  CLUSTR_ASSIGN_OR_RETURN(Certificates first, ReadCertificates(paths));
  return std::unique_ptr<CertificateWatch>(
      new CertificateWatch(std::move(paths), std::move(first)));
}

CertificateWatch::CertificateWatch(CertificatePaths paths, Certificates first)
    : paths_(std::move(paths)),
      current_(std::make_shared<const Certificates>(std::move(first))),
      thread_([this] { Watch(); }) {}

CertificateWatch::~CertificateWatch() {
  stop_.Notify();
  thread_.join();
}

std::shared_ptr<const Certificates> CertificateWatch::current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

std::string CertificateWatch::Problem() const {
  absl::MutexLock lock(&mutex_);
  if (!unusable_.empty()) {
    return absl::StrCat("the certificates that were read last stay in force, as ", unusable_,
                        "; mend that file");
  }
  if (current_->expires - absl::Now() > kSoon) return "";
  const bool ended = current_->expires <= absl::Now();
  return absl::StrCat("the certificate in ", paths_.certificate,
                      ended ? " has been invalid since " : " is valid only until ",
                      Day(current_->expires), "; replace the file and its key");
}

void CertificateWatch::Watch() {
  while (!stop_.WaitForNotificationWithTimeout(kPause)) {
    absl::StatusOr<Certificates> read = ReadCertificates(paths_);
    absl::MutexLock lock(&mutex_);
    if (read.ok() && read->expires <= absl::Now() && current_->expires > absl::Now()) {
      read = absl::InvalidArgumentError(absl::StrCat("the certificate in ", paths_.certificate,
                                                     " ended on ", Day(read->expires)));
    }
    const std::string unusable = read.ok() ? "" : std::string(read.status().message());
    if (unusable != unusable_ && !unusable.empty()) {
      Log(LogLevel::kError, "certificates_unusable", {{"message", unusable}});
    }
    unusable_ = unusable;
    if (!read.ok() || *read == *current_) continue;
    current_ = std::make_shared<const Certificates>(*std::move(read));
    Log(LogLevel::kInfo, "certificates_reloaded", {{"valid_until", Day(current_->expires)}});
  }
}

}  // namespace clustr::rpc
