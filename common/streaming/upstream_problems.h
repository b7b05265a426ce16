#ifndef CLUSTR_COMMON_STREAMING_UPSTREAM_PROBLEMS_H_
#define CLUSTR_COMMON_STREAMING_UPSTREAM_PROBLEMS_H_

#include <string>
#include <vector>

#include "clustr/ops/v1/admin_service.pb.h"

namespace clustr::streaming {

// Everything that is wrong with a followed service, each as a sentence for an operator with its
// remedy: it sends what this server refuses, rows of it are set aside, it has not been connected
// for a second, it has been connected but behind for more than 10 s, or its history went back since
// this server started. Empty if all is well, and during the moment that servers which start
// together need to find each other.
std::vector<std::string> ProblemsOf(const ops::v1::Upstream& upstream);

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_UPSTREAM_PROBLEMS_H_
