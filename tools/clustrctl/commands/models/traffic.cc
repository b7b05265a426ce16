#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ModelService;
using bundles::v1::SetTrafficRequest;
using bundles::v1::SetTrafficResponse;

class TrafficCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Switch("end", "ends the division: the active model answers again", &end_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    if (arguments.empty() != end_) {
      return absl::InvalidArgumentError(
          "give either the shares, as in clustrctl traffic heuristic-v0=50 trained-1=50, or --end");
    }
    SetTrafficRequest request;
    for (const std::string& argument : arguments) {
      const std::pair<std::string, std::string> share =
          absl::StrSplit(argument, absl::MaxSplits('=', 1));
      CLUSTR_ASSIGN_OR_RETURN(
          const int64_t percent,
          ParseInteger(absl::StrCat("the share of ", Quoted(share.first)), share.second, 1));
      auto* added = request.add_shares();
      added->set_model_id(share.first);
      added->set_percent(static_cast<int32_t>(std::min<int64_t>(percent, INT32_MAX)));
    }
    const auto stub = ModelService::NewStub(context.bundles.channel);
    SetTrafficResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &ModelService::Stub::SetTraffic, *stub,
                                context.timeout_seconds, request, &response));
    if (context.Print(response, "shares")) return ExitCode::kOk;
    for (const auto& share : response.shares()) {
      context.out << share.model_id() << " answers " << share.percent() << " % of the traffic\n";
    }
    if (response.shares().empty()) context.out << "The active model answers all traffic\n";
    return ExitCode::kOk;
  }

 private:
  bool end_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeTrafficCommand() { return std::make_unique<TrafficCommand>(); }

}  // namespace clustr::ctl
