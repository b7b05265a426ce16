#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "clustr/bundles/v1/model_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ListModelsRequest;
using bundles::v1::ListModelsResponse;
using bundles::v1::Model;
using bundles::v1::ModelService;

constexpr int kShownOfDigest = 12;

class ModelsCommand : public Command {
 public:
  void DefineFlags(FlagSet*) override {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl models"));
    const auto stub = ModelService::NewStub(context.bundles.channel);
    TextTable table({{"MODEL", Align::kLeft},
                     {"ACTIVE", Align::kLeft},
                     {"TRAFFIC"},
                     {"SINCE", Align::kLeft},
                     {"DIGEST", Align::kLeft},
                     {"FEATURES", Align::kLeft}});
    ListModelsRequest request;
    ListModelsResponse page;
    ListModelsResponse all;
    do {
      CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &ModelService::Stub::ListModels, *stub,
                                  context.timeout_seconds, request, &page));
      if (context.json) context.PrintJson(page);
      all.MergeFrom(page);
      for (const Model& model : page.models()) {
        table.Add({model.model_id(), model.active() ? "yes" : "no",
                   absl::StrCat(model.traffic_percent(), " %"),
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                                    absl::FromUnixSeconds(model.create_time().seconds()),
                                    absl::UTCTimeZone()),
                   model.digest().substr(0, kShownOfDigest),
                   absl::StrJoin(model.features(), ", ")});
      }
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    if (context.json) return ExitCode::kOk;
    if (!context.Print(all, "models")) table.Print(context.out, context.width);
    return ExitCode::kOk;
  }
};

}  // namespace

std::unique_ptr<Command> MakeModelsCommand() { return std::make_unique<ModelsCommand>(); }

}  // namespace clustr::ctl
