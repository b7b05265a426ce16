#ifndef CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_

#include <optional>
#include <string>

#include "common/storage/session.h"
#include "common/storage/store.h"
#include "services/bundles/rules/floor.h"

// The floor in the database: its rules are in `bundle_rules`, and one row in `bundle_floor` names
// the state that they were mined from. The functions throw if the database fails. The store must
// have been opened with BundleRule, and with FloorTable among its further tables.
namespace clustr::rules {

// The statement that creates `bundle_floor`, as in TableSettings::more.
std::string FloorTable();

// The floor that was last written, or nullopt if there is none. To be called inside one read or
// write, so that the rules are those of the row.
std::optional<Floor> LoadFloor(storage::Session& session);

// True if the stored floor was mined from the same histories as `floor`, at revisions that are not
// older.
bool IsStoredFloorAsNew(storage::Session& session, const Floor& floor);

// Replaces the stored floor with `floor`. To be called inside a write.
void ReplaceFloor(storage::WriteContext& context, const Floor& floor);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_TABLE_H_
