#include "services/bundles/models/models.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"

namespace clustr::bundles {

absl::Status Models::NotFound(const std::string& model_id) {
  return MakeError(common::v1::ERROR_REASON_MODEL_NOT_FOUND,
                   absl::StrCat("no model ", Quoted(model_id), "; give ", kHeuristic,
                                " or another model that ListModels names"),
                   {{"ids", Shortened(model_id)}, {"id_count", "1"}});
}

ModelPtr Models::FindLocked(const std::string& model_id) const {
  const auto it = std::find_if(models_.begin(), models_.end(), [&](const ModelPtr& model) {
    return model->info.model_id() == model_id;
  });
  return it == models_.end() ? nullptr : *it;
}

absl::StatusOr<ModelPtr> Models::Find(const std::string& model_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (model_id.empty()) return active_;
  if (ModelPtr model = FindLocked(model_id)) return model;
  return NotFound(model_id);
}

absl::Status Models::AllKnown(const std::vector<std::string>& model_ids) const {
  for (const std::string& model_id : model_ids) {
    CLUSTR_RETURN_IF_ERROR(Find(model_id).status());
  }
  return absl::OkStatus();
}

void Models::WhenKnown(const std::vector<std::string>& model_ids,
                       std::function<void(const absl::Status&)> done) {
  const absl::Status known = AllKnown(model_ids);
  if (known.ok() || follower_ == nullptr) return done(known);
  follower_->Look([this, model_ids, done = std::move(done)](const absl::Status& looked) {
    done(looked.ok() ? AllKnown(model_ids) : looked);
  });
}

ModelPtr Models::active() const {
  absl::ReaderMutexLock lock(&mutex_);
  return active_;
}

ModelPtr Models::ForShare(const std::string& model_id) const {
  ModelPtr model = FindLocked(model_id);
  return model == nullptr ? active_ : model;
}

ModelPtr Models::ForKey(const std::string& traffic_key) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (traffic_key.empty() || traffic_.empty()) return active_;
  return ForShare(ModelOfKey(traffic_, traffic_key));
}

ModelPtr Models::TrainedForKey(const std::string& traffic_key) const {
  ModelPtr model = ForKey(traffic_key);
  if (model->products != nullptr) return model;
  absl::ReaderMutexLock lock(&mutex_);
  int largest = 0;
  for (const TrafficShare& share : traffic_) {
    const ModelPtr other = ForShare(share.model_id);
    if (other->products == nullptr || share.percent <= largest) continue;
    largest = share.percent;
    model = other;
  }
  return model;
}

bool Models::traffic_is_divided() const {
  absl::ReaderMutexLock lock(&mutex_);
  return !traffic_.empty();
}

v1::Model Models::InfoOf(const KnownModel& model) const {
  v1::Model info = model.info;
  absl::ReaderMutexLock lock(&mutex_);
  const bool is_active = &model == active_.get();
  info.set_active(is_active);
  int percent = traffic_.empty() && is_active ? 100 : 0;
  for (const TrafficShare& share : traffic_) {
    if (ForShare(share.model_id).get() == &model) percent += share.percent;
  }
  info.set_traffic_percent(percent);
  return info;
}

absl::Status Models::List(const v1::ListModelsRequest& request,
                          v1::ListModelsResponse* response) const {
  int64_t before = INT64_MAX;  // The listing continues below this number; heuristic-v0 has 0.
  if (!request.page_token().empty()) {
    CLUSTR_ASSIGN_OR_RETURN(const storage::PageToken token,
                            storage::DecodePageToken(request.page_token(), request));
    before = token.after;
  }
  std::vector<ModelPtr> models;
  {
    absl::ReaderMutexLock lock(&mutex_);
    models.assign(models_.rbegin(), models_.rend());
  }
  for (const ModelPtr& model : models) {
    if (NumberOfTrained(model->info.model_id()) >= before) continue;
    if (response->models_size() == storage::PageSize(request.page_size())) {
      const int64_t last = NumberOfTrained(response->models().rbegin()->model_id());
      response->set_next_page_token(storage::EncodePageToken({.after = last}, request));
      break;
    }
    *response->add_models() = InfoOf(*model);
  }
  return absl::OkStatus();
}

std::vector<std::string> Models::Problems() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> problems = model_problems_;
  problems.insert(problems.end(), choice_problems_.begin(), choice_problems_.end());
  return problems;
}

}  // namespace clustr::bundles
