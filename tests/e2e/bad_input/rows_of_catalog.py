"""Bad input for rows of catalog: texts, amounts, dates and references."""

import math

from bad_input.case import INVALID, REUSED, Bad, exists, not_found
from harness import pb

CREATE_PRODUCT, CREATE_CUSTOMER = "ProductService.CreateProduct", "CustomerService.CreateCustomer"
UPDATE_PRODUCT = "ProductService.UpdateProduct"
CREATE_TIMEFRAME, UPDATE_TIMEFRAME = "TimeframeService.CreateTimeframe", "TimeframeService.UpdateTimeframe"
LONG, NO_DATE = "257 characters; give at most 256", "is not a date that exists; give YYYY-MM-DD"
CENT, CONTROL = "has a fraction of a cent; give at most two decimals", "has the control character"


def product(**fields):
    return pb.CreateProductRequest(product={"product_name": "x", "price": 1, **fields})


def customer(**fields):
    return pb.CreateCustomerRequest(customer={"first_name": "a", "last_name": "b", **fields})


def timeframe(**fields):
    return pb.CreateTimeframeRequest(timeframe=fields)


PRODUCTS = [
    ("an empty name", "product_name", "", "is required and missing; give a value"),
    ("a name of spaces", "product_name", "   ", "has nothing but spaces; give a text"),
    ("a name of 257 letters", "product_name", "x" * 257, LONG),
    ("a name of 257 letters of two bytes", "product_name", "é" * 257, LONG),
    ("a name of 257 emoji", "product_name", "😀" * 257, LONG),
    ("a name of 3 MB", "product_name", "x" * (3 << 20), "3145728 characters; give at most 256"),
    ("a NUL in the name", "product_name", "a\0b", "has the control character U+0000 at position 2; remove it"),
    ("a line break in the name", "product_name", "a\nb", CONTROL),
    ("a DEL in the name", "product_name", "a\x7fb", CONTROL),
    ("a C1 control in the name", "product_name", "a\u0085b", "has the control character U+0085 at position 2"),
    ("a long category", "category", "x" * 257, LONG),
    ("a tab for a brand", "brand", "\t", "has the control character U+0009 at position 1; remove it"),
    ("an escape in the external_id", "external_id", "\x1b[31m", "has the control character U+001B"),
    ("an empty external_id", "external_id", "", "is empty; leave it unset, or give a value that identifies the row"),
    ("NaN for a price", "price", math.nan, "nan is not an amount; give a number"),
    ("infinity for a price", "price", math.inf, "inf is not an amount; give a number"),
    ("minus infinity for a price", "price", -math.inf, "-inf is not an amount; give a number"),
    ("a price below 0", "price", -0.01, "-0.01 is below 0; give at least 0"),
    ("a price of 10^10", "price", 1e10, "10000000000 is too large; give less than 10000000000"),
    ("the largest double for a price", "price", 1.7e308, "is too large; give less than 10000000000"),
    ("half a cent", "price", 0.005, f"0.005 {CENT}"),
    ("two thousandths of a cent", "price", 1.00002, f"1.00002 {CENT}"),
    ("a price with the smallest double as its fraction", "price", 5e-324 + 0.0101, CENT),
    ("a third for a cost", "unit_cost", 0.333, f"0.333 {CENT}"),
    ("NaN for a cost", "unit_cost", math.nan, "nan is not an amount; give a number"),
    ("a cost below 0", "unit_cost", -5, "-5 is below 0; give at least 0"),
]
CUSTOMERS = [
    ("an empty first name", "first_name", "", "is required and missing; give a value"),
    ("a last name of spaces", "last_name", " ", "has nothing but spaces; give a text"),
    ("an age below 0", "age", -1, "-1 is below 0; give at least 0"),
    ("an age of 151", "age", 151, "151 is above 150; give at most 150"),
    ("an age of 2^31 - 1", "age", (1 << 31) - 1, "2147483647 is above 150; give at most 150"),
    ("2024-02-30", "dob", "2024-02-30", f'"2024-02-30" {NO_DATE}'),
    ("a birthday followed by a space", "dob", "1990-01-01 ", f'"1990-01-01 " {NO_DATE}'),
    ("a birthday in the year 0", "dob", "0000-01-01", NO_DATE),
    ("a birthday in Arabic digits", "dob", "١٩٩٠-٠١-٠١", NO_DATE),
    ("an empty birthday", "dob", "", NO_DATE),
    ("a birthday with a time", "dob", "1990-01-01T00:00:00Z", NO_DATE),
    ("an escape in the city", "city", "\x1b[31m", "has the control character U+001B at position 1; remove it"),
    ("a long e-mail address", "email", "x" * 257, LONG),
    ("a line break in the telephone number", "phone", "1\r\n2", "has the control character U+000D at position 2"),
]
DATES = [
    ("", "is required and missing; give a date YYYY-MM-DD"),
    *((text, f'"{text}" {NO_DATE}') for text in ("1900-02-29", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10")),
    *((text, f'"{text}" {NO_DATE}') for text in ("2024-1-1", "20240101", "tomorrow", "2024-01-01\n", "-024-01-01")),
]
TABLE = [
    Bad("no id at all", "CustomerService.EraseCustomer", pb.EraseCustomerRequest(), *INVALID, "id",
        "is missing; give the id of the customer, or external_id"),
    Bad("two ids", "CustomerService.EraseCustomer", pb.EraseCustomerRequest(id=1, external_id="taken"), *INVALID, "external_id",
        '"taken" is given beside the id 1; give one of the two'),
    Bad("a negative id", "CustomerService.EraseCustomer", pb.EraseCustomerRequest(id=-1), *INVALID, "id"),
    Bad("an unknown id", "CustomerService.EraseCustomer", pb.EraseCustomerRequest(id=987654), *not_found("CUSTOMER"), "",
        "no customer 987654"),
    Bad("an unknown external_id", "CustomerService.EraseCustomer", pb.EraseCustomerRequest(external_id="nobody"),
        *not_found("CUSTOMER"), "", 'no customer with external_id "nobody"'),
    *(Bad(f"product: {n}", CREATE_PRODUCT, product(**{f: v}), *INVALID, f"product.{f}", s) for n, f, v, s in PRODUCTS),
    *(Bad(f"customer: {n}", CREATE_CUSTOMER, customer(**{f: v}), *INVALID, f"customer.{f}", s) for n, f, v, s in CUSTOMERS),
    *(Bad(f"the date {t!r}", CREATE_TIMEFRAME, timeframe(date=t), *INVALID, "timeframe.date", s) for t, s in DATES),
    *(
        Bad(f"a {part} of another date", CREATE_TIMEFRAME, timeframe(date="1999-12-30", **{part: 11}), *INVALID,
            f"timeframe.{part}", "11 does not agree with the date 1999-12-30; give")
        for part in ("day", "month", "year")
    ),
    Bad("a date that is there", CREATE_TIMEFRAME, timeframe(date="2024-01-01"), *exists("DATE_EXISTS"),
        "timeframe.date", "2024-01-01"),
    Bad("a date that changes", UPDATE_TIMEFRAME, pb.UpdateTimeframeRequest(timeframe={"time_id": 1, "date": "2030-01-01"}),
        *INVALID, "timeframe.date", '"2030-01-01" differs from the stored "2024-01-01", and this field never changes'),
    Bad("a mask with 100,000 unknown paths", UPDATE_PRODUCT, pb.UpdateProductRequest(
        product={"product_sku": 1}, update_mask={"paths": [f"p{number}" for number in range(100_000)]}), *INVALID, "update_mask",
        "more than 10000 entries; give at most 10000"),
    Bad("1000 unknown ids", "ProductService.BatchGetProducts", pb.BatchGetProductsRequest(product_skus=range(5000, 6000)),
        *not_found("PRODUCT"), "", "5018, 5019 and 980 more"),
    Bad("500 ids below 0", "ProductService.BatchGetProducts", pb.BatchGetProductsRequest(product_skus=range(-500, 0)),
        *INVALID, "product_skus[0]", " more"),
    Bad("an external_id that is taken", CREATE_PRODUCT, product(external_id="taken"), *exists("EXTERNAL_ID_EXISTS"),
        "product.external_id", "taken"),
    Bad("an external_id that is taken", CREATE_CUSTOMER, customer(external_id="taken"), *exists("EXTERNAL_ID_EXISTS"),
        "customer.external_id", ""),
    Bad("a request_id that another product has", CREATE_PRODUCT, pb.CreateProductRequest(
        product={"product_name": "Tee", "price": 2}, request_id="taken"), *REUSED, "", "request_id"),
    *(
        Bad(f"the request_id {text!r}", CREATE_PRODUCT, pb.CreateProductRequest(
            product={"product_name": "Tee", "price": 1}, request_id=text), *INVALID, "request_id", "give for example a UUID")
        for text in ("x" * 65, "tab\t", "é", "new\nline")
    ),
]
