#include "services/bundles/recommend/products/many.h"

#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/call_state.h"
#include "common/base/status_macros.h"
#include "common/rpc/stream_out.h"
#include "services/bundles/index/subjects.h"
#include "services/bundles/recommend/products/many_request.h"
#include "services/bundles/recommend/products/product_recommender.h"
#include "services/bundles/recommend/scored_answer.h"

namespace clustr::bundles {
namespace {

using index::Subject;

constexpr int kMaxResults = 100;               // Of one message.
constexpr size_t kMaxBytes = size_t{1} << 20;  // A message is sent once it has so many,
constexpr absl::Duration kMaxTime = absl::Milliseconds(250);  // or took so long to make.

// Lets every other thread of the machine go first. Linux gives each thread its own priority.
void LowerPriority() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

// One call: makes its messages, one after the other.
class Many {
 public:
  Many(const Parts& parts, ProductAnswers* answers, const v1::RecommendForManyRequest& request)
      : parts_(parts), answers_(*answers), request_(request) {}

  absl::StatusOr<bool> Produce(const Caller& caller, v1::RecommendForManyResponse* message) {
    LowerPriority();
    message->Clear();
    const StatePtr state = parts_.states.newest();
    if (begun_ && next_ == subjects_.size()) return false;
    if (!begun_) {
      CLUSTR_ASSIGN_OR_RETURN(subjects_, SubjectsOf(*state->shop, request_));
      begun_ = true;
    }
    CLUSTR_ASSIGN_OR_RETURN(const auto by_id,
                            ById<ProductRecommender>(*state->shop, request_.request()));
    const auto population = parts_.populations.Get(state, PopulationOf((*by_id).population()));
    const SteadyTime start = SteadyNow();
    v1::RecommendProductsRequest asked = *by_id;
    size_t bytes = 0;
    std::string model_id;
    while (next_ < subjects_.size() && message->results_size() < kMaxResults && bytes < kMaxBytes &&
           Since(start) < kMaxTime) {
      CLUSTR_RETURN_IF_ERROR(caller.Waits());
      const Subject& subject = subjects_[next_];
      v1::ManyRecommendation* result = message->add_results();
      CLUSTR_RETURN_IF_ERROR(Answer(*population, subject, &asked, result));
      model_id = result->model_id();
      bytes += result->ByteSizeLong();
      ++next_;
    }
    if (next_ > 0) message->set_last_id(subjects_[next_ - 1].id);
    message->set_done_count(static_cast<int64_t>(next_));
    message->set_total_count(static_cast<int64_t>(subjects_.size()));
    FillScored(parts_, *population, model_id, message->mutable_provenance());
    return true;
  }

 private:
  absl::Status Answer(const PopulationView& population, const Subject& subject,
                      v1::RecommendProductsRequest* asked, v1::ManyRecommendation* result) {
    if (request_.subjects() == v1::MANY_SUBJECTS_PRODUCTS) {
      asked->clear_basket_skus();
      asked->add_basket_skus(subject.id);
    } else {
      asked->set_customer_id(subject.id);
    }
    v1::RecommendProductsResponse answer;
    CLUSTR_RETURN_IF_ERROR(answers_.Recommend(population, *asked, &answer));
    result->set_id(subject.id);
    if (!subject.external_id.empty()) result->set_external_id(subject.external_id);
    result->set_model_id(answer.provenance().model_id());
    result->mutable_recommendations()->Swap(answer.mutable_recommendations());
    return absl::OkStatus();
  }

  const Parts parts_;
  ProductAnswers& answers_;
  const v1::RecommendForManyRequest request_;
  bool begun_ = false;
  std::vector<Subject> subjects_;
  size_t next_ = 0;  // The subject to answer for next.
};

}  // namespace

grpc::ServerWriteReactor<v1::RecommendForManyResponse>* StartMany(
    const Parts& parts, ProductAnswers* answers, grpc::CallbackServerContext* context,
    const v1::RecommendForManyRequest* request) {
  using Stream = rpc::StreamOut<v1::RecommendForManyRequest, v1::RecommendForManyResponse>;
  const auto ready = [&parts, request](const CallOrigin& origin, const Caller& caller,
                                       std::function<void(const absl::Status&)> begin) {
    parts.models.WhenKnown(
        {request->request().model_id()},
        [&parts, request, origin, caller, begin = std::move(begin)](const absl::Status& known) {
          if (!known.ok()) return begin(known);
          parts.states.Await(
              RevisionsOf(request->request()), caller, [origin] { return origin; }, begin);
        });
  };
  return Stream::StartAfter(
      context, request, parts.calls.batches, parts.calls.open_batches, &parts.calls.pauses, ready,
      [&parts, answers](const v1::RecommendForManyRequest& asked) {
        auto many = std::make_shared<Many>(parts, answers, asked);
        return
            [many = std::move(many)](const Caller& caller, v1::RecommendForManyResponse* message) {
              return many->Produce(caller, message);
            };
      },
      CheckMany);
}

}  // namespace clustr::bundles
