#include "services/bundles/models/models.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/page_token.h"
#include "services/bundles/models/heuristic_model.h"
#include "services/bundles/models/model_table.h"
#include "services/bundles/program/write_now.h"

namespace clustr::bundles {
namespace {

constexpr absl::string_view kTrained = "trained-";
constexpr absl::string_view kSuffix = ".model";

// The number in the id of a trained model; 0 for any other text.
int64_t NumberOf(absl::string_view model_id) {
  int64_t number = 0;
  if (!absl::ConsumePrefix(&model_id, kTrained) || !absl::SimpleAtoi(model_id, &number)) return 0;
  return std::max<int64_t>(0, number);
}

absl::Status ModelNotFound(const std::string& model_id) {
  return MakeError(common::v1::ERROR_REASON_MODEL_NOT_FOUND,
                   absl::StrCat("no model ", Quoted(model_id), "; give ", kHeuristic,
                                " or another model that ListModels names"),
                   {{"ids", Shortened(model_id)}, {"id_count", "1"}});
}

void SetTime(absl::Time time, v1::Model* info) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  info->mutable_create_time()->set_seconds(seconds);
  info->mutable_create_time()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

ModelPtr Known(StoredModel stored) {
  auto known = std::make_shared<KnownModel>();
  known->info = std::move(stored.info);
  known->products = std::make_shared<const products::ServedModel>(std::move(stored.products));
  known->bundles = stored.bundles;
  return known;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Models>> Models::Load(storage::Store* store, ModelFolder folder) {
  auto models = std::unique_ptr<Models>(new Models(store, std::move(folder)));
  auto heuristic = std::make_shared<KnownModel>();
  heuristic->info = HeuristicModel();
  std::string active_id;
  std::vector<TrafficShare> traffic;
  CLUSTR_RETURN_IF_ERROR(WriteNow(*store, [&](storage::WriteContext& context) {
    SetTime(FirstHad(context.session(), kHeuristic, absl::Now()), &heuristic->info);
    active_id = ActiveModel(context.session());
    traffic = ReadTraffic(context.session());
    return absl::OkStatus();
  }));
  models->heuristic_ = std::move(heuristic);
  {
    absl::MutexLock lock(&models->mutex_);
    models->models_.push_back(models->heuristic_);
  }
  models->ReadFiles();
  models->Choose(active_id);
  models->Divide(std::move(traffic));
  return models;
}

std::string Models::PathOf(const std::string& model_id) const {
  return absl::StrCat(folder_.path, "/", model_id, kSuffix);
}

void Models::ReadFiles() {
  std::vector<int64_t> numbers;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path, error)) {
    const std::string name = file.path().filename().string();
    absl::string_view model_id = name;
    if (!absl::ConsumeSuffix(&model_id, kSuffix)) continue;
    if (const int64_t number = NumberOf(model_id); number > 0) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  absl::MutexLock lock(&mutex_);
  for (const int64_t number : numbers) {
    const std::string model_id = absl::StrCat(kTrained, number);
    absl::StatusOr<StoredModel> stored = ReadModelFile(PathOf(model_id));
    if (stored.ok() && stored->info.model_id() != model_id) {
      stored = absl::DataLossError(
          absl::StrCat("the model file ", PathOf(model_id), " is that of another model, ",
                       Quoted(stored->info.model_id()), "; give it that name again, or remove it"));
    }
    if (stored.ok()) {
      models_.push_back(Known(*std::move(stored)));
    } else {
      Log(LogLevel::kWarning, "model", {{"problem", std::string(stored.status().message())}});
      problems_.emplace_back(stored.status().message());
    }
  }
}

void Models::Choose(const std::string& active_id) {
  absl::MutexLock lock(&mutex_);
  active_ = active_id.empty() ? heuristic_ : FindLocked(active_id);
  if (active_ != nullptr) return;
  active_ = models_.back();
  problems_.push_back(absl::StrCat(
      "the model ", active_id, ", which was active, cannot be loaded; ", active_->info.model_id(),
      " answers instead; activate another one, or train again"));
  Log(LogLevel::kWarning, "model", {{"problem", problems_.back()}});
}

void Models::Divide(std::vector<TrafficShare> shares) {
  absl::MutexLock lock(&mutex_);
  traffic_ = std::move(shares);
  for (const TrafficShare& share : traffic_) {
    if (FindLocked(share.model_id) != nullptr) continue;
    problems_.push_back(absl::StrCat(
        "the model ", share.model_id, ", which has ", share.percent,
        " % of the traffic, cannot be loaded; ", active_->info.model_id(),
        " answers instead; divide the traffic anew with SetTraffic, or activate a model"));
    Log(LogLevel::kWarning, "model", {{"problem", problems_.back()}});
  }
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
  return ModelNotFound(model_id);
}

ModelPtr Models::active() const {
  absl::ReaderMutexLock lock(&mutex_);
  return active_;
}

ModelPtr Models::ForShare(const std::string& model_id) const {
  ModelPtr model = FindLocked(model_id);
  return model == nullptr ? active_ : model;
}

bool Models::IsInUse(const ModelPtr& model) const {
  return model == active_ ||
         std::any_of(traffic_.begin(), traffic_.end(), [&](const TrafficShare& share) {
           return share.model_id == model->info.model_id();
         });
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
    if (NumberOf(model->info.model_id()) >= before) continue;
    if (response->models_size() == storage::PageSize(request.page_size())) {
      const int64_t last = NumberOf(response->models().rbegin()->model_id());
      response->set_next_page_token(storage::EncodePageToken({.after = last}, request));
      break;
    }
    *response->add_models() = InfoOf(*model);
  }
  return absl::OkStatus();
}

absl::StatusOr<ModelPtr> Models::Add(StoredModel trained) {
  trained.info.set_digest(DigestOf(trained));
  CLUSTR_RETURN_IF_ERROR(WriteNow(store_, [&](storage::WriteContext& context) {
    // heuristic-v0 is one of them, so the first trained model has the number 1.
    const std::string model_id = absl::StrCat(kTrained, CountModels(context.session()));
    trained.info.set_model_id(model_id);
    SetTime(FirstHad(context.session(), model_id, absl::Now()), &trained.info);
    return absl::OkStatus();
  }));
  std::error_code error;
  if (std::filesystem::create_directories(folder_.path, error)) {
    std::filesystem::permissions(folder_.path, std::filesystem::perms::owner_all, error);
  }
  CLUSTR_RETURN_IF_ERROR(WriteModelFile(PathOf(trained.info.model_id()), trained));
  const ModelPtr model = Known(std::move(trained));
  absl::MutexLock lock(&mutex_);
  models_.push_back(model);
  RemoveOldest();
  return model;
}

void Models::RemoveOldest() {
  int64_t trained = static_cast<int64_t>(models_.size()) - 1;
  for (size_t i = 1; i < models_.size() && trained > folder_.keep;) {
    if (IsInUse(models_[i])) {
      ++i;
      continue;
    }
    std::error_code error;
    std::filesystem::remove(PathOf(models_[i]->info.model_id()), error);
    models_.erase(models_.begin() + static_cast<ptrdiff_t>(i));
    --trained;
  }
}

void Models::Activate(const std::string& model_id,
                      std::function<void(absl::StatusOr<ModelPtr> previous)> done) {
  absl::StatusOr<ModelPtr> chosen = Find(model_id);
  if (!chosen.ok()) return done(chosen.status());
  storage::WriteJob job;
  job.work = [model_id](storage::WriteContext& context) {
    SetActiveModel(context.session(), model_id);
    WriteTraffic(context.session(), {});
    return absl::OkStatus();
  };
  job.done = [this, chosen = *std::move(chosen), done = std::move(done)](absl::Status status) {
    if (!status.ok()) return done(status);
    ModelPtr model = chosen;
    {
      absl::MutexLock lock(&mutex_);
      active_.swap(model);
      traffic_.clear();
    }
    done(std::move(model));
  };
  store_.Submit(std::move(job));
}

void Models::SetTraffic(std::vector<TrafficShare> shares, std::function<void(absl::Status)> done) {
  for (const TrafficShare& share : shares) {
    if (const auto model = Find(share.model_id); !model.ok()) return done(model.status());
  }
  storage::WriteJob job;
  job.work = [shares](storage::WriteContext& context) {
    WriteTraffic(context.session(), shares);
    return absl::OkStatus();
  };
  job.done = [this, shares = std::move(shares), done = std::move(done)](absl::Status status) {
    if (status.ok()) {
      absl::MutexLock lock(&mutex_);
      traffic_ = shares;
    }
    done(std::move(status));
  };
  store_.Submit(std::move(job));
}

std::vector<std::string> Models::Problems() const {
  absl::ReaderMutexLock lock(&mutex_);
  return problems_;
}

}  // namespace clustr::bundles
