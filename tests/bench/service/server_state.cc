#include <algorithm>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "tests/bench/service/call.h"
#include "tests/bench/service/command.h"
#include "tests/bench/service/measure.h"

namespace clustr::bench {
namespace {

using bundles::v1::AssociationRuleService;
using ops::v1::AdminService;
using ops::v1::GetStatusResponse;

constexpr std::chrono::milliseconds kPollInterval{5};

absl::StatusOr<GetStatusResponse> StatusOf(AdminService::Stub& stub) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  GetStatusResponse response;
  const grpc::Status status = stub.GetStatus(&context, {}, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return response;
}

// Measures the memory that a line of sales takes in bundles.
class MemoryCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("sales", "HOST:PORT", "lines are counted here", &sales_);
    flags->Text("bundles", "HOST:PORT", "its memory is measured", &bundles_);
  }

  absl::Status Run(Report* report) override {
    CLUSTR_ASSIGN_OR_RETURN(auto sales, StatusOf(*AdminService::NewStub(Connect(sales_))));
    CLUSTR_ASSIGN_OR_RETURN(auto bundles, StatusOf(*AdminService::NewStub(Connect(bundles_))));
    const auto lines = static_cast<double>((*sales.mutable_row_counts())["sales"]);
    if (lines == 0) return absl::FailedPreconditionError("sales is empty; import a shop first");
    const auto bytes = static_cast<double>(bundles.resident_bytes());
    report->Add("memory.resident", bytes / 1e6, "MB");
    report->Add("memory.a_line", bytes / lines, "bytes of the whole process per line");
    return absl::OkStatus();
  }

 private:
  std::string sales_;
  std::string bundles_;
};

// Measures how long bundles takes after its start to answer and to hold everything that sales has.
class ReadyCommand : public Command {
 public:
  void DefineFlags(ctl::FlagSet* flags) override {
    flags->Text("sales", "HOST:PORT", "its revision is the one to reach", &sales_);
    flags->Text("bundles", "HOST:PORT", "the server that was started", &bundles_);
    flags->Text("figure", "NAME", "prefix of the figures; default restart", &figure_);
    flags->Double("since", "time of the start, in seconds since 1970; default now", &since_);
    flags->Double("seconds", "maximum seconds to wait; default 60", &seconds_);
  }

  absl::Status Run(Report* report) override {
    if (since_ == 0) since_ = Now();
    CLUSTR_ASSIGN_OR_RETURN(const auto sales, StatusOf(*AdminService::NewStub(Connect(sales_))));
    CLUSTR_RETURN_IF_ERROR(Await("answers from the floor", [this] { return Answers(); }));
    report->Add(figure_ + ".answering", Now() - since_, "s");
    CLUSTR_RETURN_IF_ERROR(Await("has caught up", [&] { return HasApplied(sales.revision()); }));
    report->Add(figure_ + ".caught_up", Now() - since_, "s");
    return absl::OkStatus();
  }

 private:
  static double Now() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

  // Opens a new connection each time: a refused one would wait a second before it retries.
  bool Answers() const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
    bundles::v1::ListAssociationRulesRequest request;
    request.set_page_size(1);
    bundles::v1::ListAssociationRulesResponse response;
    return AssociationRuleService::NewStub(Connect(bundles_))
               ->ListAssociationRules(&context, request, &response)
               .ok() &&
           response.provenance().basket_count() > 0;
  }

  // GetStatus.revision does not tell: it is that of the floor until the baskets have been read.
  bool HasApplied(int64_t sales_revision) const {
    const auto status = StatusOf(*AdminService::NewStub(Connect(bundles_)));
    return status.ok() && std::any_of(status->upstreams().begin(), status->upstreams().end(),
                                      [&](const ops::v1::Upstream& upstream) {
                                        return upstream.name() == "sales" && upstream.connected() &&
                                               upstream.applied_revision() >= sales_revision;
                                      });
  }

  template <class Condition>
  absl::Status Await(const std::string& what, const Condition& condition) const {
    while (!condition()) {
      if (Now() - since_ > seconds_) {
        return absl::DeadlineExceededError(
            absl::StrCat("bundles at ", bundles_, ": not within ", seconds_, " s: ", what));
      }
      std::this_thread::sleep_for(kPollInterval);
    }
    return absl::OkStatus();
  }

  std::string sales_;
  std::string bundles_;
  std::string figure_ = "restart";
  double since_ = 0;
  double seconds_ = 60;
};

}  // namespace

std::unique_ptr<Command> MakeMemoryCommand() { return std::make_unique<MemoryCommand>(); }
std::unique_ptr<Command> MakeReadyCommand() { return std::make_unique<ReadyCommand>(); }

}  // namespace clustr::bench
