#ifndef CLUSTR_TESTS_TESTING_SALES_SERVER_H_
#define CLUSTR_TESTS_TESTING_SALES_SERVER_H_

#include <string>

#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "tests/testing/served_program.h"

namespace clustr::testing {

using Transactions = sales::v1::TransactionService::Stub;
using Sales = sales::v1::SaleService::Stub;

// A real sales service over a database of its own, which follows the catalog at this address, and
// its clients.
class SalesServer final
    : public ServedProgram<sales::v1::TransactionService, sales::v1::SaleService> {
 public:
  explicit SalesServer(const std::string& catalog_address);
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_SALES_SERVER_H_
