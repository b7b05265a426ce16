"""Reference figures for AnalyticsService, by exact decimal arithmetic over exports. Deliberately slow and simple."""

import collections
import decimal

from harness import pb

CENT = decimal.Decimal("0.01")


def money(amount):
    """Returns the amount that a double on the wire stands for."""
    return decimal.Decimal(repr(amount)).quantize(CENT)


class Figures:
    """All figures of exported rows between two dates, which are inclusive and may be empty for no bound."""

    def __init__(self, transactions, sales, products, customers, start_date="", end_date=""):
        self.products = {row.product_sku: row for row in products}
        self.customers = {row.customer_id: row for row in customers}
        headers = {
            row.transaction_id: row
            for row in transactions
            if row.purchase_date >= start_date and (not end_date or row.purchase_date <= end_date)
        }
        self.lines = [
            (headers[line.transaction_id], line)
            for line in sales
            if line.transaction_id in headers and line.quantity > line.returned_quantity
        ]
        self.kept = {header.transaction_id: header for header, _ in self.lines}

    def keys(self, dimension):
        """Returns the function that maps a header and a line to the key of their group."""
        return {
            pb.REVENUE_DIMENSION_PRODUCT_CATEGORY: lambda header, line: self.product(line).category,
            pb.REVENUE_DIMENSION_PRODUCT_BRAND: lambda header, line: self.product(line).brand,
            pb.REVENUE_DIMENSION_CUSTOMER_SEGMENT: lambda header, line: self.customers.get(
                header.customer_id, pb.Customer()
            ).customer_segment,
            pb.REVENUE_DIMENSION_CHANNEL: lambda header, line: header.channel,
            pb.REVENUE_DIMENSION_PAYMENT_TYPE: lambda header, line: header.payment_type,
            pb.REVENUE_DIMENSION_MONTH: lambda header, line: header.purchase_date[:7],
            pb.REVENUE_DIMENSION_CUSTOMER: lambda header, line: str(header.customer_id),
        }[dimension]

    def product(self, line):
        return self.products.get(line.product_sku, pb.Product())

    def sums(self, key_of):
        """Returns (revenue, transactions, units) by key."""
        revenue, buyers, units = collections.Counter(), collections.defaultdict(set), collections.Counter()
        for header, line in self.lines:
            key = key_of(header, line)
            revenue[key] += money(line.net_total)
            buyers[key].add(header.transaction_id)
            units[key] += line.quantity - line.returned_quantity
        return {key: (revenue[key], len(buyers[key]), units[key]) for key in buyers}

    def groups(self, dimension, limit=1000):
        sums = self.sums(self.keys(dimension))
        in_order = sorted(sums) if dimension == pb.REVENUE_DIMENSION_MONTH else best(sums)
        return [(key, *sums[key]) for key in in_order[:limit]]

    def top_products(self, limit):
        sums = self.sums(lambda header, line: line.product_sku)
        return [
            (sku, self.products[sku].product_name if sku in self.products else None, sums[sku][0], sums[sku][2])
            for sku in best(sums)[:limit]
        ]

    def kept_amounts(self):
        """The amount of each transaction less what its returned units came to, and at least 0."""
        net = collections.Counter()
        for header, line in self.lines:
            net[header.transaction_id] += money(line.net_total)
        return [
            max(money(header.transaction_amount) - (money(header.lines_total) - net[key]), money(0))
            for key, header in self.kept.items()
        ]

    def summary(self):
        revenue, _, units = self.sums(lambda header, line: None).get(None, (money(0), 0, 0))
        amounts = self.kept_amounts() or [money(0)]
        return (
            revenue,
            len(self.kept),
            units,
            len({header.customer_id for header in self.kept.values()}),
            len({line.product_sku for _, line in self.lines}),
            (sum(amounts) / len(amounts)).quantize(CENT, rounding=decimal.ROUND_HALF_UP),
            min(amounts),
            max(amounts),
        )


def best(sums):
    return sorted(sums, key=lambda key: (-sums[key][0], key))


def exact(amount):
    """Returns the amount of an answer, which must be the double nearest to whole cents."""
    assert float(money(amount)) == amount, amount
    return money(amount)


def groups_of(answer):
    return [(group.key, exact(group.revenue), group.transaction_count, group.unit_count) for group in answer.groups]


def products_of(answer):
    return [
        (
            top.product_sku,
            top.product_name if top.HasField("product_name") else None,
            exact(top.revenue),
            top.unit_count,
        )
        for top in answer.top_products
    ]


def summary_of(answer):
    return (
        exact(answer.revenue),
        answer.transaction_count,
        answer.unit_count,
        answer.customer_count,
        answer.product_count,
        exact(answer.mean_transaction),
        exact(answer.min_transaction),
        exact(answer.max_transaction),
    )
