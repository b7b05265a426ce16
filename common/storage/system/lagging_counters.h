#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_LAGGING_COUNTERS_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_LAGGING_COUNTERS_H_

#include <vector>

#include "common/storage/session.h"
#include "common/storage/system/counters.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Raises each counter of ids that lies below an id of at most schema::kMaxGivenId which a row or a
// tombstone of its table has. Only another program or a damaged disk leaves such a counter; new
// rows would get ids that are taken, and be refused. O(log rows) per table. Failures of the
// database are thrown.
void RaiseLaggingIds(Session& session,
                     const std::vector<const google::protobuf::Descriptor*>& models,
                     Counters* tables);

// Raises the head revision likewise to the greatest revision, of at most schema::kMaxId, that a row
// or a tombstone has. New changes would get revisions that are taken, and followers miss them.
void RaiseLaggingHead(Session& session,
                      const std::vector<const google::protobuf::Descriptor*>& models,
                      int64_t* head_revision);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_LAGGING_COUNTERS_H_
