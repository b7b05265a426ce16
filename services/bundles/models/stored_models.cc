#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "services/bundles/models/heuristic_model.h"
#include "services/bundles/models/model_table.h"
#include "services/bundles/models/models.h"
#include "services/bundles/program/write_now.h"

// What is stored of models, and how it changes.
namespace clustr::bundles {
namespace {

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

// Logs the problems that were not there before.
void LogNew(const std::vector<std::string>& problems, const std::vector<std::string>& before) {
  for (const std::string& problem : problems) {
    if (std::find(before.begin(), before.end(), problem) != before.end()) continue;
    Log(LogLevel::kWarning, "model", {{"problem", problem}});
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Models>> Models::Load(storage::Store* store,
                                                     std::unique_ptr<ModelKeeper> keeper,
                                                     int64_t keep) {
  auto models = std::unique_ptr<Models>(new Models(store, std::move(keeper), keep));
  auto heuristic = std::make_shared<KnownModel>();
  heuristic->info = HeuristicModel();
  CLUSTR_RETURN_IF_ERROR(WriteNow(*store, [&](storage::WriteContext& context) {
    SetTime(FirstHad(context.session(), kHeuristic, absl::Now()), &heuristic->info);
    return absl::OkStatus();
  }));
  models->heuristic_ = std::move(heuristic);
  {
    absl::MutexLock lock(&models->mutex_);
    models->models_.push_back(models->heuristic_);
  }
  CLUSTR_RETURN_IF_ERROR(models->Refresh(/*with_models=*/true));
  if (models->keeper_->shared()) {
    models->follower_ =
        std::make_unique<CommitFollower>(store, [raw = models.get()] { return raw->CatchUp(); });
  }
  return models;
}

absl::Status Models::CatchUp() {
  return keeper_->shared() ? Refresh(/*with_models=*/true) : absl::OkStatus();
}

void Models::RefreshThen(std::function<void(const absl::Status&)> done) {
  if (follower_ != nullptr) return follower_->Look(std::move(done));
  done(Refresh(/*with_models=*/false));
}

absl::Status Models::Refresh(bool with_models) {
  absl::MutexLock refreshing(&refresh_mutex_);
  Stored stored;
  CLUSTR_RETURN_IF_ERROR(store_.Read([&](storage::Session& session) {
    stored.active_id = ActiveModel(session);
    stored.traffic = ReadTraffic(session);
    if (with_models) ReadModels(session, &stored);
    return absl::OkStatus();
  }));
  Adopt(std::move(stored), with_models);
  return absl::OkStatus();
}

void Models::ReadModels(storage::Session& session, Stored* stored) const {
  std::vector<int64_t> numbers = keeper_->Numbers(session);
  std::sort(numbers.begin(), numbers.end());
  for (const int64_t number : numbers) {
    const std::string model_id = TrainedId(number);
    if (absl::StatusOr<ModelPtr> known = Find(model_id); known.ok()) {
      stored->trained.push_back(*std::move(known));
      continue;
    }
    absl::StatusOr<StoredModel> read = keeper_->Read(session, model_id);
    if (read.ok()) {
      stored->trained.push_back(Known(*std::move(read)));
    } else {
      stored->problems.emplace_back(read.status().message());
    }
  }
}

void Models::Adopt(Stored stored, bool with_models) {
  absl::MutexLock lock(&mutex_);
  if (with_models) {
    models_.assign(1, heuristic_);
    models_.insert(models_.end(), stored.trained.begin(), stored.trained.end());
    LogNew(stored.problems, model_problems_);
    model_problems_ = std::move(stored.problems);
  }
  std::vector<std::string> problems;
  active_ = stored.active_id.empty() ? heuristic_ : FindLocked(stored.active_id);
  if (active_ == nullptr) {
    active_ = models_.back();
    problems.push_back(absl::StrCat(
        "the model ", stored.active_id, ", which was active, cannot be loaded; ",
        active_->info.model_id(), " answers instead; activate another one, or train again"));
  }
  traffic_ = std::move(stored.traffic);
  for (const TrafficShare& share : traffic_) {
    if (FindLocked(share.model_id) != nullptr) continue;
    problems.push_back(absl::StrCat(
        "the model ", share.model_id, ", which has ", share.percent,
        " % of the traffic, cannot be loaded; ", active_->info.model_id(),
        " answers instead; divide the traffic anew with SetTraffic, or activate a model"));
  }
  LogNew(problems, choice_problems_);
  choice_problems_ = std::move(problems);
}

absl::Status Models::AllKept(storage::Session& session,
                             const std::vector<std::string>& model_ids) const {
  for (const std::string& model_id : model_ids) {
    if (model_id == kHeuristic || keeper_->Has(session, model_id)) continue;
    return NotFound(model_id);
  }
  return absl::OkStatus();
}

absl::StatusOr<ModelPtr> Models::Add(StoredModel trained) {
  trained.info.set_digest(DigestOf(trained));
  CLUSTR_RETURN_IF_ERROR(WriteNow(store_, [&](storage::WriteContext& context) {
    // heuristic-v0 is one of them, so the first trained model has the number 1.
    const std::string model_id = TrainedId(CountModels(context.session()));
    trained.info.set_model_id(model_id);
    SetTime(FirstHad(context.session(), model_id, absl::Now()), &trained.info);
    return absl::OkStatus();
  }));
  CLUSTR_RETURN_IF_ERROR(CatchUp());
  std::vector<std::string> removed;
  // A write of its own, so that no file is there whose number might be given out again.
  CLUSTR_RETURN_IF_ERROR(WriteNow(store_, [&](storage::WriteContext& context) {
    CLUSTR_RETURN_IF_ERROR(keeper_->Write(context, trained));
    removed = RemoveOldest(context);
    return absl::OkStatus();
  }));
  absl::MutexLock refreshing(&refresh_mutex_);
  absl::MutexLock lock(&mutex_);
  models_.erase(std::remove_if(models_.begin(), models_.end(),
                               [&](const ModelPtr& model) {
                                 return std::count(removed.begin(), removed.end(),
                                                   model->info.model_id()) > 0;
                               }),
                models_.end());
  if (ModelPtr followed = FindLocked(trained.info.model_id())) return followed;
  models_.push_back(Known(std::move(trained)));
  return models_.back();
}

std::vector<std::string> Models::RemoveOldest(storage::WriteContext& context) const {
  const std::string chosen = ActiveModel(context.session());
  const std::vector<TrafficShare> shares = ReadTraffic(context.session());
  absl::ReaderMutexLock lock(&mutex_);
  const auto is_in_use = [&](const ModelPtr& model) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    const std::string& model_id = model->info.model_id();
    // The active one is another than the chosen one if that was lost.
    return model == active_ || model_id == chosen ||
           std::any_of(shares.begin(), shares.end(),
                       [&](const TrafficShare& share) { return share.model_id == model_id; });
  };
  std::vector<std::string> removed;
  // Those in memory, less heuristic-v0 and with the new one.
  auto trained = static_cast<int64_t>(models_.size());
  for (size_t i = 1; i < models_.size() && trained > keep_; ++i) {
    if (is_in_use(models_[i])) continue;
    removed.push_back(models_[i]->info.model_id());
    keeper_->Remove(context, removed.back());
    --trained;
  }
  return removed;
}

void Models::Activate(const std::string& model_id,
                      std::function<void(const absl::StatusOr<std::string>& previous)> done) {
  WhenKnown({model_id}, [this, model_id, done = std::move(done)](const absl::Status& known) {
    if (!known.ok()) return done(known);
    auto previous = std::make_shared<std::string>();
    storage::WriteJob job;
    job.work = [this, model_id, previous](storage::WriteContext& context) -> absl::Status {
      CLUSTR_RETURN_IF_ERROR(AllKept(context.session(), {model_id}));
      const std::string chosen = ActiveModel(context.session());
      *previous = chosen.empty() ? kHeuristic : chosen;
      // Another one answers if the chosen one was lost.
      if (!Find(*previous).ok()) *previous = active()->info.model_id();
      SetActiveModel(context.session(), model_id);
      WriteTraffic(context.session(), {});
      context.Revision();
      return absl::OkStatus();
    };
    job.done = [this, previous, done](const absl::Status& written) {
      if (!written.ok()) return done(written);
      RefreshThen([previous, done](const absl::Status& refreshed) {
        if (!refreshed.ok()) return done(refreshed);
        done(*previous);
      });
    };
    store_.Submit(std::move(job));
  });
}

void Models::SetTraffic(std::vector<TrafficShare> shares,
                        std::function<void(const absl::Status&)> done) {
  std::vector<std::string> model_ids;
  for (const TrafficShare& share : shares) model_ids.push_back(share.model_id);
  WhenKnown(model_ids, [this, model_ids, shares = std::move(shares),
                        done = std::move(done)](const absl::Status& known) {
    if (!known.ok()) return done(known);
    storage::WriteJob job;
    job.work = [this, model_ids, shares](storage::WriteContext& context) -> absl::Status {
      CLUSTR_RETURN_IF_ERROR(AllKept(context.session(), model_ids));
      WriteTraffic(context.session(), shares);
      context.Revision();
      return absl::OkStatus();
    };
    job.done = [this, done](const absl::Status& written) {
      if (!written.ok()) return done(written);
      RefreshThen(done);
    };
    store_.Submit(std::move(job));
  });
}

}  // namespace clustr::bundles
