#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_KEPT_AS_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_KEPT_AS_H_

#include <string>

namespace clustr::bundles {

// How the messages about a file name it, and what they advise.
struct KeptAs {
  std::string what;    // the model file /data/trained-1.model
  std::string remedy;  // remove it, or restore it from a backup
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_KEPT_AS_H_
