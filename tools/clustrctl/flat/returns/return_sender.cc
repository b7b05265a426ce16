#include "tools/clustrctl/flat/returns/return_sender.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "tools/clustrctl/flat/send/parallel_calls.h"

namespace clustr::ctl {

using sales::v1::ReturnSaleRequest;
using sales::v1::ReturnSaleResponse;
using sales::v1::SaleService;

absl::Status SendReturns(const Context& context, OrderBook* book, Refusals* refusals) {
  std::vector<const FlatLine*> lines;
  for (const std::vector<FlatOrder>* orders : {&book->orders, &book->earlier}) {
    for (const FlatOrder& order : *orders) {
      for (const FlatLine& line : order.lines) {
        if (line.claimed > line.registered) lines.push_back(&line);
      }
    }
  }
  const auto stub = SaleService::NewStub(context.sales.channel);
  return ForEachInParallel("returns", lines.size(), [&](size_t i) -> absl::Status {
    const FlatLine& line = *lines[i];
    ReturnSaleRequest request;
    ReturnSaleResponse response;
    request.set_sale_id(line.sale_id);
    request.set_quantity(line.claimed - line.registered);
    request.set_request_id(
        absl::StrFormat("r%x-%x-%x", line.sale_id, line.revision, request.quantity()));
    const grpc::Status status = CallAgain(*stub, &SaleService::Stub::ReturnSale,
                                          context.timeout_seconds, request, &response);
    if (IsRefusal(status)) {
      refusals->Add(line.row, "returned_quantity",
                    absl::StrCat("sale ", line.sale_id, ": ", status.error_message()));
      return absl::OkStatus();
    }
    return ServiceError(context.sales, status);
  });
}

}  // namespace clustr::ctl
