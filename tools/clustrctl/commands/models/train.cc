#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/models/metric_table.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ModelService;
using bundles::v1::TrainModelRequest;
using bundles::v1::TrainModelResponse;

// A training takes minutes on a large shop, unlike the calls that the default timeout is for.
constexpr double kMinTimeoutSeconds = 3600;

class TrainCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    request_.set_activate_if_better(true);
    flags->Field("split-date", &request_, "split_date",
                 "first day to measure on, YYYY-MM-DD; default: the last fifth of the days");
    flags->Field("seed", &request_, "seed",
                 "number that chooses the hidden products; the same seed gives the same model; "
                 "default 0");
    flags->Switch("keep-inactive",
                  "do not activate the model, even if it is better; default: "
                  "activate it if it is",
                  &keep_inactive_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl train [flags]"));
    if (keep_inactive_) request_.set_activate_if_better(false);
    const auto stub = ModelService::NewStub(context.bundles.channel);
    grpc::ClientContext call;
    SetTimeout(std::max(context.timeout_seconds, kMinTimeoutSeconds), &call);
    const auto stream = stub->TrainModel(&call, request_);
    TrainModelResponse last;
    {
      Progress progress("percent trained");
      while (stream->Read(&last)) progress.Update(last.percent(), 100);
    }
    CLUSTR_RETURN_IF_ERROR(ServiceError(context.bundles, stream->Finish()));
    if (!last.has_model()) {
      return absl::FailedPreconditionError(absl::StrCat("bundles at ", context.bundles.address,
                                                        " ended without a model; try again"));
    }
    if (!context.Print(last, "model.metrics")) {
      PrintMetrics(last.model(), context);
      context.out << last.model().model_id() << ": " << last.outcome() << '\n';
    }
    return ExitCode::kOk;
  }

 private:
  TrainModelRequest request_;
  bool keep_inactive_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeTrainCommand() { return std::make_unique<TrainCommand>(); }

}  // namespace clustr::ctl
