"""Bad input for change streams and health: future revisions, unknown histories, unknown services."""

from grpc import StatusCode

from bad_input.case import BACKUP, INVALID, RESUME, Bad
from harness import pb

STREAMS = [
    ("CatalogStreamService.StreamCatalog", pb.StreamCatalogRequest, "catalog"),
    ("SalesStreamService.StreamSales", pb.StreamSalesRequest, "sales"),
]
REMEDY = "discard your replica and start from 0 without store_id"


def rows_of(rpc, ask, server):
    future = lambda held: ask(after_revision=1 << 40, store_id=held.store_ids[server])
    foreign = lambda held: ask(after_revision=1, store_id=held.store_ids["bundles"])
    return [
        Bad("a negative revision", rpc, ask(after_revision=-1), *INVALID, "after_revision", "-1 is below 0; give at least 0"),
        Bad("a revision from the future", rpc, future, *RESUME, "", REMEDY),
        Bad("a revision from the future without store_id", rpc, ask(after_revision=1 << 40), *RESUME, "", REMEDY),
        Bad("a history that never was", rpc, ask(after_revision=1, store_id="nobody"), *RESUME, "", REMEDY),
        Bad("the history of another server", rpc, foreign, *RESUME, "", REMEDY),
        Bad("a store_id of 257 letters", rpc, ask(store_id="x" * 257), *INVALID, "store_id", "257 characters; give at most 256"),
    ]


COMPARE = "CatalogStreamService.CompareHistory"


def compare(**fields):
    return pb.CompareHistoryRequest(**fields)


TABLE = [
    Bad("no level", "AdminService.SetLogLevel", pb.SetLogLevelRequest(), *INVALID, "level", "required"),
    Bad("an unknown level", "AdminService.SetLogLevel", pb.SetLogLevelRequest(level=9), *INVALID, "level", "9"),
    Bad("a backup of bundles", "AdminService.Backup", pb.BackupRequest(), *BACKUP, "", "owns no rows"),
    Bad("a restore of bundles", "AdminService.Restore", [pb.RestoreRequest()], *BACKUP, "", "owns no rows"),
    Bad("a negative id", COMPARE, compare(max_customer_id=-1), *INVALID, "max_customer_id", "-1 is below 0; give at least 0"),
    Bad("an id of 2^53", COMPARE, compare(max_product_sku=1 << 53), *INVALID, "max_product_sku", "is above"),
    Bad(
        "a history without store_id",
        COMPARE,
        compare(seen=[pb.SeenHistory(revision=1)]),
        *INVALID,
        "seen[0].store_id",
        "store_id",
    ),
    Bad("101 histories", COMPARE, compare(seen=[pb.SeenHistory(store_id="x")] * 101), *INVALID, "seen", "100"),
    *(row for stream in STREAMS for row in rows_of(*stream)),
    Bad("an unknown service", "Health.Check", pb.HealthCheckRequest(service="clustr.Nothing"), StatusCode.NOT_FOUND, ""),
]
