#ifndef CLUSTR_COMMON_STORAGE_SERVER_TURNS_H_
#define CLUSTR_COMMON_STORAGE_SERVER_TURNS_H_

#include "common/storage/session.h"

// How servers that share a PostgreSQL database take turns. Failures of the database are thrown:
// DATABASE_BUSY if a turn does not come for 10 s, or 10 minutes for an upgrade.
namespace clustr::storage {

// Begins a transaction of which there is one at a time: the tables may change in it, and nobody
// else writes. The others are those of the same schema, that is, of the same service.
void BeginUpgradeTurn(Session& session);

// Begins a transaction in which nobody else writes. It sees all that was committed before. So
// numbers that are given out in it, and stored before its end, become visible in their order and
// without gaps.
void BeginWriteTurn(Session& session);

// Marks the session as that of a server that uses the database, until it is closed; true if no
// other session is marked. For an upgrade's turn, so that of two who start at once one is first.
bool MarkPresence(Session& session);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_TURNS_H_
