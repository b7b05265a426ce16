#ifndef CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_

#include "clustr/bundles/v1/association_rule_service.pb.h"
#include "services/bundles/request/progress_stream.h"

namespace clustr::bundles {

// One VerifyAssociationRules call.
using VerifyStream =
    ProgressStream<v1::VerifyAssociationRulesRequest, v1::VerifyAssociationRulesResponse>;

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_VERIFY_VERIFY_STREAM_H_
