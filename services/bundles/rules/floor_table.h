#ifndef CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_

#include <optional>

#include "common/storage/session.h"
#include "common/storage/store.h"
#include "services/bundles/rules/floor.h"

// The floor in the database: its rules in `bundle_rules`, one row in `bundle_floor` that says which
// state they are of. To be called inside a write of a Store that was opened with BundleRule;
// failures of the database are thrown.
namespace clustr::rules {

// The floor that was written last; nothing if none was.
std::optional<Floor> LoadFloor(storage::Session& session);

// Puts `floor` in the place of the one before.
void ReplaceFloor(storage::WriteContext& context, const Floor& floor);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
