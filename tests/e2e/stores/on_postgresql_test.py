"""The suites of catalog and sales, and those of bundles that know no files, once more: with PostgreSQL instead of files. Behind
them, what they have sent there is held against the subset of SQL that docs/scaling.md names."""

import importlib

from harness.case import ShopTest
from harness.servers import shared_postgres
from postgresql import sql_subset

STORES = "analytics catalog corrections days external_ids figures lines lists retries sales streams"
RECOMMENDING = "intents many models population_values recommendations visibility"
SUITES = [
    importlib.import_module(f"{folder}.{name}_test")
    for folder, names in (("stores", STORES), ("recommending", RECOMMENDING))
    for name in names.split()
]


def on_postgresql():
    """Yields a class for each of the suites' own, which differs in its database alone."""
    for suite in SUITES:
        for name, case in vars(suite).items():
            if isinstance(case, type) and issubclass(case, ShopTest) and case.__module__ == suite.__name__:
                own = {"on_postgresql": True, "__module__": __name__}
                yield type(f"{name}OnPostgresql", (case,), own)


globals().update({case.__name__: case for case in on_postgresql()})


def tearDownModule():
    if sql_subset.has_parser():
        unknown = sql_subset.unknown(shared_postgres().statements)
        assert not unknown, f"docs/scaling.md does not name these: {unknown}"
