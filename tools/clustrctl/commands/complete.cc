#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/products/recommend_products.h"
#include "tools/clustrctl/recommendation_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

class CompleteCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineRequestFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    for (const std::string& argument : arguments) {
      CLUSTR_RETURN_IF_ERROR(AddRowNames(argument, "basket_skus", &request_));
    }
    return PrintProducts(request_, context);
  }

 private:
  bundles::v1::RecommendProductsRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeCompleteCommand() { return std::make_unique<CompleteCommand>(); }

}  // namespace clustr::ctl
