#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/products/recommend_products.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ManyRecommendation;
using bundles::v1::ProductRecommendation;
using bundles::v1::RecommendationService;
using bundles::v1::RecommendForManyRequest;
using bundles::v1::RecommendForManyResponse;

constexpr double kMinTimeoutSeconds = 24 * 60 * 60;
constexpr int kMaxAttempts = 5;                                  // In a row without a result.
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);  // Doubled with each attempt.

// Prints results as --output asks for them.
class Results {
 public:
  explicit Results(const Context& context) : context_(context) {
    if (!context.csv) return;
    context.out << "for_id,for_external_id,model_id,rank,";
    rows_.emplace(ProductRecommendation::descriptor(), &context.out);
  }

  void Print(const ManyRecommendation& result) {
    if (context_.json) return context_.PrintJson(result);
    if (context_.csv) return PrintRows(result);
    const auto name = [](std::string* out, const ProductRecommendation& product) {
      absl::StrAppend(out, RowId(product.product_sku(), product.external_id()), " (",
                      Ratio(product.score()), ")");
    };
    context_.out << RowId(result.id(), result.external_id()) << ": "
                 << absl::StrJoin(result.recommendations(), ", ", name) << '\n';
  }

 private:
  void PrintRows(const ManyRecommendation& result) {
    for (int i = 0; i < result.recommendations_size(); ++i) {
      context_.out << result.id() << ',' << CsvTextCell(result.external_id()) << ','
                   << CsvTextCell(result.model_id()) << ',' << i + 1 << ',';
      rows_->Add(result.recommendations(i));
    }
  }

  const Context& context_;
  std::optional<CsvRows> rows_;
};

}  // namespace

absl::StatusOr<ExitCode> PrintForMany(RecommendForManyRequest request, const Context& context) {
  const auto stub = RecommendationService::NewStub(context.bundles.channel);
  Results results(context);
  RecommendForManyResponse message;
  int64_t done = 0;
  Progress progress("recommended for");
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext call;
    SetTimeout(std::max(context.timeout_seconds, kMinTimeoutSeconds), &call);
    const auto stream = stub->RecommendForMany(&call, request);
    const int64_t before = done;
    while (stream->Read(&message)) {
      for (const ManyRecommendation& result : message.results()) results.Print(result);
      if (message.last_id() > 0) request.set_after_id(message.last_id());
      done = before + message.done_count();
      const auto total = static_cast<double>(std::max<int64_t>(1, before + message.total_count()));
      progress.Update(done, static_cast<double>(done) / total);
      attempt = 0;
    }
    const grpc::Status status = stream->Finish();
    if (status.ok()) break;
    const absl::Status error = ServiceError(context.bundles, status);
    if (!absl::IsUnavailable(error) || attempt >= kMaxAttempts) {
      progress.Finish();
      if (done > 0) {
        context.err << "to go on after the " << WithSeparators(done)
                    << " results above: --after-id=" << request.after_id() << '\n';
      }
      return error;
    }
    absl::SleepFor(kFirstPause * (1 << attempt));
  }
  const double seconds = progress.Finish();
  const bool for_products = request.subjects() == bundles::v1::MANY_SUBJECTS_PRODUCTS;
  context.err << WithSeparators(done) << (for_products ? " products" : " customers") << " in "
              << Duration(seconds) << "; " << DescribeProvenance(message.provenance()) << '\n';
  return ExitCode::kOk;
}

}  // namespace clustr::ctl
