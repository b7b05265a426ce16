"""Makers of operations: each returns the method and the request of a new one, or None if no row is there for it yet."""

from harness import pb, rows

PRODUCTS = 20  # Never deleted; purchases refer to them.
CUSTOMERS = 10
DAYS = 28


def mark(number):
    """A price that no other operation writes, below 100,000."""
    return number / 100


def record(number, chance, own):
    request = rows.purchase(
        chance.randint(1, CUSTOMERS),
        [],
        time_id=chance.randint(1, DAYS),
        transaction_amount=mark(number),
        channel=f"Channel {number}",
        request_id=f"record-{number}",
    )
    for sku in chance.sample(range(1, PRODUCTS + 1), chance.randint(1, 5)):
        request.sales.add(product_sku=sku, quantity=chance.randint(1, 9), unit_price=round(sku * 1e5 + mark(number), 2))
    return "transactions.RecordPurchase", request


def correct_header(number, chance, own):
    row = own.one(chance)
    return row and (
        "transactions.UpdateTransaction",
        pb.UpdateTransactionRequest(
            transaction=pb.Transaction(transaction_id=row[0], channel=f"Channel {number}"),
            request_id=f"header-{number}",
        ),
    )


def add_line(number, chance, own):
    row = own.one(chance)
    if row is None:
        return None
    line = pb.Sale(
        transaction_id=row[0],
        product_sku=chance.randint(1, PRODUCTS),
        quantity=1000,
        unit_price=mark(number),
    )
    return "sales.CreateSale", pb.CreateSaleRequest(sale=line, request_id=f"line-{number}")


def correct_line(number, chance, own):
    row = own.one(chance)
    if row is None:
        return None
    line = pb.Sale(sale_id=row[1], unit_price=mark(number))
    return "sales.UpdateSale", pb.UpdateSaleRequest(sale=line, request_id=f"price-{number}")


def give_back(number, chance, own):
    row = own.one(chance)
    return row and (
        "sales.ReturnSale",
        pb.ReturnSaleRequest(sale_id=row[1], quantity=1, request_id=f"return-{number}"),
    )


def void(number, chance, own):
    row = own.take(chance)
    return row and (
        "transactions.DeleteTransaction",
        pb.DeleteTransactionRequest(transaction_id=row[0], allow_missing=True),
    )


def read_header(number, chance, own):
    row = own.one(chance)
    return row and (
        "transactions.GetTransaction",
        pb.GetTransactionRequest(transaction_id=row[0], include_sales=True),
    )


def create_product(number, chance, own):
    product = pb.Product(product_name=f"Created {number}", price=mark(number), in_stock=True)
    return "products.CreateProduct", pb.CreateProductRequest(product=product, request_id=f"product-{number}")


def change_product(number, chance, own):
    sku = own.one(chance, chance.randint(1, PRODUCTS))
    product = pb.Product(product_sku=sku, price=mark(number), in_stock=chance.random() < 0.7)
    return "products.UpdateProduct", pb.UpdateProductRequest(product=product, request_id=f"change-{number}")


def remove_product(number, chance, own):
    sku = own.take(chance)
    return sku and ("products.DeleteProduct", pb.DeleteProductRequest(product_sku=sku, allow_missing=True))


def read_product(number, chance, own):
    return "products.GetProduct", pb.GetProductRequest(product_sku=own.one(chance, chance.randint(1, PRODUCTS)))


SALES = [
    (record, 8),
    (correct_header, 1),
    (add_line, 2),
    (correct_line, 2),
    (give_back, 2),
    (void, 1),
    (read_header, 3),
]
CATALOG = [(create_product, 2), (change_product, 5), (remove_product, 1), (read_product, 3)]
