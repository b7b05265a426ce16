#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/service_status.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using ops::v1::GetStatusResponse;
using ops::v1::Upstream;
using Clock = std::chrono::steady_clock;

constexpr auto kPollInterval = std::chrono::milliseconds(100);
constexpr int64_t kDefaultWaitSeconds = 60;

std::string DescribeRows(const GetStatusResponse& response) {
  const std::map<std::string, int64_t> counts(response.row_counts().begin(),
                                              response.row_counts().end());
  return absl::StrJoin(counts, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, WithSeparators(count.second), " ", count.first);
  });
}

std::string DescribeUpstreams(const GetStatusResponse& response) {
  return absl::StrJoin(response.upstreams(), ", ", [](std::string* out, const Upstream& upstream) {
    absl::StrAppend(out, upstream.name(), " ", upstream.applied_revision(), "/",
                    upstream.head_revision(), upstream.connected() ? "" : " (not connected)");
  });
}

double UptimeSeconds(const GetStatusResponse& response) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::max<double>(std::chrono::duration_cast<std::chrono::seconds>(now).count() -
                              response.start_time().seconds(),
                          0);
}

class StatusCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->OptionalValue(
        "wait", "SECONDS",
        absl::StrCat(
            "waits until every service answers and has applied the data of those it follows, and "
            "bundles has counted its rules; default ",
            kDefaultWaitSeconds),
        [this](std::string_view value) {
          wait_seconds_ = kDefaultWaitSeconds;
          if (value.data() == nullptr) return std::string();
          const auto [end, error] =
              std::from_chars(value.data(), value.data() + value.size(), wait_seconds_);
          if (error == std::errc() && end == value.data() + value.size() && wait_seconds_ > 0) {
            return std::string();
          }
          return absl::StrCat("\"", std::string(value),
                              "\" is not a number of seconds; give for example 60");
        });
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl status [flags]"));
    std::vector<ServiceStatus> answers = AskServices(context);
    const auto deadline = Clock::now() + std::chrono::seconds(wait_seconds_);
    while (wait_seconds_ > 0 && !CaughtUp(answers) && Clock::now() < deadline) {
      std::this_thread::sleep_for(kPollInterval);
      answers = AskServices(context);
    }
    if (wait_seconds_ > 0 && CaughtUp(answers)) {
      CLUSTR_RETURN_IF_ERROR(CountRules(context));
      answers = AskServices(context);
    }
    if (context.csv) {
      CsvRows rows(GetStatusResponse::descriptor(), &context.out);
      for (const ServiceStatus& answer : answers) {
        if (answer.status.ok()) rows.Add(answer.response);
      }
    }
    Print(answers, context);
    CLUSTR_RETURN_IF_ERROR(Failures(answers));
    if (wait_seconds_ > 0 && !CaughtUp(answers)) {
      return absl::UnavailableError(absl::StrCat("not caught up within ", wait_seconds_, " s: ",
                                                 absl::StrJoin(Missing(answers, goals_), ", "),
                                                 "; allow more time with --wait=SECONDS"));
    }
    return HasProblem(answers) ? ExitCode::kProblem : ExitCode::kOk;
  }

 private:
  // Whether a service tells of a problem; to be not connected to one that it follows is one.
  static bool HasProblem(const std::vector<ServiceStatus>& answers) {
    return std::any_of(answers.begin(), answers.end(), [](const ServiceStatus& answer) {
      return answer.response.problems_size() > 0;
    });
  }

  // The goals are the revisions at the first time that catalog and sales both answered, so that the
  // wait also ends in a shop that goes on selling.
  bool CaughtUp(const std::vector<ServiceStatus>& answers) {
    if (!answers[0].status.ok() || !answers[1].status.ok()) return false;
    if (goals_.empty()) {
      goals_ = {{"catalog", answers[0].response.revision()},
                {"sales", answers[1].response.revision()}};
    }
    return Missing(answers, goals_).empty();
  }

  // Makes bundles count the rules at the default thresholds; its status then reports their number,
  // or as a problem that there are more than it may count.
  absl::Status CountRules(const Context& context) const {
    bundles::v1::ListAssociationRulesRequest request;
    request.set_page_size(1);
    request.set_min_sales_revision(goals_.at("sales"));
    request.set_min_catalog_revision(goals_.at("catalog"));
    bundles::v1::ListAssociationRulesResponse response;
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    const absl::Status counted =
        Call(context.bundles, &AssociationRuleService::Stub::ListAssociationRules, *stub,
             static_cast<double>(wait_seconds_), request, &response);
    return absl::IsResourceExhausted(counted) ? absl::OkStatus() : counted;
  }

  static void Print(const std::vector<ServiceStatus>& answers, const Context& context) {
    TextTable table({{"SERVICE", Align::kLeft},
                     {"ADDRESS", Align::kLeft},
                     {"VERSION", Align::kLeft},
                     {"UP", Align::kLeft},
                     {"REVISION"},
                     {"MEMORY"},
                     {"ROWS", Align::kLeft},
                     {"FOLLOWS", Align::kLeft}});
    for (const ServiceStatus& answer : answers) {
      const GetStatusResponse& r = answer.response;
      if (!answer.status.ok()) {
        table.Add(
            {answer.service->name, answer.service->address, "", "unreachable", "", "", "", ""});
        continue;
      }
      if (context.json) context.PrintJson(r);
      table.Add({answer.service->name, answer.service->address, r.version(),
                 Duration(UptimeSeconds(r)), absl::StrCat(r.revision()), Bytes(r.resident_bytes()),
                 DescribeRows(r), DescribeUpstreams(r)});
    }
    if (!context.json && !context.csv) table.Print(context.out, context.width);
    for (const ServiceStatus& answer : answers) {
      for (const std::string& problem : answer.response.problems()) {
        context.err << answer.service->name << ": " << problem << '\n';
      }
    }
  }

  int64_t wait_seconds_ = 0;
  Revisions goals_;  // Empty until catalog and sales have both answered.
};

}  // namespace

std::unique_ptr<Command> MakeStatusCommand() { return std::make_unique<StatusCommand>(); }

}  // namespace clustr::ctl
