"""Files of order lines as a shop would export them."""

import csv
import gzip

UCI = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
OWN = ("order", "product", "description", "quantity", "price", "date", "customer")


def write(path, lines, columns=OWN, delimiter=","):
    """Writes a header row and lines of cells, compressed if the path ends with .gz. Returns the path."""
    with gzip.open(path, "wt", newline="") if str(path).endswith(".gz") else open(path, "w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(lines)
    return path


def table(folder, name):
    """The rows of a compressed CSV file as dictionaries."""
    with gzip.open(folder / f"{name}.csv.gz", "rt", newline="") as file:
        return list(csv.DictReader(file))


def uci_lines(folder, guest):
    """The lines of UCI Online Retail as (header, sale, cells), joined from the five tables they were split into."""
    products = {row["product_sku"]: row for row in table(folder, "products")}
    cities = {row["customer_id"]: row["city"] for row in table(folder, "customers")}
    dates = {row["time_id"]: row["date"] for row in table(folder, "timeframe")}
    headers = {row["transaction_id"]: row for row in table(folder, "transactions")}
    joined = []
    for sale in table(folder, "sales"):
        header = headers[sale["transaction_id"]]
        year, month, day = map(int, dates[header["time_id"]].split("-"))
        customer = header["customer_id"]
        cells = [
            header["transaction_id"],
            sale["product_sku"],
            products[sale["product_sku"]]["product_name"],
            sale["quantity"],
            f"{month}/{day}/{year} 8:26",
            sale["unit_price"],
            "" if customer == guest else f"{customer}.0",
            "" if customer == guest else cities[customer],
        ]
        joined.append((header, sale, cells))
    return joined
