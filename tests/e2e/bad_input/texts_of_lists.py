"""Bad input for lists: invalid filters, orders and page sizes, attempts at SQL injection, texts that are too long."""

from bad_input.case import FILTER, INVALID, TOKEN, Bad
from harness import pb

PRODUCTS, TRANSACTIONS = "ProductService.ListProducts", "TransactionService.ListTransactions"


def products(text):
    return pb.ListProductsRequest(filter=text)


#: Filter, and the text of the refusal.
FILTERS = [
    ("price < 5 AND price = cheap", "position 23:"),
    ("price <", "position 8:"),
    ('product_name = "open', "position 16:"),
    ("product_sku = 99999999999999999999", "does not fit in 64 bits; give"),
    ("product_sku = NaN", '"NaN" is not a whole number; give one, for example 42'),
    ("price = 1e3", '"1e3" is not an amount; give one, for example 12.50'),
    ("price = Infinity", "is not an amount; give one, for example 12.50"),
    ("in_stock = maybe", '"maybe" is neither true nor false; give one of the two'),
    ("1 = 1", "position 1:"),
    ("product_name", "position"),
    ("AND", "position"),
    ("price < 5 OR", "position 13:"),
    ("NOT", "position 4:"),
    ("()", "position 2:"),
    ("revision.x = 1", "position"),
    ("price = 1 UNION SELECT password", "position"),
    ("price = 1 OR 1 = 1", "position 14:"),
    ("price = 1 -- comment", "position"),
    ("price = 1; DROP TABLE products", "position"),
    ("price_cents = 1", "position 1:"),
    ("products.price = 1", "position 1:"),
    ("rowid = 1", "position 1:"),
    ("product_name = 'a' || 'b'", "position"),
    ("(" * 2000 + "price=1" + ")" * 2000, "position 21:"),
    (" AND ".join(["price<1"] * 300) + " AND nothing = 1", "position 3601:"),
    (" ".join(["price<1"] * 501), "position"),
    ("NOT " * 1000 + "price = cheap", "position"),
    ("-" * 4000 + "price = cheap", "position"),
    ('"price" = 1', "position 1:"),
    ("* = 1", "position 1:"),
    ("price : : 1", "position"),
    ("price = 1 price", "position"),
    ("product_name = \\", "position"),
]
#: Order, and the text of the refusal.
ORDERS = [
    ("price up", "is not an order; give a field, optionally followed by `desc`"),
    ("price DESC", "is not an order; give a field, optionally followed by `desc`"),
    ("price desc desc", "is not an order; give a field, optionally followed by `desc`"),
    ("price,", "a field is missing; separate fields by one comma"),
    ("price, price desc", '"price" is named twice; name it once'),
    *((text, "is not a field of product; give one of product_sku") for text in (";", "1", "price_cents", "rowid", "random()")),
]
TABLE = [
    *(Bad(f"the filter {text[:40]}", PRODUCTS, products(text), *FILTER, "filter", says) for text, says in FILTERS),
    *(
        Bad(f"the order {text}", PRODUCTS, pb.ListProductsRequest(order_by=text), *INVALID, "order_by", says)
        for text, says in ORDERS
    ),
    Bad("a filter of 4097 letters", PRODUCTS, products("x" * 4097), *INVALID, "filter", "4097 characters; give at most 4096"),
    Bad("a line break in a filter", PRODUCTS, products("price\n= 1"), *INVALID, "filter", "has the control character U+000A"),
    Bad("an order of 1025 letters", PRODUCTS, pb.ListProductsRequest(order_by="x" * 1025), *INVALID, "order_by",
        "1025 characters; give at most 1024"),
    Bad("a token of 32769 letters", PRODUCTS, pb.ListProductsRequest(page_token="A" * 32769), *INVALID, "page_token",
        "32769 characters; give at most 32768"),
    Bad("a token of zeros", PRODUCTS, pb.ListProductsRequest(page_token="A" * 4096), *TOKEN, "page_token", "give"),
    Bad("the smallest page_size", PRODUCTS, pb.ListProductsRequest(page_size=-(1 << 31)), *INVALID, "page_size",
        "-2147483648 is below 0; give at least 0"),
    Bad("2024-02-30 in a filter", TRANSACTIONS, pb.ListTransactionsRequest(filter='purchase_date > "2024-02-30"'), *FILTER,
        "filter", '"2024-02-30" is not a date that exists; give YYYY-MM-DD'),
    Bad("a token of another order", TRANSACTIONS,
        lambda held: pb.ListTransactionsRequest(page_token=held.tokens[TRANSACTIONS], order_by="purchase_date"), *TOKEN,
        "page_token", "leave the other fields as they were"),
]
