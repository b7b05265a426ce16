"""Base class for tests of flat imports: empty servers for each test, input files, and their results."""

import collections
import json
import unittest

from harness import flat_files, rows
from harness.case import ShopTest
from harness.servers import Shop, eventually


def state(shop):
    """The content of the services without numeric ids: products, customers, order lines as (order, customer, date,
    product, quantity, price, returned), and amounts of orders."""
    products = {row.product_sku: row for row in rows.export(shop.catalog.client, "products")}
    customers = {row.customer_id: row for row in rows.export(shop.catalog.client, "customers")}
    headers = {row.transaction_id: row for row in rows.export(shop.sales.client, "transactions")}
    lines = collections.Counter()
    for row in rows.export(shop.sales.client, "sales"):
        header = headers[row.transaction_id]
        lines[
            header.external_id,
            customers[header.customer_id].external_id,
            header.purchase_date,
            products[row.product_sku].external_id,
            row.quantity,
            row.unit_price,
            row.returned_quantity,
        ] += 1
    amounts = {row.external_id: row.transaction_amount for row in headers.values()}
    return (
        {(row.external_id, row.product_name, row.price) for row in products.values()},
        {(row.external_id, row.first_name, row.last_name, row.city) for row in customers.values()},
        lines,
        amounts,
    )


def codes_of(shop):
    """The external_id of each product, by its product_sku."""
    return {row.product_sku: row.external_id for row in rows.export(shop.catalog.client, "products")}


class FlatTest(ShopTest):
    """Each test imports its own files into empty servers."""

    LINES = [
        ("A1", "tea", "Tea pot", 2, "24.50", "2024-01-02 10:00", "ann"),
        ("A1", "mug", "Mug", 4, "6", "2024-01-02 10:00", "ann"),
        ("A1", "mug", "Mug", 4, "6", "2024-01-02 10:00", "ann"),
        ("A2", "mug", "Mug", 1, "6.00", "2024-01-03", "bob"),
        ("A3", "cup", "", 3, "0", "2024-01-03", ""),
    ]

    def setUp(self):
        self.shop = Shop().start()
        self.addCleanup(self.shop.close)

    @classmethod
    def setUpClass(cls):
        unittest.TestCase.setUpClass()

    def file(self, lines, columns=flat_files.OWN, name="orders.csv", **options):
        return flat_files.write(self.shop.folder / name, lines, columns, **options)

    def flat(self, path, *flags, code=0):
        """Runs a flat import; returns its answer as JSON, and its stderr."""
        done = self.ctl("--output=json", "import", f"--flat={path}", *flags, code=code)
        return json.loads(done.stdout), done.stderr

    def importing(self, path):
        """Starts a flat import and returns its process."""
        return self.shop.start_ctl("import", f"--flat={path}")

    def reach(self, orders, importing):
        """Waits until that number of orders is stored, or the import has ended."""
        eventually(
            lambda: self.status(self.sales).row_counts["transactions"] >= orders or importing.poll() is not None,
            60,
            f"{orders} orders",
        )

    def counts(self, answer):
        return {
            kind: tuple(value[f"{fate}_count"] for fate in ("created", "updated", "unchanged"))
            for kind, value in answer.items()
            if isinstance(value, dict) and "created_count" in value
        }

    def assert_again_is_unchanged(self, path, *flags, code=0):
        before = self.shop.revisions(), state(self.shop)
        again, _ = self.flat(path, *flags, code=code)
        for kind, (created, updated, _) in self.counts(again).items():
            self.assertEqual((created, updated), (0, 0), kind)
        self.assertEqual((self.shop.revisions(), state(self.shop)), before)
        return again
