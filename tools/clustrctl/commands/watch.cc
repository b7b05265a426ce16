#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/service_status.h"

namespace clustr::ctl {
namespace {

using ops::v1::GetStatusResponse;

constexpr int kLinesBetweenTitles = 20;
constexpr char kLine[] = "%8s  %12s %11s  %12s %9s %9s  %12s %13s  %9s\n";
constexpr char kUnreachable[] = "unreachable";

int64_t Rows(const GetStatusResponse& response, const char* kind) {
  const auto it = response.row_counts().find(kind);
  return it == response.row_counts().end() ? 0 : it->second;
}

// The status of all services at one moment.
struct Sample {
  absl::Time time;
  std::vector<ServiceStatus> services;  // catalog, sales, bundles.

  const ServiceStatus& catalog() const { return services[0]; }
  const ServiceStatus& sales() const { return services[1]; }
  const ServiceStatus& bundles() const { return services[2]; }
};

// How fast `value` of a service rose between two samples; "" if unknown.
template <typename Value>
std::string PerSecond(const Sample& before, const Sample& now, size_t service, Value value) {
  if (before.services.empty()) return "";
  const ServiceStatus& then = before.services[service];
  const ServiceStatus& here = now.services[service];
  const bool same_run =
      then.status.ok() && here.status.ok() && then.response.store_id() == here.response.store_id();
  if (!same_run) return "";
  const double seconds = absl::ToDoubleSeconds(now.time - before.time);
  const double rise = static_cast<double>(value(here.response) - value(then.response));
  return WithSeparators(static_cast<int64_t>(rise / seconds));
}

std::string Revision(const ServiceStatus& service) {
  return service.status.ok() ? absl::StrCat(service.response.revision()) : kUnreachable;
}

// Number of sales revisions that bundles has not applied yet; "" if unknown.
std::string Behind(const Sample& now) {
  if (!now.sales().status.ok() || !now.bundles().status.ok()) return "";
  const int64_t behind =
      now.sales().response.revision() - AppliedRevision(now.bundles().response, "sales");
  return WithSeparators(std::max<int64_t>(behind, 0));
}

// The longest time for which bundles has been behind a service that it follows.
std::string Lag(const Sample& now) {
  if (!now.bundles().status.ok()) return "";
  double seconds = 0;
  for (const ops::v1::Upstream& upstream : now.bundles().response.upstreams()) {
    if (!upstream.connected()) return "not connected";
    seconds = std::max(
        seconds, static_cast<double>(upstream.lag().seconds()) + upstream.lag().nanos() / 1e9);
  }
  return Duration(seconds);
}

class WatchCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Double("every", "seconds between two lines; default 1", &every_seconds_);
    flags->Int64("count", "number of lines to print; default 0: until interrupted", &count_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl watch [flags]"));
    if (!(every_seconds_ >= 0.1 && every_seconds_ <= 86400)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--every=", every_seconds_, " is not between 0.1 and 86400; give for example 1"));
    }
    if (count_ < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--count=", count_, " is below 0; give at least 1, or 0 to print until interrupted"));
    }
    std::optional<CsvRows> rows;
    if (context.csv) rows.emplace(GetStatusResponse::descriptor(), &context.out);
    Sample before;
    for (int64_t line = 0; count_ == 0 || line < count_; ++line) {
      if (line > 0) absl::SleepFor(absl::Seconds(every_seconds_));
      Sample now = {absl::Now(), AskServices(context)};
      if (rows.has_value()) {
        for (const ServiceStatus& service : now.services) {
          if (service.status.ok()) rows->Add(service.response);
        }
        context.out << std::flush;
      } else if (context.json) {
        for (const ServiceStatus& service : now.services) {
          if (service.status.ok()) context.PrintJson(service.response);
        }
      } else {
        if (line % kLinesBetweenTitles == 0) PrintTitles(context);
        PrintLine(before, now, context);
      }
      PrintProblems(now, context);
      before = std::move(now);
    }
    CLUSTR_RETURN_IF_ERROR(Failures(before.services));
    return ExitCode::kOk;
  }

 private:
  static void PrintTitles(const Context& context) {
    context.out << absl::StrFormat(kLine, "TIME", "CATALOG", "REVISIONS/S", "SALES", "BASKETS/S",
                                   "LINES/S", "NOT COUNTED", "LAG", "MEMORY");
  }

  static void PrintLine(const Sample& before, const Sample& now, const Context& context) {
    const auto revision = [](const GetStatusResponse& r) { return r.revision(); };
    const auto baskets = [](const GetStatusResponse& r) { return Rows(r, "transactions"); };
    const auto lines = [](const GetStatusResponse& r) { return Rows(r, "sales"); };
    int64_t memory = 0;
    for (const ServiceStatus& service : now.services) memory += service.response.resident_bytes();
    context.out << absl::StrFormat(kLine,
                                   absl::FormatTime("%H:%M:%S", now.time, absl::LocalTimeZone()),
                                   Revision(now.catalog()), PerSecond(before, now, 0, revision),
                                   Revision(now.sales()), PerSecond(before, now, 1, baskets),
                                   PerSecond(before, now, 1, lines),
                                   now.bundles().status.ok() ? Behind(now) : kUnreachable, Lag(now),
                                   Bytes(memory))
                << std::flush;
  }

  static void PrintProblems(const Sample& now, const Context& context) {
    for (const ServiceStatus& service : now.services) {
      for (const std::string& problem : service.response.problems()) {
        context.err << service.service->name << ": " << problem << '\n';
      }
    }
  }

  double every_seconds_ = 1;
  int64_t count_ = 0;
};

}  // namespace

std::unique_ptr<Command> MakeWatchCommand() { return std::make_unique<WatchCommand>(); }

}  // namespace clustr::ctl
