#ifndef CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_

#include <optional>

#include "common/storage/session.h"
#include "common/storage/store.h"
#include "services/bundles/rules/floor.h"

// The floor in the database: its rules are in `bundle_rules`, and one row in `bundle_floor` names
// the state that they were mined from. Both functions must run inside a write of a Store that was
// opened with BundleRule. They throw if the database fails.
namespace clustr::rules {

// The floor that was last written, or nullopt if there is none.
std::optional<Floor> LoadFloor(storage::Session& session);

// Replaces the stored floor with `floor`.
void ReplaceFloor(storage::WriteContext& context, const Floor& floor);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
