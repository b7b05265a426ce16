"""Prints the customer_id in the first row of the customers file of a shop, whose folder is the argument.

Prints an empty line if the file has no row, or its row no customer_id.
"""

import csv
import gzip
import json
import pathlib
import sys


def first_row(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file) if ".csv" in path.name else map(json.loads, filter(str.strip, file))
        return next(rows, {})


def main():
    folder = pathlib.Path(sys.argv[1])
    endings = ("csv", "csv.gz", "jsonl", "jsonl.gz")
    [path] = [path for ending in endings for path in folder.glob("customers." + ending)]
    row = first_row(path)
    print(row.get("customer_id") or row.get("customerId") or "")


if __name__ == "__main__":
    main()
