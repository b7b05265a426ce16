"""The suites of catalog and sales once more, with their rows in PostgreSQL instead of files."""

from harness.case import ShopTest
from stores import (
    analytics_test,
    catalog_test,
    corrections_test,
    days_test,
    external_ids_test,
    lines_test,
    lists_test,
    retries_test,
    sales_test,
    streams_test,
)

SUITES = (
    analytics_test,
    catalog_test,
    corrections_test,
    days_test,
    external_ids_test,
    lines_test,
    lists_test,
    retries_test,
    sales_test,
    streams_test,
)


def on_postgresql():
    """Yields a class for each of the suites' own, which differs in its database alone."""
    for suite in SUITES:
        for name, case in vars(suite).items():
            if isinstance(case, type) and issubclass(case, ShopTest) and case.__module__ == suite.__name__:
                own = {"on_postgresql": True, "__module__": __name__}
                yield type(f"{name}OnPostgresql", (case,), own)


globals().update({case.__name__: case for case in on_postgresql()})
