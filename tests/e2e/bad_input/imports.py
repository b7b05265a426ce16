"""Bad rows of imports, which are counted, reported and skipped, and errors that end a whole import."""

import math

from bad_input.case import INVALID, LATE, ROW_INVALID, ROW_UNKNOWN, Bad
from grpc import StatusCode
from harness import pb

PRODUCT = {"product_sku": 500, "product_name": "Tee", "price": 1}
CUSTOMER = {"customer_id": 500, "first_name": "Ada", "last_name": "L"}
HEADER = {"transaction_id": 500, "customer_id": 1, "time_id": 1}
LINE = {"sale_id": 500, "transaction_id": 1, "product_sku": 1, "quantity": 2}
TAKEN = (StatusCode.OK, "EXTERNAL_ID_EXISTS")
CENT = "has a fraction of a cent; give at most two decimals"


def products(*rows, paths=()):
    return [pb.ImportProductsRequest(products=rows, update_mask={"paths": paths})]


def headers(*rows, **options):
    return [pb.ImportTransactionsRequest(transactions=rows, **options)]


def lines(*rows, **options):
    return [pb.ImportSalesRequest(sales=rows, **options)]


#: What is wrong, the request, the outcome of each row, the field, and the text of the row's error.
PRODUCTS = [
    ("an empty name", products({**PRODUCT, "product_name": ""}), ROW_INVALID, "product_name", "is required and missing"),
    ("no price", products({"product_sku": 500, "product_name": "Tee"}), ROW_INVALID, "price", "give an amount"),
    ("NaN", products({**PRODUCT, "price": math.nan}), ROW_INVALID, "price", "nan is not an amount; give a number"),
    ("a third of a cent", products({**PRODUCT, "unit_cost": 0.333}), ROW_INVALID, "unit_cost", f"0.333 {CENT}"),
    ("a NUL", products({**PRODUCT, "brand": "\0"}), ROW_INVALID, "brand", "U+0000 at position 1; remove it"),
    ("a name of 257 letters", products({**PRODUCT, "product_name": "x" * 257}), ROW_INVALID, "product_name", "give at most 256"),
    ("an external_id that is taken", products({**PRODUCT, "external_id": "taken"}), TAKEN, "external_id", "taken"),
    ("one id twice, bad both times", products(*[{**PRODUCT, "price": -1}] * 2), ROW_INVALID, "price", "give at least 0"),
    ("150 bad rows", products(*[{**PRODUCT, "price": -1}] * 150), ROW_INVALID, "price", "-1 is below 0; give at least 0"),
    ("a mask that clears the name", products({"product_sku": 1}, paths=["product_name"]), ROW_INVALID, "product_name", "give"),
    ("a mask that clears all", products({"product_sku": 1}, paths=["*"]), ROW_INVALID, "price", "is required and missing"),
]
HEADERS = [
    ("an unknown customer", headers({**HEADER, "customer_id": 999}), ROW_UNKNOWN, "customer_id", "customer 999"),
    ("an unknown timeframe", headers({**HEADER, "time_id": 999}), ROW_UNKNOWN, "time_id", "timeframe 999"),
    ("an unknown customer on a day that catalog does not have", headers(
        {"transaction_id": 500, "customer_id": 999, "purchase_date": "2031-01-07"}), ROW_UNKNOWN, "customer_id", "customer 999"),
    ("an amount below 0 on a day that catalog does not have", headers(
        {"transaction_id": 500, "customer_id": 1, "purchase_date": "2031-01-08", "transaction_amount": -1}), ROW_INVALID,
     "transaction_amount", "give at least 0"),
    ("no day", headers({"transaction_id": 500, "customer_id": 1}), ROW_INVALID, "purchase_date", "give the day of the purchase"),
    ("2024-02-30", headers({**HEADER, "purchase_date": "2024-02-30"}), ROW_INVALID, "purchase_date", "give YYYY-MM-DD"),
    ("another day than its timeframe", headers({**HEADER, "purchase_date": "2024-01-09"}), ROW_INVALID, "purchase_date",
     "2024-01-09 does not agree with timeframe 1, which is 2024-01-01; give one of the two"),
    ("an amount below 0", headers({**HEADER, "transaction_amount": -1}), ROW_INVALID, "transaction_amount", "give at least 0"),
    ("an external_id that is taken", headers({**HEADER, "external_id": "taken"}), TAKEN, "external_id", "taken"),
    ("a catalog revision that never comes", headers(HEADER, min_catalog_revision=1 << 40), LATE, "", "catalog"),
    ("a negative catalog revision", headers(HEADER, min_catalog_revision=-1), INVALID, "min_catalog_revision",
     "-1 is below 0; give at least 0"),
]
LINES = [
    ("an unknown transaction", lines({**LINE, "transaction_id": 999}), ROW_UNKNOWN, "transaction_id", "create it first"),
    ("an unknown product", lines({**LINE, "product_sku": 999}), ROW_UNKNOWN, "product_sku", "product 999; create it first"),
    ("no quantity", lines({**LINE, "quantity": 0}), ROW_INVALID, "quantity", "is required and missing; give a value"),
    ("more back than sold", lines({**LINE, "returned_quantity": 3}), ROW_INVALID, "returned_quantity", "3 is above the quantity 2"),
    ("fewer than none back", lines({**LINE, "returned_quantity": -1}), ROW_INVALID, "returned_quantity", "give at least 0"),
    ("a total off its price", lines({**LINE, "line_total": 9}), ROW_INVALID, "line_total", "9.00 differs by more than one cent per unit"),
    ("another transaction than is stored", lines({**LINE, "sale_id": 1}), ROW_INVALID, "transaction_id",
     "1 differs from the stored 2, and this field never changes; give the stored value"),
    ("NaN", lines({**LINE, "unit_price": math.nan}), ROW_INVALID, "unit_price", "nan is not an amount; give a number"),
    ("a catalog revision that never comes", lines(LINE, min_catalog_revision=1 << 40), LATE, "", "catalog"),
    ("a negative catalog revision", lines(LINE, min_catalog_revision=-1), INVALID, "min_catalog_revision", "give at least 0"),
]


def customers(**fields):
    return [pb.ImportCustomersRequest(customers=[{**CUSTOMER, **fields}])]


def timeframes(**fields):
    return [pb.ImportTimeframesRequest(timeframes=[fields])]


CUSTOMERS = [
    ("2024-02-30", customers(dob="2024-02-30"), ROW_INVALID, "dob", '"2024-02-30" is not a date that exists; give YYYY-MM-DD'),
    ("an age of 200", customers(age=200), ROW_INVALID, "age", "200 is above 150; give at most 150"),
    ("an external_id that is taken", customers(external_id="taken"), TAKEN, "external_id", ""),
]
TIMEFRAMES = [
    ("2024-02-30", timeframes(time_id=500, date="2024-02-30"), ROW_INVALID, "date", "give YYYY-MM-DD"),
    ("a date that is there", timeframes(time_id=500, date="2024-01-01"), (StatusCode.OK, "DATE_EXISTS"), "date", "2024-01-01"),
    ("another date than is stored", timeframes(time_id=1, date="2024-05-05"), ROW_INVALID, "date", "and this field never"),
    ("a month of another date", timeframes(time_id=500, date="2031-01-01", month=2), ROW_INVALID, "month", "give 1 or leave it"),
]
TABLE = [
    *(
        Bad(f"import: {name}", rpc, request, *outcome, field, says)
        for rpc, cases in (
            ("ProductService.ImportProducts", PRODUCTS),
            ("CustomerService.ImportCustomers", CUSTOMERS),
            ("TimeframeService.ImportTimeframes", TIMEFRAMES),
            ("TransactionService.ImportTransactions", HEADERS),
            ("SaleService.ImportSales", LINES),
        )
        for name, request, outcome, field, says in cases
    ),
    Bad("import: too many rows in the second message", "ProductService.ImportProducts",
        products() + products(*[PRODUCT] * 1001), *INVALID, "products", "more than 1000 entries; give at most 1000"),
]
