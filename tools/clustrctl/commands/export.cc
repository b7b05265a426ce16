#include <filesystem>

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/baskets/export_baskets.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/files/export_stream.h"
#include "tools/clustrctl/files/lost_references.h"
#include "tools/clustrctl/files/row_writer.h"
#include "tools/clustrctl/print/csv_rows.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {
namespace {

namespace catalog = ::clustr::catalog::v1;
namespace sales = ::clustr::sales::v1;

// Writes rows and records their dangling references.
struct CheckedWriter {
  RowWriter* writer;
  LostReferences* lost;

  absl::Status Write(const google::protobuf::Message& row) {
    lost->Add(row);
    return writer->Write(row);
  }
  int64_t rows() const { return writer->rows(); }
};

class ExportCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Add(
        "format", "csv|jsonl|baskets",
        "csv, or jsonl for one JSON object per line, or baskets for the baskets of sales alone, "
        "as JSON lines in a folder for each month, which Spark reads; default csv",
        [this](std::string_view value) {
          format_ = value == "jsonl" ? RowFormat::kJsonLines : RowFormat::kCsv;
          baskets_ = value == "baskets";
          if (value == "csv" || value == "jsonl" || baskets_) return std::string();
          return absl::StrCat("\"", std::string(value),
                              "\" is unknown; give csv, jsonl or baskets");
        });
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl export DIR"));
    folder_ = arguments[0];
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat(folder_, ": cannot be created: ", error.message()));
    }
    if (baskets_) return RunBaskets(context);
    using Rpc = grpc::ClientContext;
    const auto products = catalog::ProductService::NewStub(context.catalog.channel);
    const auto customers = catalog::CustomerService::NewStub(context.catalog.channel);
    const auto timeframes = catalog::TimeframeService::NewStub(context.catalog.channel);
    const auto transactions = sales::TransactionService::NewStub(context.sales.channel);
    const auto lines = sales::SaleService::NewStub(context.sales.channel);
    CLUSTR_RETURN_IF_ERROR((Export<catalog::ExportProductsRequest, catalog::ExportProductsResponse>(
        context.catalog,
        [&](Rpc* rpc, const auto& in) { return products->ExportProducts(rpc, in); })));
    CLUSTR_RETURN_IF_ERROR(
        (Export<catalog::ExportCustomersRequest, catalog::ExportCustomersResponse>(
            context.catalog,
            [&](Rpc* rpc, const auto& in) { return customers->ExportCustomers(rpc, in); })));
    CLUSTR_RETURN_IF_ERROR(
        (Export<catalog::ExportTimeframesRequest, catalog::ExportTimeframesResponse>(
            context.catalog,
            [&](Rpc* rpc, const auto& in) { return timeframes->ExportTimeframes(rpc, in); })));
    CLUSTR_RETURN_IF_ERROR(
        (Export<sales::ExportTransactionsRequest, sales::ExportTransactionsResponse>(
            context.sales,
            [&](Rpc* rpc, const auto& in) { return transactions->ExportTransactions(rpc, in); })));
    CLUSTR_RETURN_IF_ERROR((Export<sales::ExportSalesRequest, sales::ExportSalesResponse>(
        context.sales, [&](Rpc* rpc, const auto& in) { return lines->ExportSales(rpc, in); })));
    if (context.csv) {
      context.out << "table,row_count,file\n" << csv_;
    } else if (!context.json) {
      table_.Print(context.out, context.width);
    }
    for (const std::string& line : lost_.Describe()) context.err << line << '\n';
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<ExitCode> RunBaskets(const Context& context) const {
    CLUSTR_ASSIGN_OR_RETURN(const ExportedBaskets done, ExportBaskets(context.sales, folder_));
    if (context.csv) {
      context.out << "line_count,months,sales_revision\n"
                  << done.line_count << ',' << done.months << ',' << done.sales_revision << '\n';
    } else if (!context.json) {
      context.out << WithSeparators(done.line_count) << " baskets of " << done.months
                  << " months, at sales revision " << done.sales_revision << ", in " << folder_
                  << "/baskets\n";
    }
    return ExitCode::kOk;
  }

  template <class Request, class Response, class Open>
  absl::Status Export(const Service& service, Open open) {
    const auto& row = *RowsField(*Response::descriptor())->message_type();
    const std::string path =
        absl::StrCat(folder_, "/", TableName(row), format_ == RowFormat::kCsv ? ".csv" : ".jsonl");
    CLUSTR_ASSIGN_OR_RETURN(RowWriter writer,
                            RowWriter::Create(path, schema::InputFields(row), format_));
    Progress clock("");
    CheckedWriter checked{&writer, &lost_};
    CLUSTR_RETURN_IF_ERROR((ReceiveRows<Request, Response>(service, open, &checked)));
    CLUSTR_RETURN_IF_ERROR(writer.Close());
    absl::StrAppend(&csv_, TableName(row), ",", writer.rows(), ",", CsvTextCell(path), "\n");
    table_.Add({TableName(row), WithSeparators(writer.rows()),
                WithSeparators(static_cast<int64_t>(writer.rows() / clock.Finish())), path});
    return absl::OkStatus();
  }

  LostReferences lost_;
  std::string folder_;
  RowFormat format_ = RowFormat::kCsv;
  bool baskets_ = false;  // Then format_ has no meaning.
  std::string csv_;       // The rows of --output=csv.
  TextTable table_{{{"TABLE", Align::kLeft}, {"ROWS"}, {"ROWS/S"}, {"FILE", Align::kLeft}}};
};

}  // namespace

std::unique_ptr<Command> MakeExportCommand() { return std::make_unique<ExportCommand>(); }

}  // namespace clustr::ctl
