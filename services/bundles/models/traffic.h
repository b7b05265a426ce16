#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_TRAFFIC_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_TRAFFIC_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "common/base/errors.h"
#include "common/storage/session.h"

// The division of the requests that name no model between models; see v1.SetTraffic.
namespace clustr::bundles {

struct TrafficShare {
  std::string model_id;
  int percent = 0;  // 1 to 100.

  bool operator==(const TrafficShare&) const = default;
};

// The id of the model whose share holds the key: "" if there are no shares. A key lies at a fixed
// place from 0 to 99, which depends on nothing else, and the shares follow each other in their
// order. `shares` must add up to 100, or be empty.
std::string ModelOfKey(absl::Span<const TrafficShare> shares, absl::string_view key);

// Appends a violation if the shares do not add up to 100, or name a model twice.
void CheckTraffic(const v1::SetTrafficRequest& request, std::vector<Violation>* violations);

// The statement that creates the table of shares, which the other functions need, as in
// TableSettings::more. WriteTraffic must run inside a write; both throw if the database fails.
std::string TrafficTable();

// The stored shares, in their order.
std::vector<TrafficShare> ReadTraffic(storage::Session& session);
void WriteTraffic(storage::Session& session, absl::Span<const TrafficShare> shares);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_TRAFFIC_H_
