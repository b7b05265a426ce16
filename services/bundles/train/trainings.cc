#include "services/bundles/train/trainings.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/schema/date.h"
#include "common/schema/validator.h"
#include "services/bundles/train/bundle_training.h"
#include "services/bundles/train/importances.h"
#include "services/bundles/train/model_info.h"
#include "services/bundles/train/outcome.h"
#include "services/bundles/training/incumbent.h"

namespace clustr::bundles {
namespace {

// The share of a training's progress that the products are.
constexpr int kProductsPercent = 85;
// More would take memory bandwidth from those who answer.
constexpr unsigned kMaxThreads = 2;
constexpr absl::Duration kWatchInterval = absl::Seconds(5);

// Lets every other thread of the machine go first. Linux gives each thread its own priority.
void LowerPriority() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

absl::Status Valid(const v1::TrainModelRequest& request) {
  std::vector<Violation> violations;
  schema::ValidatorOf<v1::TrainModelRequest>().Check(request, "", &violations);
  return violations.empty() ? absl::OkStatus() : ViolationError(std::move(violations));
}

training::TrainingOptions OptionsOf(const v1::TrainModelRequest& request) {
  training::TrainingOptions options;
  if (!request.split_date().empty()) options.split_day = schema::EpochDayOf(request.split_date());
  options.seed = static_cast<uint64_t>(request.seed());
  options.threads = std::clamp(std::thread::hardware_concurrency(), 1u, kMaxThreads);
  return options;
}

}  // namespace

Trainings::Trainings(const Parts& parts, bool automatic,
                     std::unique_ptr<storage::ServerLock> among_servers)
    : parts_(parts), turn_(std::move(among_servers)) {
  if (automatic) watcher_ = std::thread([this] { Watch(); });
}

Trainings::~Trainings() {
  Drain();
  if (watcher_.joinable()) watcher_.join();
}

grpc::ServerWriteReactor<v1::TrainModelResponse>* Trainings::Start(
    grpc::CallbackServerContext* context, const v1::TrainModelRequest* request) {
  auto* stream = new TrainStream(context, request);
  if (!stream->admitted().ok()) {
    stream->End(stream->admitted());
  } else if (absl::Status valid = Valid(*request); !valid.ok()) {
    stream->End(valid);
  } else if (absl::Status taken = turn_.TakeHere(); !taken.ok()) {
    stream->End(taken);
  } else {
    parts_.states.Await(
        {}, stream->caller(), [stream] { return stream->origin(); },
        [this, stream](const absl::Status& ready) {
          if (ready.ok()) return pool_.Run([this, stream] { Run(stream); });
          turn_.End();
          stream->End(ready);
        });
  }
  return stream;
}

void Trainings::Run(TrainStream* stream) {
  LowerPriority();
  v1::TrainModelResponse message;
  if (absl::Status taken = turn_.TakeAmongServers(); !taken.ok()) {
    turn_.End();
    return stream->End(taken);
  }
  const absl::StatusOr<Result> result = Train(
      stream->request(),
      [&]() -> absl::Status {
        CLUSTR_RETURN_IF_ERROR(stream->caller().Waits());
        return Wanted();
      },
      [&](const char* phase, int percent) {
        message.set_phase(phase);
        message.set_percent(percent);
        stream->SendProgress(message);
      });
  if (result.ok()) {
    message.set_phase("done");
    message.set_percent(100);
    *message.mutable_model() = parts_.models.InfoOf(*result->model);
    message.set_outcome(result->outcome);
  }
  turn_.End();
  stream->End(result.status(), std::move(message));
}

absl::StatusOr<Trainings::Result> Trainings::Train(const v1::TrainModelRequest& request,
                                                   const training::Wanted& wanted,
                                                   const training::Progress& progress) {
  const SteadyTime begin = SteadyNow();
  const absl::Cleanup measured = [&] {
    training_seconds_.Observe(absl::ToDoubleSeconds(Since(begin)));
  };
  const StatePtr state = parts_.states.newest();
  const training::Purchases purchases = training::ReadPurchases(*state->shop);
  const training::TrainingOptions options = OptionsOf(request);
  BundleTraining bundle_training(purchases, options, wanted);
  absl::StatusOr<training::TrainedProducts> trained = training::TrainProducts(
      purchases, options, wanted,
      [&](const char* phase, int percent) { progress(phase, percent * kProductsPercent / 100); });
  if (absl::IsFailedPrecondition(trained.status())) {
    return MakeError(common::v1::ERROR_REASON_TOO_FEW_BASKETS, trained.status().message(),
                     {{"basket_count", absl::StrCat(purchases.size())}});
  }
  if (!trained.ok()) return trained.status();
  progress("bundles", kProductsPercent);
  CLUSTR_ASSIGN_OR_RETURN(const training::TrainedBundles bundles, bundle_training.Finish());
  StoredModel stored = {ModelInfoOf(*trained, purchases, state->revisions.sales, request.seed()),
                        trained->model, bundles.model};
  AddBundles(bundles, &stored.info);
  AddImportances(trained->model, purchases, &stored.info);
  CLUSTR_RETURN_IF_ERROR(wanted());
  Result result;
  CLUSTR_ASSIGN_OR_RETURN(result.model, parts_.models.Add(std::move(stored)));
  result.outcome = NotAskedToActivate();
  if (request.activate_if_better()) {
    CLUSTR_ASSIGN_OR_RETURN(result.outcome,
                            ActivateIfBetter(purchases, *trained, options, result.model, wanted));
  }
  Log(LogLevel::kInfo, "training",
      {{"model", result.model->info.model_id()}, {"outcome", result.outcome}});
  malloc_trim(0);
  return result;
}

absl::StatusOr<std::string> Trainings::ActivateIfBetter(const training::Purchases& purchases,
                                                        const training::TrainedProducts& trained,
                                                        const training::TrainingOptions& options,
                                                        const ModelPtr& model,
                                                        const training::Wanted& wanted) {
  if (parts_.models.traffic_is_divided()) return NotWhileTrafficIsDivided();
  const ModelPtr active = parts_.models.active();
  Judgement judgement;
  if (active->products == nullptr) {
    judgement = JudgeAgainstHeuristic(trained);
  } else {
    CLUSTR_ASSIGN_OR_RETURN(const training::Comparison comparison,
                            training::CompareWithIncumbent(
                                purchases, trained, active->products->model(), options, wanted));
    judgement = JudgeAgainstModel(comparison, active->info.model_id());
  }
  if (judgement.better) CLUSTR_RETURN_IF_ERROR(Activate(model));
  return judgement.outcome;
}

void Trainings::AddMetrics(rpc::Metrics* metrics) const {
  metrics->Add("clustr_training_seconds",
               "Time of trainings of a model, also of those that failed.",
               training_seconds_.state());
}

absl::Status Trainings::Activate(const ModelPtr& model) {
  absl::Notification done;
  absl::Status status;
  parts_.models.Activate(model->info.model_id(), [&](const absl::StatusOr<std::string>& previous) {
    status = previous.status();
    done.Notify();
  });
  done.WaitForNotification();
  return status;
}

void Trainings::Watch() {
  LowerPriority();
  uint64_t seen = 0;  // Serial of the state that was looked at last.
  ShopSize before;
  std::optional<ShopSize> known;    // What LastTraining said, here or of another server.
  std::optional<ShopSize> trained;  // The same, or the shop of a later attempt.
  while (!AwaitEnding(kWatchInterval)) {
    const StatePtr state = parts_.states.newest();
    if (state == nullptr) continue;
    const ShopSize now = state->serial == seen ? before : SizeOf(*state->shop);
    seen = state->serial;
    if (const auto last = LastTraining(parts_.models); last != known) trained = known = last;
    const bool due = WorthTraining(now, trained) && !FillsUp(now, before);
    before = now;
    if (due && TrainOnItsOwn(known)) trained = now;
  }
}

bool Trainings::TrainOnItsOwn(const std::optional<ShopSize>& known) {
  if (!turn_.TakeHere().ok()) return false;
  const absl::Cleanup end = [this] { turn_.End(); };
  // The model of a server that has just given up the turn may not be known here yet.
  const bool has_turn = turn_.TakeAmongServers().ok() && parts_.models.CatchUp().ok();
  if (!has_turn || LastTraining(parts_.models) != known) return false;
  v1::TrainModelRequest request;
  request.set_activate_if_better(true);
  const absl::StatusOr<Result> result = Train(
      request, [this] { return Wanted(); }, [](const char*, int) {});
  if (!result.ok() && ReasonOf(result.status()) != common::v1::ERROR_REASON_DRAINING) {
    Log(LogLevel::kWarning, "training", {{"problem", std::string(result.status().message())}});
  }
  return true;
}

bool Trainings::AwaitEnding(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  return end_.WaitUntil(&mutex_, Deadline::In(timeout), [this]() -> bool { return ending_; });
}

absl::Status Trainings::Wanted() const { return ending_ ? DrainingError() : absl::OkStatus(); }

void Trainings::Drain() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  end_.NotifyAll();
}

}  // namespace clustr::bundles
