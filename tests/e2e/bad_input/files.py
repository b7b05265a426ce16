"""Bad files for clustrctl import: those refused before anything is sent, and those with a refused row."""

import gzip
from typing import NamedTuple

HEADER = b"product_sku,product_name,price\n"
ROW = b"500,Tee,1\n"
#: Exit codes of clustrctl.
ROWS_FAILED, REFUSED = 1, 3


class BadFile(NamedTuple):
    #: What is wrong with the file; unique in the whole table.
    name: str
    #: Name and contents of the file.
    file: str
    bytes: bytes
    #: Exit code of clustrctl.
    code: int
    #: What clustrctl prints about the file or the row: the column, the value, the remedy.
    says: str


def csv(name, content, says, code=ROWS_FAILED, file="products.csv"):
    return BadFile(name, file, content, code, says)


def refused(name, content, says, file="products.csv"):
    return BadFile(name, file, content, REFUSED, says)


def lines(name, content, says, code=ROWS_FAILED):
    return BadFile(f"JSON lines: {name}", "products.jsonl", content, code, says)


CONTROL = "contains the control character"
HEADERS = [
    refused("an empty file", b"", "the file is empty; its first row names the columns"),
    refused("nothing but a BOM", b"\xef\xbb\xbf", "the file is empty; its first row names the columns"),
    refused("nothing but blank lines", b"\n\r\n\n", "the file is empty; its first row names the columns"),
    refused("no name column", b"product_sku,price\n500,1\n", 'column "product_name" is missing; allowed are product_sku'),
    refused("no id column", b"product_name,price\nTee,1\n", 'column "product_sku" is missing; allowed are product_sku (required)'),
    refused("an unknown column", HEADER[:-1] + b",colour\n500,Tee,1,red\n", 'column "colour" is unknown; allowed are'),
    refused("an output column", HEADER[:-1] + b",revision\n500,Tee,1,7\n", 'column "revision" is unknown; allowed are'),
    refused("a column twice", HEADER[:-1] + b",price\n500,Tee,1,2\n", 'column "price" appears twice; allowed are'),
    refused("a column in capitals", HEADER.upper() + ROW, 'column "PRODUCT_SKU" is unknown; allowed are'),
    refused("a space before a column", b"product_sku, product_name,price\n" + ROW, 'column " product_name" is unknown'),
    refused("an empty column", HEADER[:-1] + b",\n500,Tee,1,\n", 'column "" is unknown; allowed are'),
    refused("columns of another table", b"customer_id,first_name,last_name\n1,A,B\n", 'column "customer_id" is unknown'),
    refused("semicolons for commas", b"product_sku;product_name;price\n500;Tee;1\n", 'column "product_sku;product_name;price" is unk'),
    refused("UTF-16", (HEADER + ROW).decode().encode("utf-16"), "header row: column 1: contains the control character 0x00; remove it"),
    refused("no header", ROW, 'column "500" is unknown; allowed are'),
    refused("a header of 2 MB", b"x" * (2 << 20) + b"\n" + ROW, "header row: is longer than 1 MiB"),
    refused("a gzip file that is cut off", gzip.compress(HEADER + ROW * 1000)[:40], "the gzip data ends before", "products.csv.gz"),
    refused("a gzip file that is damaged", gzip.compress(HEADER + ROW)[:-8] + bytes(8), "cannot be read", "products.csv.gz"),
    refused("lines without a transaction column", b"sale_id,product_sku,quantity\n500,1,1\n",
            'column "transaction_id" is missing', "sales.csv"),
    refused("customers without a last name", b"customer_id,first_name\n500,A\n", 'column "last_name" is missing', "customers.csv"),
    refused("timeframes without a date", b"time_id\n500\n", 'column "date" is missing', "timeframe.csv"),
    refused("headers without a customer", b"transaction_id,time_id\n500,1\n", 'column "customer_id" is missing', "transactions.csv"),
]
ROWS = [
    csv("a cell too few", HEADER + b"500,Tee\n", "has 2 cells where the header has 3; complete the row"),
    csv("a cell too many", HEADER + b"500,Tee,1,2\n", "has 4 cells where the header has 3"),
    csv("a comma without quotes", HEADER + b"500,Tee, blue,1\n", "put a cell with a comma into quotes"),
    csv("a line break in quotes", HEADER + b'500,"T\nee",1\n', "product_name: contains a line break inside quotes; remove it"),
    csv("CRLF in quotes", HEADER + b'500,"T\r\nee",1\r\n', "product_name: contains a line break inside quotes; remove it"),
    csv("a quote that stays open", HEADER + b'500,"Tee,1\n', "product_name: a quote is opened but never closed; close it"),
    csv("a quote inside a cell", HEADER + b'500,T"ee,1\n', "product_name: an unquoted cell contains a quote"),
    csv("text after a closing quote", HEADER + b'500,"T"ee,1\n', "product_name: text follows the closing quote"),
    csv("a NUL byte", HEADER + b"500,T\0ee,1\n", f"product_name: {CONTROL} 0x00; remove it"),
    csv("a tab", HEADER + b"500,T\tee,1\n", f"product_name: {CONTROL} 0x09; remove it"),
    csv("a lone CR", HEADER + b"500,T\ree,1\n", f"product_name: {CONTROL} 0x0D; remove it"),
    csv("Latin-1", HEADER + b"500,Caf\xe9,1\n", "product_name: is not UTF-8; save the file in that encoding"),
    csv("Latin-1 for a number", HEADER + b"500,Tee,\xe91\n", "price: is not UTF-8; save the file in that encoding"),
    csv("a surrogate in UTF-8", HEADER + b"500,T\xed\xa0\x80,1\n", "product_name: is not UTF-8"),
    csv("a cell of 2 MB", HEADER + b"500," + b"x" * (2 << 20) + b",1\n", "is longer than 1 MiB; shorten it"),
    csv("a cell of 900 KB", HEADER + b"500," + b"x" * 900_000 + b",1\n", "900000 characters; give at most 256"),
    csv("no price", HEADER + b"500,Tee,\n", "price: is required and missing; give an amount"),
    csv("no id", HEADER + b",Tee,1\n", "product_sku: is required in an import; give the row's id"),
    csv("an id with a point", HEADER + b"5.0,Tee,1\n", 'product_sku: "5.0" is not a whole number; give for example 42'),
    csv("an id beyond 64 bits", HEADER + b"99999999999999999999,Tee,1\n", "is out of range; give at most 9007199254740991"),
    csv("an id below 0", HEADER + b"-5,Tee,1\n", "product_sku: -5 is below 1; give an id from 1"),
    csv("a price with a comma", HEADER + b'500,Tee,"1,50"\n', 'price: "1,50" is not a number; give for example 12.50'),
    csv("a price in a currency", HEADER + b"500,Tee,$1\n", 'price: "$1" is not a number; give for example 12.50'),
    csv("a price in hexadecimal", HEADER + b"500,Tee,0x10\n", 'price: "0x10" is not a number; give for example 12.50'),
    csv("nan for a price", HEADER + b"500,Tee,nan\n", 'price: "nan" is not a number; give for example 12.50'),
    csv("inf for a price", HEADER + b"500,Tee,inf\n", 'price: "inf" is not a number; give for example 12.50'),
    csv("a price beyond doubles", HEADER + b"500,Tee,1e999\n", 'price: "1e999" is not a number; give for example 12.50'),
    csv("half a cent", HEADER + b"500,Tee,0.005\n", "price: 0.005 has a fraction of a cent; give at most two decimals"),
    csv("a space for a price", HEADER + b"500,Tee, 1\n", 'price: " 1" is not a number; give for example 12.50'),
    csv("neither true nor false", HEADER[:-1] + b",in_stock\n500,Tee,1,yes\n", 'in_stock: "yes" is neither true nor false; give'),
    csv("2024-02-30", b"customer_id,first_name,last_name,dob\n500,A,B,2024-02-30\n",
        'dob: "2024-02-30" is not a date that exists; give YYYY-MM-DD', file="customers.csv"),
    csv("an age beyond 32 bits", b"customer_id,first_name,last_name,age\n500,A,B,9999999999\n",
        "age: \"9999999999\" is out of range; give at most 2147483647", file="customers.csv"),
    csv("an unknown customer", b"transaction_id,customer_id,time_id\n500,999,1\n",
        "customer_id: catalog has no customer 999; create it first", file="transactions.csv"),
    csv("a quantity of 0", b"sale_id,transaction_id,product_sku,quantity\n500,1,1,0\n",
        "quantity: is required and missing; give a value", file="sales.csv"),
    csv("an unknown product", b"sale_id,transaction_id,product_sku,quantity\n500,1,999,1\n",
        "product_sku: catalog has no product 999; create it first", file="sales.csv"),
]
OBJECT = b'{"product_sku": 500, "product_name": "Tee", "price": 1}'
JSON_LINES = [
    lines("no id", b'{"product_name": "Tee", "price": 1}\n', "first line: product_sku is missing; name it in every line", REFUSED),
    lines("no JSON", b"Tee,1\n", '"Tee,1" is not a JSON object; write one object per line', REFUSED),
    lines("an array", b"[" + OBJECT + b"]\n", "is not a JSON object; write one object per line", REFUSED),
    lines("an object over two lines", OBJECT.replace(b", ", b",\n"), "is not a JSON object; write one object per line", REFUSED),
    lines("an unknown field", OBJECT[:-1] + b', "colour": "red"}\n', '"colour" is not an input field of Product', REFUSED),
    lines("an output field", OBJECT[:-1] + b', "revision": 7}\n', '"revision" is not an input field of Product', REFUSED),
    lines("a field by both its names", OBJECT[:-1] + b', "productSku": 5}\n', "product_sku is named twice; name it once", REFUSED),
    lines("a line of 2 MB", OBJECT.replace(b"Tee", b"x" * (2 << 20)), "the line is longer than 1 MiB; shorten it"),
    lines("text for a price", OBJECT.replace(b": 1", b': "cheap"'), "price"),
    lines("an object for a name", OBJECT.replace(b'"Tee"', b"{}"), "product_name"),
    lines("true for a price", OBJECT.replace(b": 1", b": true"), "price"),
    lines("a fraction for an id", OBJECT.replace(b"500", b"5.5"), "product_sku"),
    lines("NaN for a price", OBJECT.replace(b": 1", b': "NaN"'), "price: nan is not an amount; give a number"),
    lines("null for a name", OBJECT.replace(b'"Tee"', b"null"), "product_name: is required and missing; give a value"),
    lines("a name of 257 letters", OBJECT.replace(b"Tee", b"x" * 257), "257 characters; give at most 256"),
    lines("Latin-1", OBJECT.replace(b"Tee", b"Caf\xe9"), "first line: is not UTF-8; save the file in that encoding", REFUSED),
    lines("Latin-1 in the second line", OBJECT.replace(b": 1", b": -1") + b"\n" + OBJECT.replace(b"Tee", b"Caf\xe9"),
          "row 2: is not UTF-8; save the file in that encoding"),
    lines("half a surrogate", OBJECT.replace(b"Tee", b"\\ud800"), "is not a JSON object; write one object per line", REFUSED),
    lines("a NUL", OBJECT.replace(b"Tee", b"T\\u0000"), "product_name: has the control character U+0000 at position 2; remove it"),
]
#: The same two rows in different forms of file.
SAME = [
    ("products.csv", HEADER + b"600,Tee,1.5\n601,Cap,2\n"),
    ("products.csv", b"\xef\xbb\xbf" + HEADER + b"600,Tee,1.5\n601,Cap,2\n"),
    ("products.csv", (HEADER + b"600,Tee,1.5\n601,Cap,2\n").replace(b"\n", b"\r\n")),
    ("products.csv", b"\xef\xbb\xbf" + (HEADER + b"600,Tee,1.5\n601,Cap,2\n").replace(b"\n", b"\r\n")),
    ("products.csv", HEADER + b'"600","Tee","1.50"\n601,Cap,2.00'),
    ("products.csv", HEADER + b"\n600,Tee,1.5\n\r\n601,Cap,2\n\n"),
    ("products.csv", b"price,product_name,product_sku\n2,Cap,601\n1.5,Tee,600\n"),
    ("products.csv.gz", gzip.compress(HEADER + b"600,Tee,1.5\n601,Cap,2\n")),
    ("products.jsonl", b'{"productSku": "600", "product_name": "Tee", "price": 1.5}\r\n'
     b'{"price": 2, "product_sku": 601, "product_name": "Cap"}'),
]
#: Good rows 610 and 611 among bad ones, and what is printed about the bad ones.
MIXED = HEADER + b"610,Tee,1\n1,2\n612,Tee,-1\n613,T\xe9e,1\n611,Cap,2\n"
MIXED_SAYS = ["row 2: has 2 cells", "row 3 (id 612): price: -1 is below 0", "row 4: product_name: is not UTF-8"]
TABLE = [*HEADERS, *ROWS, *JSON_LINES]
