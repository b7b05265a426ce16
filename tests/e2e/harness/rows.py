"""Makes rows for the tests, imports them, and reads them back through the exports."""

import datetime

from harness import pb


def products(count, first=1, **fields):
    return [
        pb.Product(
            product_sku=sku,
            **{
                "product_name": f"Product {sku}",
                "category": f"Category {sku % 4}",
                "brand": f"Brand {sku % 3}",
                "price": sku + 0.25,
                "unit_cost": sku / 2,
                "in_stock": True,
                **fields,
            },
        )
        for sku in range(first, first + count)
    ]


def customers(count, first=1, **fields):
    return [
        pb.Customer(customer_id=number, **{"first_name": f"First{number}", "last_name": f"Last{number}", **fields})
        for number in range(first, first + count)
    ]


def timeframes(count, first_day=datetime.date(2024, 1, 1)):
    return [
        pb.Timeframe(time_id=number + 1, date=(first_day + datetime.timedelta(days=number)).isoformat())
        for number in range(count)
    ]


def _messages(kind, field, rows, size, watch, options):
    for start in range(0, max(len(rows), 1), size):
        if watch:
            watch()
        yield kind(**{field: rows[start : start + size]}, **options)


def import_rows(client, rows, size=1000, watch=None, **options):
    """Streams rows of one model to its service, calls `watch` before each message, and returns the ImportSummary."""
    call, kind, field = {
        "Product": (client.products.ImportProducts, pb.ImportProductsRequest, "products"),
        "Customer": (client.customers.ImportCustomers, pb.ImportCustomersRequest, "customers"),
        "Timeframe": (client.timeframes.ImportTimeframes, pb.ImportTimeframesRequest, "timeframes"),
        "Transaction": (client.transactions.ImportTransactions, pb.ImportTransactionsRequest, "transactions"),
        "Sale": (client.sales.ImportSales, pb.ImportSalesRequest, "sales"),
    }[type(rows[0]).__name__]
    return call(_messages(kind, field, rows, size, watch, options), timeout=120).summary


def import_catalog(shop, product_rows, customer_rows, timeframe_rows):
    """Imports the rows and returns the catalog revision after the last one."""
    client = shop.catalog.client
    summaries = [import_rows(client, rows) for rows in (product_rows, customer_rows, timeframe_rows)]
    assert not any(summary.failed_count for summary in summaries), summaries
    return summaries[-1].revision


def export(client, model):
    """Returns every row of a model, given its name."""
    call, kind, field = {
        "products": (client.products.ExportProducts, pb.ExportProductsRequest, "products"),
        "customers": (client.customers.ExportCustomers, pb.ExportCustomersRequest, "customers"),
        "timeframes": (client.timeframes.ExportTimeframes, pb.ExportTimeframesRequest, "timeframes"),
        "transactions": (client.transactions.ExportTransactions, pb.ExportTransactionsRequest, "transactions"),
        "sales": (client.sales.ExportSales, pb.ExportSalesRequest, "sales"),
    }[model]
    return [row for message in call(kind(), timeout=120) for row in getattr(message, field)]


def purchase(customer_id, lines, **fields):
    """Returns a RecordPurchaseRequest of (sku, quantity) lines. `fields` are those of the request or of the header."""
    request = {
        name: fields.pop(name) for name in ("request_id", "min_catalog_revision", "validate_only") if name in fields
    }
    if "time_id" not in fields and "purchase_date" not in fields:
        fields["purchase_date"] = "2024-01-05"
    return pb.RecordPurchaseRequest(
        transaction=pb.Transaction(customer_id=customer_id, **fields),
        sales=[pb.Sale(product_sku=sku, quantity=quantity) for sku, quantity in lines],
        **request,
    )
