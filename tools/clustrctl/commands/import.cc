#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/files/import_stream.h"
#include "tools/clustrctl/flat/flat_flags.h"
#include "tools/clustrctl/flat/flat_import.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {
namespace {

namespace catalog = ::clustr::catalog::v1;
namespace sales = ::clustr::sales::v1;
using common::v1::ImportSummary;
using common::v1::RowError;

constexpr int kShownErrors = 20;

// The five tables; each follows the tables that it refers to.
std::array<const google::protobuf::Descriptor*, 5> Tables() {
  return {catalog::Product::descriptor(), catalog::Customer::descriptor(),
          catalog::Timeframe::descriptor(), sales::Transaction::descriptor(),
          sales::Sale::descriptor()};
}

// What rows refer to and is not stored, as `product 7`: the first 20 by the order of the rows.
void PrintMissing(const std::string& file, const ImportSummary& summary, std::ostream& err) {
  std::vector<std::string> missing;
  for (const RowError& error : summary.errors()) {
    for (const auto& violation : error.violations()) {
      if (violation.reason() != ReasonName(common::v1::ERROR_REASON_REFERENCE_MISSING)) continue;
      // `catalog has no product 7; create it first`, `there is no transaction 7; ...`.
      const absl::string_view text = violation.description();
      const size_t begin = text.find(" no ");
      const size_t end = text.rfind("; ");
      if (begin == absl::string_view::npos || end == absl::string_view::npos || end <= begin + 4) {
        continue;
      }
      std::string what(text.substr(begin + 4, end - begin - 4));
      if (std::find(missing.begin(), missing.end(), what) == missing.end()) {
        missing.push_back(std::move(what));
      }
    }
  }
  if (missing.size() < 2) return;
  const size_t shown = std::min<size_t>(missing.size(), kShownErrors);
  err << file << ": not stored, though rows refer to it: "
      << absl::StrJoin(absl::MakeConstSpan(missing).subspan(0, shown), ", ");
  if (missing.size() > shown) err << " and " << missing.size() - shown << " more";
  if (summary.failed_count() > summary.errors_size()) {
    err << ", in the first " << summary.errors_size() << " of the rows that failed";
  }
  err << '\n';
}

void PrintErrors(const std::string& file, const ImportSummary& summary, std::ostream& err) {
  const int shown = std::min(summary.errors_size(), kShownErrors);
  for (int i = 0; i < shown; ++i) {
    const RowError& error = summary.errors(i);
    err << file << " row " << error.row();
    if (error.id() != 0) err << " (id " << error.id() << ")";
    err << ":";
    for (const auto& violation : error.violations()) {
      err << (&violation == &error.violations(0) ? " " : "; ") << violation.field()
          << (violation.field().empty() ? "" : ": ") << violation.description();
    }
    err << '\n';
  }
  if (summary.failed_count() > shown) {
    err << file << ": " << WithSeparators(summary.failed_count() - shown) << " more rows failed\n";
  }
  PrintMissing(file, summary, err);
}

class ImportCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Switch("validate-only",
                  "checks everything and changes nothing; rows that refer to new rows of the same "
                  "import fail; with --flat, shows what the file holds, and what of it is stored",
                  &settings_.validate_only);
    flat_flags_.Define(flags);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    if (!flat_flags_.settings().path.empty()) {
      CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl import --flat FILE"));
      CLUSTR_RETURN_IF_ERROR(flat_flags_.CheckBaskets());
      FlatSettings flat = flat_flags_.settings();
      flat.validate_only = settings_.validate_only;
      return ImportFlat(flat, context);
    }
    CLUSTR_RETURN_IF_ERROR(flat_flags_.CheckUnused());
    CLUSTR_RETURN_IF_ERROR(
        CheckArgumentCount(arguments, 1, 1, "clustrctl import DIR, or import --flat FILE"));
    CLUSTR_RETURN_IF_ERROR(OpenFiles(arguments[0], context));
    const Service& c = context.catalog;
    const Service& s = context.sales;
    const auto products = catalog::ProductService::NewStub(c.channel);
    const auto customers = catalog::CustomerService::NewStub(c.channel);
    const auto timeframes = catalog::TimeframeService::NewStub(c.channel);
    const auto transactions = sales::TransactionService::NewStub(s.channel);
    const auto lines = sales::SaleService::NewStub(s.channel);
    using Rpc = grpc::ClientContext;
    absl::Status status = Import<catalog::ImportProductsRequest, catalog::ImportProductsResponse>(
        0, c, context, [&](Rpc* rpc, auto* out) { return products->ImportProducts(rpc, out); });
    if (status.ok()) {
      status = Import<catalog::ImportCustomersRequest, catalog::ImportCustomersResponse>(
          1, c, context, [&](Rpc* rpc, auto* out) { return customers->ImportCustomers(rpc, out); });
    }
    if (status.ok()) {
      status = Import<catalog::ImportTimeframesRequest, catalog::ImportTimeframesResponse>(
          2, c, context,
          [&](Rpc* rpc, auto* out) { return timeframes->ImportTimeframes(rpc, out); });
    }
    settings_.min_catalog_revision = catalog_revision_.value_or(0);
    if (status.ok()) {
      status = Import<sales::ImportTransactionsRequest, sales::ImportTransactionsResponse>(
          3, s, context,
          [&](Rpc* rpc, auto* out) { return transactions->ImportTransactions(rpc, out); });
    }
    if (status.ok()) {
      status = Import<sales::ImportSalesRequest, sales::ImportSalesResponse>(
          4, s, context, [&](Rpc* rpc, auto* out) { return lines->ImportSales(rpc, out); });
    }
    if (context.csv) {
      context.out << "table,created_count,updated_count,unchanged_count,failed_count\n" << csv_;
    } else if (!context.json && any_done_) {
      PrintSummary(context);
    }
    if (!status.ok()) return WithRemedy(status);
    return rows_failed_ ? ExitCode::kRowsFailedOrDiffers : ExitCode::kOk;
  }

 private:
  // Opens all files and checks their headers before anything is sent.
  absl::Status OpenFiles(const std::string& folder, const Context& context) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder, error)) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", folder,
                       "\" is one file; if it holds order lines, say clustrctl import "
                       "--flat=",
                       folder, ", and to import tables, give the folder that they are in"));
    }
    if (!std::filesystem::is_directory(folder, error)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", folder, "\" is not a folder; give the folder with the files to import"));
    }
    bool any = false;
    for (const auto* table : Tables()) {
      CLUSTR_ASSIGN_OR_RETURN(std::optional<TableFile> file, OpenTableFile(folder, *table));
      any = any || file.has_value();
      files_.push_back(std::move(file));
    }
    if (!any) {
      return absl::FailedPreconditionError(absl::StrCat(
          folder,
          " has none of the files products, customers, timeframe, transactions and sales (.csv or "
          ".jsonl, optionally with .gz); give the folder that contains them, or one file of order "
          "lines with --flat=FILE"));
    }
    for (size_t i = 0; i < files_.size(); ++i) {
      if (files_[i].has_value()) continue;
      context.err << TableName(*Tables()[i]) << ": skipped, there is no .csv or .jsonl file\n";
    }
    return absl::OkStatus();
  }

  // Imports the file at that index, if there is one.
  template <class Request, class Response, class Open>
  absl::Status Import(size_t index, const Service& service, const Context& context, Open open) {
    if (!files_[index].has_value()) return absl::OkStatus();
    BatchReader reader(*std::move(files_[index]));
    Response response;
    Progress clock("");
    CLUSTR_RETURN_IF_ERROR(SendFile<Request>(service, settings_, open, &reader, &response));
    const double seconds = clock.Finish();
    ImportSummary& summary = *response.mutable_summary();
    reader.MergeInto(&summary);
    PrintErrors(reader.file().name, summary, context.err);
    const std::string& table = TableName(*reader.file().row);
    if (context.json) {
      CLUSTR_ASSIGN_OR_RETURN(const std::string counts, Json(summary));
      context.out << R"({"table":")" << table << R"(","summary":)" << counts << "}\n";
    }
    absl::StrAppend(&csv_, table, ",", summary.created_count(), ",", summary.updated_count(), ",",
                    summary.unchanged_count(), ",", summary.failed_count(), "\n");
    any_done_ = true;
    rows_failed_ = rows_failed_ || summary.failed_count() > 0;
    auto& revision = &service == &context.catalog ? catalog_revision_ : sales_revision_;
    revision = std::max(revision.value_or(0), summary.revision());
    table_.Add({table, WithSeparators(summary.created_count()),
                WithSeparators(summary.updated_count()), WithSeparators(summary.unchanged_count()),
                WithSeparators(summary.failed_count()),
                WithSeparators(static_cast<int64_t>(reader.rows_filled() / seconds))});
    return absl::OkStatus();
  }

  void PrintSummary(const Context& context) const {
    table_.Print(context.out, context.width);
    if (settings_.validate_only) {
      context.out << "validated only, nothing was changed\n";
      return;
    }
    if (catalog_revision_.has_value()) context.out << "catalog revision " << *catalog_revision_;
    if (catalog_revision_.has_value() && sales_revision_.has_value()) context.out << ", ";
    if (sales_revision_.has_value()) context.out << "sales revision " << *sales_revision_;
    context.out << '\n';
  }

  static absl::Status WithRemedy(const absl::Status& status) {
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(),
                     ". The import can be run again; rows that were stored stay unchanged"));
  }

  ImportSettings settings_;
  FlatFlags flat_flags_;
  std::vector<std::optional<TableFile>> files_;
  std::optional<int64_t> catalog_revision_;  // Unset if catalog received no file.
  std::optional<int64_t> sales_revision_;    // Unset if sales received no file.
  std::string csv_;                          // The rows of --output=csv.
  bool any_done_ = false;
  bool rows_failed_ = false;
  TextTable table_{
      {{"TABLE", Align::kLeft}, {"CREATED"}, {"UPDATED"}, {"UNCHANGED"}, {"FAILED"}, {"ROWS/S"}}};
};

}  // namespace

std::unique_ptr<Command> MakeImportCommand() { return std::make_unique<ImportCommand>(); }

}  // namespace clustr::ctl
