#include "services/catalog/compare_history.h"

#include <vector>

#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/catalog/v1/timeframe.pb.h"
#include "common/schema/annotations.h"
#include "common/schema/validator.h"

namespace clustr::catalog {
namespace {

template <class Model>
const std::string& TableOf() {
  return schema::TableOptions(*Model::descriptor())->name();
}

template <class Model>
void RaiseIdOf(storage::WriteContext& context, int64_t id) {
  if (id <= schema::kMaxGivenId) context.RaiseId(TableOf<Model>(), id);
}

template <class Model>
int64_t LastIdIn(const storage::Histories::History& history) {
  const auto it = history.last_ids.find(TableOf<Model>());
  return it == history.last_ids.end() ? 0 : it->second;
}

}  // namespace

absl::Status AnswerCompareHistory(const storage::Store& store, storage::WriteContext& context,
                                  const v1::CompareHistoryRequest& request,
                                  v1::CompareHistoryResponse* response) {
  RaiseIdOf<v1::Product>(context, request.max_product_sku());
  RaiseIdOf<v1::Customer>(context, request.max_customer_id());
  RaiseIdOf<v1::Timeframe>(context, request.max_time_id());
  std::vector<storage::SeenHistory> seen;
  for (const v1::SeenHistory& history : request.seen()) {
    seen.push_back({history.store_id(), history.revision()});
  }
  const auto branch = store.BranchOf(seen);
  if (!branch.has_value()) return absl::OkStatus();
  response->set_went_back(true);
  response->set_branch_store_id(branch->store_id);
  response->set_common_product_sku(LastIdIn<v1::Product>(*branch));
  response->set_common_customer_id(LastIdIn<v1::Customer>(*branch));
  response->set_common_time_id(LastIdIn<v1::Timeframe>(*branch));
  return absl::OkStatus();
}

}  // namespace clustr::catalog
