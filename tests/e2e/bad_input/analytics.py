"""Bad input for figures: invalid or misordered days, limits, dimensions, revisions that never come."""

from bad_input.case import INVALID, LATE, Bad
from harness import pb

TOP, REVENUE, SUMMARY, VERIFY = "ListTopProducts", "QueryRevenue", "GetSalesSummary", "VerifySalesFigures"
CALLS = [
    (TOP, lambda **fields: pb.ListTopProductsRequest(**fields)),
    (REVENUE, lambda **fields: pb.QueryRevenueRequest(dimension=pb.REVENUE_DIMENSION_MONTH, **fields)),
    (SUMMARY, lambda **fields: pb.GetSalesSummaryRequest(**fields)),
    (VERIFY, lambda **fields: pb.VerifySalesFiguresRequest(**fields)),
]
NO_DATE = "is not a date that exists; give YYYY-MM-DD"
SPANS = [
    ("a first day that does not exist", {"start_date": "2024-02-30"}, "start_date", f'"2024-02-30" {NO_DATE}'),
    ("an invalid last day", {"end_date": "yesterday"}, "end_date", f'"yesterday" {NO_DATE}'),
    ("a last day before the first", {"start_date": "2024-02-01", "end_date": "2024-01-31"}, "start_date",
     '"2024-02-01" is after end_date "2024-01-31"; give a day on or before it'),
]


def revenue(**fields):
    return pb.QueryRevenueRequest(**fields)


TABLE = [
    *(
        Bad(name, f"AnalyticsService.{rpc}", make(**fields), *INVALID, field, says)
        for rpc, make in CALLS
        for name, fields, field, says in SPANS
    ),
    *(
        Bad(name, f"AnalyticsService.{rpc}", make(**fields), *outcome, field, says)
        for rpc, make in CALLS[:2]
        for name, fields, outcome, field, says in (
            ("a negative limit", {"limit": -1}, INVALID, "limit", "-1 is below 0; give at least 0"),
            ("a negative catalog revision", {"min_catalog_revision": -1}, INVALID, "min_catalog_revision", "give at least 0"),
            ("a catalog revision that never comes", {"min_catalog_revision": 1 << 40}, LATE, "", "catalog"),
        )
    ),
    Bad("no dimension", "AnalyticsService.QueryRevenue", revenue(), *INVALID, "dimension",
        "is required and missing; give one of REVENUE_DIMENSION_PRODUCT_CATEGORY"),
    Bad("an unknown dimension", "AnalyticsService.QueryRevenue", revenue(dimension=99), *INVALID, "dimension",
        "99 is not a value of RevenueDimension; give one of REVENUE_DIMENSION_PRODUCT_CATEGORY"),
]
