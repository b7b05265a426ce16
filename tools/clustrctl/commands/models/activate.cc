#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ActivateModelRequest;
using bundles::v1::ActivateModelResponse;
using bundles::v1::ModelService;

class ActivateCommand : public Command {
 public:
  void DefineFlags(FlagSet*) override {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl activate MODEL"));
    ActivateModelRequest request;
    request.set_model_id(arguments[0]);
    const auto stub = ModelService::NewStub(context.bundles.channel);
    ActivateModelResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &ModelService::Stub::ActivateModel, *stub,
                                context.timeout_seconds, request, &response));
    if (!context.Print(response, "")) {
      context.out << response.model().model_id() << " is active. To undo: clustrctl activate "
                  << response.previous_model_id() << '\n';
    }
    return ExitCode::kOk;
  }
};

}  // namespace

std::unique_ptr<Command> MakeActivateCommand() { return std::make_unique<ActivateCommand>(); }

}  // namespace clustr::ctl
