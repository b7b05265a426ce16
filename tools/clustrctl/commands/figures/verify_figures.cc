#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/analytics_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using sales::v1::AnalyticsService;
using sales::v1::FiguresDifference;
using sales::v1::VerifySalesFiguresRequest;
using sales::v1::VerifySalesFiguresResponse;

std::string DimensionOf(const FiguresDifference& difference) {
  return difference.dimension() == sales::v1::REVENUE_DIMENSION_UNSPECIFIED
             ? ""
             : sales::v1::RevenueDimension_Name(difference.dimension());
}

void PrintFindings(const VerifySalesFiguresResponse& found, const Context& context) {
  context.out << WithSeparators(found.difference_count()) << " differences\n"
              << WithSeparators(found.compared_count()) << " figures of "
              << WithSeparators(found.transaction_count()) << " transactions compared\n"
              << "sales revision " << found.revision() << ", catalog revision "
              << found.catalog_revision() << '\n';
  if (found.differences_size() == 0) return;
  TextTable table({{"METHOD", Align::kLeft},
                   {"DIMENSION", Align::kLeft},
                   {"KEY", Align::kLeft},
                   {"SERVED", Align::kLeft},
                   {"SCANNED", Align::kLeft}});
  for (const FiguresDifference& difference : found.differences()) {
    table.Add({difference.method(), DimensionOf(difference), difference.key(), difference.served(),
               difference.scanned()});
  }
  context.out << '\n';
  table.Print(context.out, context.width);
}

class VerifyFiguresCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineDayFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl verify-figures [flags]"));
    const auto stub = AnalyticsService::NewStub(context.sales.channel);
    VerifySalesFiguresResponse found;
    CLUSTR_RETURN_IF_ERROR(Call(context.sales, &AnalyticsService::Stub::VerifySalesFigures, *stub,
                                context.timeout_seconds, request_, &found));
    if (!found.sums_kept()) {
      return absl::FailedPreconditionError(
          absl::StrCat("sales at ", context.sales.address,
                       " keeps no sums, so there is nothing to verify; clustrctl status and the "
                       "flag --figures-memory-mb of clustr-sales tell why"));
    }
    if (!context.Print(found, "differences")) PrintFindings(found, context);
    return found.difference_count() == 0 ? ExitCode::kOk : ExitCode::kRowsFailedOrDiffers;
  }

 private:
  VerifySalesFiguresRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeVerifyFiguresCommand() {
  return std::make_unique<VerifyFiguresCommand>();
}

}  // namespace clustr::ctl
