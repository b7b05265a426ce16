"""Bad input for purchases and headers: dates, references, amounts and lines."""

import math

from bad_input.case import INVALID, LATE, MAX_ID, REUSED, STALE, UNKNOWN, Bad, exists, not_found
from harness import pb

RECORD, CREATE = "TransactionService.RecordPurchase", "TransactionService.CreateTransaction"
UPDATE = "TransactionService.UpdateTransaction"
CENT = "has a fraction of a cent; give at most two decimals"
HEADER = {"customer_id": 1, "time_id": 1}
LINE = {"product_sku": 1, "quantity": 2}


def purchase(header=(), line=(), lines=None, **fields):
    return pb.RecordPurchaseRequest(
        transaction={**HEADER, **dict(header)}, sales=[{**LINE, **dict(line)}] if lines is None else lines, **fields
    )


#: What is wrong, the field, its value, and the text of the refusal.
HEADERS = [
    ("no customer", "customer_id", 0, "is required and missing; give an id"),
    ("a customer below 0", "customer_id", -1, "-1 is below 1; give an id"),
    ("a customer beyond 2^53 - 1", "customer_id", MAX_ID + 1, "give a smaller id"),
    ("a timeframe below 0", "time_id", -1, "-1 is below 1; give an id"),
    ("half a cent", "transaction_amount", 0.005, f"0.005 {CENT}"),
    ("NaN", "transaction_amount", math.nan, "nan is not an amount; give a number"),
    ("infinity", "transaction_amount", math.inf, "inf is not an amount; give a number"),
    ("an amount below 0", "transaction_amount", -1, "-1 is below 0; give at least 0"),
    ("an amount of 10^10", "transaction_amount", 1e10, "is too large; give less than 10000000000"),
    ("2024-02-30", "purchase_date", "2024-02-30", '"2024-02-30" is not a date that exists; give YYYY-MM-DD'),
    ("another day than its timeframe", "purchase_date", "2024-01-02", "2024-01-02 does not agree with timeframe 1"),
    ("a channel of 257 letters", "channel", "x" * 257, "257 characters; give at most 256"),
    ("a NUL in the payment type", "payment_type", "a\0", "has the control character U+0000 at position 2; remove it"),
]
LINES = [
    ("no product", "product_sku", 0, "is required and missing; give an id"),
    ("a product below 0", "product_sku", -4, "-4 is below 1; give an id"),
    ("a product beyond 2^53 - 1", "product_sku", MAX_ID + 1, "give a smaller id"),
    ("no quantity", "quantity", 0, "is required and missing; give a value"),
    ("a quantity below 0", "quantity", -1, "-1 is below 1; give at least 1"),
    ("1,000,001 units", "quantity", 1_000_001, "1000001 is above 1000000; give at most 1000000"),
    ("a price of half a cent", "unit_price", 0.005, f"0.005 {CENT}"),
    ("a price below 0", "unit_price", -0.01, "-0.01 is below 0; give at least 0"),
    ("NaN for a price", "unit_price", math.nan, "nan is not an amount; give a number"),
    ("infinity for a price", "unit_price", math.inf, "inf is not an amount; give a number"),
    ("a price of 10^10", "unit_price", 1e10, "is too large; give less than 10000000000"),
    ("a total a cent a unit above its price", "line_total", 2.53, "2.53 differs by more than one cent per unit from 2 times 1.25"),
    ("a total a cent a unit below its price", "line_total", 2.47, "correct it or leave it unset"),
    ("NaN for a total", "line_total", math.nan, "nan is not an amount; give a number"),
    ("a given id", "sale_id", 5, "is assigned by the server; leave it unset"),
    ("a given transaction", "transaction_id", 5, "is assigned by the server; leave it unset"),
]
TABLE = [
    *(Bad(f"{n} in the header", RECORD, purchase({f: v}), *INVALID, f"transaction.{f}", s) for n, f, v, s in HEADERS),
    *(Bad(f"{n} in a line", RECORD, purchase((), {f: v}), *INVALID, f"sales[0].{f}", s) for n, f, v, s in LINES),
    *(
        Bad(f"a new header with {n}", CREATE, pb.CreateTransactionRequest(transaction={**HEADER, f: v}), *INVALID,
            f"transaction.{f}", s)
        for n, f, v, s in HEADERS
    ),
    *(
        Bad(f"a header that gets {n}", UPDATE, pb.UpdateTransactionRequest(transaction={"transaction_id": 1, f: v}), *INVALID,
            f"transaction.{f}", s)
        for n, f, v, s in HEADERS
        if v != 0 and n != "another day than its timeframe"
    ),
    Bad("no header", RECORD, pb.RecordPurchaseRequest(sales=[LINE]), *INVALID, "transaction", "is required and missing"),
    Bad("no lines", RECORD, purchase(lines=[]), *INVALID, "sales", "0 entries; give at least 1"),
    Bad("1001 lines", RECORD, purchase(lines=[LINE] * 1001), *INVALID, "sales", "more than 1000 entries; give at most 1000"),
    Bad("the second line of two", RECORD, purchase(lines=[LINE, {"product_sku": 1}]), *INVALID, "sales[1].quantity", "missing"),
    Bad("a given id", RECORD, purchase({"transaction_id": 9}), *INVALID, "transaction.transaction_id", "leave it unset"),
    Bad("neither day nor timeframe", RECORD, purchase({"time_id": 0}), *INVALID, "transaction.purchase_date",
        "neither this nor time_id is set; give the day"),
    Bad("lines of 10^10 together", RECORD, purchase(lines=[{**LINE, "quantity": 1, "unit_price": 9_999_999_999}] * 2), *INVALID,
        "transaction.transaction_amount", "add up to 10000000000 or more; split the purchase"),
    Bad("a line of 10^10", RECORD, purchase((), {"quantity": 1_000_000, "unit_price": 10_000}), *INVALID, "sales[0].line_total",
        "1000000 times 10000.00 is too large; give less than 10000000000 per line"),
    Bad("an unknown customer", RECORD, purchase({"customer_id": 999}), *UNKNOWN, "transaction.customer_id",
        "customer 999; create it first"),
    Bad("an unknown customer on a day that catalog does not have", RECORD, purchase(
        {"time_id": 0, "purchase_date": "2031-01-01", "customer_id": 999}), *UNKNOWN, "transaction.customer_id", "create it first"),
    Bad("an unknown product on a day that catalog does not have", RECORD, purchase(
        {"time_id": 0, "purchase_date": "2031-01-02"}, {"product_sku": 999}), *UNKNOWN, "sales[0].product_sku", "create it first"),
    Bad("a line of 10^10 on a day that catalog does not have", RECORD, purchase(
        {"time_id": 0, "purchase_date": "2031-01-03"}, {"quantity": 1_000_000, "unit_price": 10_000}), *INVALID,
        "sales[0].line_total", "give less than 10000000000 per line"),
    Bad("an unknown customer of a new header on a day that catalog does not have", CREATE, pb.CreateTransactionRequest(
        transaction={"purchase_date": "2031-01-04", "customer_id": 999}), *UNKNOWN, "transaction.customer_id", "create it first"),
    Bad("a header that is not there, moved to a day that catalog does not have", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 999, "purchase_date": "2031-01-05"}), *not_found("TRANSACTION"), "", "999"),
    Bad("a stale revision of a header, moved to a day that catalog does not have", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 1, "purchase_date": "2031-01-06", "revision": 1 << 40}), *STALE, "", ""),
    Bad("an unknown timeframe", RECORD, purchase({"time_id": 999}), *UNKNOWN, "transaction.time_id", "timeframe 999"),
    Bad("an unknown product", RECORD, purchase((), {"product_sku": 999}), *UNKNOWN, "sales[0].product_sku",
        "product 999; create it first"),
    Bad("1000 unknown products", RECORD, purchase(lines=[{"product_sku": sku, "quantity": 1} for sku in range(1000, 2000)]),
        *UNKNOWN, "sales[0].product_sku", " more"),
    Bad("a deleted product", RECORD, purchase((), {"product_sku": 21}), *UNKNOWN, "sales[0].product_sku", "product 21"),
    Bad("a new header without a day", CREATE, pb.CreateTransactionRequest(transaction={"customer_id": 1}), *INVALID,
        "transaction.purchase_date", "neither this nor time_id is set; give the day"),
    Bad("a new header of an unknown timeframe", CREATE, pb.CreateTransactionRequest(transaction={**HEADER, "time_id": 999}),
        *UNKNOWN, "transaction.time_id", "timeframe 999; create it first"),
    Bad("a header that gets two days", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 1, "time_id": 5, "purchase_date": "2024-01-06"}), *INVALID, "transaction.purchase_date",
        "2024-01-06 does not agree with timeframe 5, which is 2024-01-05; give one of the two"),
    Bad("a header that gets another day beside its own", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 1, "time_id": 1, "purchase_date": "2024-01-06"}), *INVALID, "transaction.purchase_date",
        "2024-01-06 does not agree with timeframe 1, which is 2024-01-01; give one of the two"),
    Bad("a whole header without a day", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 1, "customer_id": 1}, update_mask={"paths": ["*"]}), *INVALID,
        "transaction.purchase_date", "neither this nor time_id is set; give the day"),
    Bad("a mask with the total of the lines", UPDATE, pb.UpdateTransactionRequest(
        transaction={"transaction_id": 1}, update_mask={"paths": ["lines_total"]}), *INVALID, "update_mask",
        "is set by the server; leave it out of the mask"),
    Bad("an unknown customer of a new header", CREATE, pb.CreateTransactionRequest(transaction={**HEADER, "customer_id": 999}),
        *UNKNOWN, "transaction.customer_id", "customer 999; create it first"),
    Bad("an unknown customer for a header", UPDATE,
        pb.UpdateTransactionRequest(transaction={"transaction_id": 1, "customer_id": 999}), *UNKNOWN, "transaction.customer_id",
        "customer 999; create it first"),
    Bad("a header that is not there and would have an unknown customer", UPDATE, pb.UpdateTransactionRequest(
        transaction={**HEADER, "transaction_id": 999, "customer_id": 999}, allow_missing=True), *UNKNOWN,
        "transaction.customer_id", "customer 999; create it first"),
    Bad("an external_id that is taken", RECORD, purchase({"external_id": "taken"}), *exists("EXTERNAL_ID_EXISTS"),
        "transaction.external_id", "taken"),
    Bad("a request_id that another purchase has", RECORD, purchase(request_id="taken"), *REUSED, "", "request_id"),
    Bad("a request_id of 65 letters", RECORD, purchase(request_id="x" * 65), *INVALID, "request_id", "give for example a UUID"),
    Bad("a negative catalog revision", RECORD, purchase(min_catalog_revision=-1), *INVALID, "min_catalog_revision",
        "-1 is below 0; give at least 0"),
    Bad("a catalog revision that never comes", RECORD, purchase(min_catalog_revision=1 << 40), *LATE, "", "catalog"),
]
