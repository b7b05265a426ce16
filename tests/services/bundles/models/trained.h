#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_MODELS_TRAINED_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_MODELS_TRAINED_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "services/bundles/models/model_table.h"
#include "services/bundles/models/models.h"
#include "services/bundles/models/traffic.h"
#include "services/bundles/program/file_rows.h"
#include "tests/services/bundles/products/random_model.h"

// Models as a training makes them, and the calls of Models that answer later.
namespace clustr::bundles {

inline StoredModel Trained(uint64_t seed, size_t product_count = 20) {
  StoredModel model;
  model.info.set_seed(static_cast<int64_t>(seed));
  model.products = products::RandomModel(seed).Model(product_count);
  model.bundles.emplace();
  return model;
}

// The tables that models need in a store.
inline storage::TableSettings TablesOfModels() {
  storage::TableSettings tables = {.more = ModelTables()};
  tables.more.push_back(TrafficTable());
  tables.more.push_back(FileRowsTable());
  return tables;
}

// All models, the newest first.
inline std::vector<v1::Model> List(const Models& models) {
  v1::ListModelsResponse response;
  EXPECT_TRUE(models.List({}, &response).ok());
  return {response.models().begin(), response.models().end()};
}

inline std::vector<std::string> Ids(const Models& models) {
  std::vector<std::string> ids;
  for (const v1::Model& model : List(models)) ids.push_back(model.model_id());
  return ids;
}

// The id of the model that was active before.
inline absl::StatusOr<std::string> Activate(Models& models, const std::string& model_id) {
  absl::Notification done;
  absl::StatusOr<std::string> result;
  models.Activate(model_id, [&](const absl::StatusOr<std::string>& previous) {
    result = previous;
    done.Notify();
  });
  done.WaitForNotification();
  return result;
}

inline absl::Status Divide(Models& models, std::vector<TrafficShare> shares) {
  absl::Notification done;
  absl::Status result;
  models.SetTraffic(std::move(shares), [&](const absl::Status& status) {
    result = status;
    done.Notify();
  });
  done.WaitForNotification();
  return result;
}

inline absl::Status Known(Models& models, const std::vector<std::string>& model_ids) {
  absl::Notification done;
  absl::Status result;
  models.WhenKnown(model_ids, [&](const absl::Status& status) {
    result = status;
    done.Notify();
  });
  done.WaitForNotification();
  return result;
}

}  // namespace clustr::bundles

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_MODELS_TRAINED_H_
