#ifndef CLUSTR_SERVICES_CATALOG_ERASE_CUSTOMER_H_
#define CLUSTR_SERVICES_CATALOG_ERASE_CUSTOMER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/customer_service.pb.h"
#include "common/resource/resource.h"
#include "common/storage/store.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::catalog {

// Answers EraseCustomer. Looks for the customer's answers in the request log before the write, so
// that a long log does not hold up the writer. Thread-safe; borrows what it is given.
class CustomerErasure {
 public:
  CustomerErasure(storage::Store* store, rpc::RowCalls* calls, const resource::RowWriter* customers)
      : store_(*store), calls_(*calls), customers_(*customers) {}

  grpc::ServerUnaryReactor* Erase(grpc::CallbackServerContext* context,
                                  const v1::EraseCustomerRequest* request,
                                  v1::EraseCustomerResponse* response);

 private:
  // Where the request log names a customer, as far as it was searched.
  struct Traces {
    int64_t customer_id = 0;
    int64_t searched = 0;         // Newest seq that was searched.
    std::vector<int64_t> in_log;  // Their seqs.
  };

  absl::StatusOr<int64_t> FindId(storage::Session& session,
                                 const v1::EraseCustomerRequest& request) const;
  absl::StatusOr<Traces> Search(const v1::EraseCustomerRequest& request,
                                const Caller& caller) const;
  absl::Status Remove(storage::WriteContext& context, const v1::EraseCustomerRequest& request,
                      Traces traces, v1::EraseCustomerResponse* response) const;

  storage::Store& store_;
  rpc::RowCalls& calls_;
  const resource::RowWriter& customers_;
};

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_ERASE_CUSTOMER_H_
