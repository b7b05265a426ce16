#ifndef CLUSTR_SERVICES_CATALOG_COMPARE_HISTORY_H_
#define CLUSTR_SERVICES_CATALOG_COMPARE_HISTORY_H_

#include "absl/status/status.h"
#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "common/storage/store.h"

namespace clustr::catalog {

// Fills the response to CompareHistory, and raises the ids of new rows above those that the request
// names. (An id beyond those that an import may give is left alone: it comes from a row that cannot
// exist any more.) Used on the writer thread.
absl::Status AnswerCompareHistory(const storage::Store& store, storage::WriteContext& context,
                                  const v1::CompareHistoryRequest& request,
                                  v1::CompareHistoryResponse* response);

}  // namespace clustr::catalog

#endif  // CLUSTR_SERVICES_CATALOG_COMPARE_HISTORY_H_
