"""Everything that the servers hold, read once."""

import dataclasses

from harness import pb, rows


@dataclasses.dataclass
class Scan:
    headers: dict  # By transaction_id.
    lines: dict  # By sale_id.
    products: dict  # By product_sku.

    def table(self, name):
        return getattr(self, name)


def scan(shop):
    """Reads all rows of the two stores through their exports."""
    sales, catalog = shop.sales.client, shop.catalog.client
    return Scan(
        {row.transaction_id: row for row in rows.export(sales, "transactions")},
        {row.sale_id: row for row in rows.export(sales, "sales")},
        {row.product_sku: row for row in rows.export(catalog, "products")},
    )


def states_in(operation, answer):
    """Yields (table, id, row) for each row that an answer shows as it was stored; row is None if it was removed."""
    method = operation.method.split(".")[1]
    if method in ("RecordPurchase", "GetTransaction"):
        yield "headers", answer.transaction.transaction_id, answer.transaction
        for line in answer.sales:
            yield "lines", line.sale_id, line
    elif method == "UpdateTransaction":
        yield "headers", answer.transaction.transaction_id, answer.transaction
    elif method in ("CreateSale", "UpdateSale", "ReturnSale"):
        yield "lines", answer.sale.sale_id, answer.sale
    elif method in ("CreateProduct", "UpdateProduct", "GetProduct"):
        yield "products", answer.product.product_sku, answer.product
    elif method == "DeleteTransaction":
        yield "headers", operation.request.transaction_id, None
    elif method == "DeleteProduct":
        yield "products", operation.request.product_sku, None
    else:
        raise AssertionError(f"no states known of {operation.method}")


def revision_of(operation):
    """Returns the revision that an acknowledged write took."""
    answer = operation.acknowledged.answer
    if isinstance(answer, (pb.RecordPurchaseResponse, pb.DeleteTransactionResponse, pb.DeleteProductResponse)):
        return answer.revision
    return next(row.revision for _, _, row in states_in(operation, answer))
