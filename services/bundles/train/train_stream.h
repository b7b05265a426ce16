#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_TRAIN_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_TRAIN_STREAM_H_

#include "clustr/bundles/v1/model_service.pb.h"
#include "services/bundles/request/progress_stream.h"

namespace clustr::bundles {

// One TrainModel call.
using TrainStream = ProgressStream<v1::TrainModelRequest, v1::TrainModelResponse>;

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_TRAIN_STREAM_H_
