#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_H_

#include "clustr/bundles/v1/recommendation_service.pb.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/recommend/products/product_answers.h"
#include "services/bundles/request/parts.h"

namespace clustr::bundles {

// Answers RecommendForMany. Each message is made after the client has taken the one before, by the
// one thread of the class of batches, with the lowest priority. A call holds the ids that it
// answers for, and one message. Thread-safe; borrows `parts` and `answers`.
grpc::ServerWriteReactor<v1::RecommendForManyResponse>* StartMany(
    const Parts& parts, ProductAnswers* answers, grpc::CallbackServerContext* context,
    const v1::RecommendForManyRequest* request);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_PRODUCTS_MANY_H_
