#include <string>

#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/models/metric_table.h"
#include "tools/clustrctl/commands/models/report.h"

namespace clustr::ctl {
namespace {

using bundles::v1::GetModelRequest;
using bundles::v1::GetModelResponse;
using bundles::v1::ModelService;

class EvaluateCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Text("report", "FILE", "also writes a page of HTML with plots", &report_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 1, "clustrctl evaluate [MODEL]"));
    GetModelRequest request;
    if (!arguments.empty()) request.set_model_id(arguments[0]);
    const auto stub = ModelService::NewStub(context.bundles.channel);
    GetModelResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &ModelService::Stub::GetModel, *stub,
                                context.timeout_seconds, request, &response));
    if (!report_.empty()) {
      CLUSTR_RETURN_IF_ERROR(WriteReport(response.model(), report_));
      context.err << "wrote " << report_ << '\n';
    }
    if (!context.Print(response, "model.metrics")) PrintMetrics(response.model(), context);
    return ExitCode::kOk;
  }

 private:
  std::string report_;
};

}  // namespace

std::unique_ptr<Command> MakeEvaluateCommand() { return std::make_unique<EvaluateCommand>(); }

}  // namespace clustr::ctl
