#ifndef CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_
#define CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_

#include "clustr/catalog/v1/catalog_stream_service.grpc.pb.h"
#include "clustr/catalog/v1/customer_service.grpc.pb.h"
#include "clustr/catalog/v1/product_service.grpc.pb.h"
#include "clustr/catalog/v1/timeframe_service.grpc.pb.h"
#include "tests/testing/served_program.h"

namespace clustr::testing {

using Products = catalog::v1::ProductService::Stub;
using Customers = catalog::v1::CustomerService::Stub;
using Timeframes = catalog::v1::TimeframeService::Stub;
using CatalogStream = catalog::v1::CatalogStreamService::Stub;

// A real catalog over a database of its own, and its clients.
class CatalogServer final
    : public ServedProgram<catalog::v1::ProductService, catalog::v1::CustomerService,
                           catalog::v1::TimeframeService, catalog::v1::CatalogStreamService> {
 public:
  CatalogServer();
};

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_CATALOG_SERVER_H_
