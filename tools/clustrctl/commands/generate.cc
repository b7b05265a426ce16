#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/generator/shop.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"

namespace clustr::ctl {
namespace {

class GenerateCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Int64("seed", "equal seeds and sizes give equal bytes; default 1", &options_.seed);
    flags->Int64("products", "number of products; default 300", &options_.products);
    flags->Int64("customers", "number of customers; default 1000", &options_.customers);
    flags->Int64("baskets", "number of baskets; default 20000", &options_.baskets);
    flags->Double("mean-lines", "mean number of lines per basket; default 4", &options_.mean_lines);
    flags->Int64("days", "number of days from 2024-01-01; default 365", &options_.days);
    flags->Switch("patterns",
                  "plants seasons, refills, substitutes, sequels, launches, tastes and loyal "
                  "customers, and writes what is true to truth.json",
                  &options_.patterns);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl generate DIR"));
    CLUSTR_RETURN_IF_ERROR(generator::ValidateShopOptions(options_));
    const std::string& folder = arguments[0];
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat(folder, ": cannot be created: ", error.message()));
    }
    Progress progress("baskets");
    CLUSTR_ASSIGN_OR_RETURN(const generator::ShopSize size,
                            generator::WriteShop(options_, folder, [&](int64_t baskets) {
                              progress.Update(baskets,
                                              static_cast<double>(baskets) / options_.baskets);
                            }));
    const double seconds = progress.Finish();
    context.err << WithSeparators(size.products) << " products, " << WithSeparators(size.customers)
                << " customers, " << WithSeparators(size.days) << " days, "
                << WithSeparators(size.baskets) << " baskets, " << WithSeparators(size.lines)
                << " lines in " << Duration(seconds) << '\n';
    return ExitCode::kOk;
  }

 private:
  generator::ShopOptions options_;
};

}  // namespace

std::unique_ptr<Command> MakeGenerateCommand() { return std::make_unique<GenerateCommand>(); }

}  // namespace clustr::ctl
