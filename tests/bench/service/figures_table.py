"""Prints figures, given as one JSON line each, as a Markdown table with their goals: figures_table.py FILE."""

import json
import sys

AT_LEAST, AT_MOST = "at least", "at most"
#: Title of each figure in the table, in the order of its rows, and its goal.
ROWS = {
    "sqlite.insert_plain": ("SQLite alone: insert, no index", None),
    "sqlite.insert": ("SQLite alone: insert into the table of sales", None),
    "disk.sync": ("one fdatasync", None),
    "soci.scan": ("SOCI alone: scan of sales", None),
    "import.lines": ("`clustrctl import`: lines of the shop", None),
    "import.per_second": ("`clustrctl import`: lines over the wall time of all five files", (AT_LEAST, 250_000)),
    "import.sales_per_second": ("`clustrctl import`: sales.csv alone", None),
    "import.cpu": ("`clustrctl import`: CPU of sales", None),
    "first_load.caught_up": ("bundles: from an empty start to all sales", None),
    "stream.counted": ("StreamSales, counted", None),
    "stream.indexed": ("StreamSales into the index", (AT_LEAST, 1_000_000)),
    "stream.index_bytes": ("index alone: memory", None),
    "empty.per_second": ("empty call, 64 in flight", None),
    "empty.p99": ("empty call, 64 in flight: p99", None),
    "empty.cpu": ("empty call: CPU of client and server", None),
    "get-product.per_second": ("GetProduct, 64 in flight", None),
    "get-product.cpu": ("GetProduct: CPU of client and server", None),
    "get-product.of_empty": ("GetProduct, 64 in flight", (AT_LEAST, 60)),
    "get-product.of_empty_by_cpu": ("GetProduct, empty CPU over its own CPU", None),
    "get-product.paced.p99": ("GetProduct at half load: p99", None),
    "recommend-products.per_second": ("RecommendProducts, basket of 8, 64 in flight", None),
    "recommend-products.cpu": ("RecommendProducts: CPU of client and server", None),
    "recommend-products.of_empty": ("RecommendProducts, 64 in flight", (AT_LEAST, 40)),
    "recommend-products.of_empty_by_cpu": ("RecommendProducts, empty CPU over its own CPU", None),
    "recommend-products.paced.p99": ("RecommendProducts at half load: p99", (AT_MOST, 3)),
    "rules.baskets": ("ListAssociationRules: population", None),
    "rules.rules": ("ListAssociationRules: answer", None),
    "rules.p50": ("ListAssociationRules, random population: p50", None),
    "rules.p99": ("ListAssociationRules, random population: p99", (AT_MOST, 100)),
    "rules.large.p99": ("ListAssociationRules, populations of at least 10,000 baskets: p99", None),
    "rules.everything.p50": ("ListAssociationRules of all baskets, not asked before: p50", None),
    "rules.slowest.baskets": ("ListAssociationRules: slowest population", None),
    "rules.slowest.rules": ("ListAssociationRules: slowest answer", None),
    "memory.resident": ("bundles: memory", None),
    "memory.a_line": ("bundles: memory", (AT_MOST, 60)),
    "freshness.purchases_per_second": ("freshness: purchases meanwhile", None),
    "freshness.p50": ("purchase acknowledged to rule that counts it: p50", None),
    "freshness.p99": ("purchase acknowledged to rule that counts it: p99", (AT_MOST, 20)),
    "purchases.per_second": ("RecordPurchase, 5 lines, 64 clients", (AT_LEAST, 5_000)),
    "purchases.p50": ("RecordPurchase: p50", None),
    "purchases.p99": ("RecordPurchase: p99", (AT_MOST, 50)),
    "purchases.cpu": ("RecordPurchase: CPU", None),
    "purchases.with_request_id.per_second": ("RecordPurchase with request_id", None),
    "purchases.with_request_id.p99": ("RecordPurchase with request_id: p99", None),
    "restart.answering": ("bundles restarted: first answer", (AT_MOST, 1)),
    "restart.caught_up": ("bundles restarted: caught up", (AT_MOST, 10)),
    "job.import_per_second": ("Online Retail: `clustrctl import`, lines over wall time", None),
    "job.seconds": ("the predecessor's job on Online Retail (82.8 s)", (AT_MOST, 1.656)),
    "job.peak": ("the predecessor's job: sum of the peaks of all processes (11,700 MB)", (AT_MOST, 300)),
}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def main():
    figures = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            figure = json.loads(line)
            figures[figure["figure"]] = figure
    unnamed = [name for name in figures if name not in ROWS and name.endswith(".errors")]
    print("| figure | measured | to reach | reached |")
    print("|---|---:|---:|---|")
    for name, (title, goal) in [*ROWS.items(), *((name, (f"**{name}**", (AT_MOST, 0))) for name in unnamed)]:
        if name not in figures:
            continue
        value, unit = figures[name]["value"], figures[name]["unit"]
        wanted, reached = "", ""
        if goal:
            bound, limit = goal
            wanted = f"{bound} {number(limit)}"
            reached = "yes" if (value >= limit if bound == AT_LEAST else value <= limit) else "**no**"
        print(f"| {title} | {number(value)} {unit} | {wanted} | {reached} |")


if __name__ == "__main__":
    main()
