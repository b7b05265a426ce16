"""clustrctl export --format=baskets: every basket as it is at one revision, by month, for Spark and its relatives."""

import datetime
import json

from harness import pb, rows
from harness.case import ShopTest

CHANNELS = ["", 'say "web"', "back\\slash", "naïve 🛒"]


class ExportBasketsTest(ShopTest):
    @classmethod
    def populate(cls):
        revision = rows.import_catalog(cls.shop, rows.products(9), rows.customers(3), rows.timeframes(90))
        headers, lines = [], []
        for number in range(1, 91):
            channel = CHANNELS[number % 4]
            named = {"channel": channel, "payment_type": channel} if channel else {}
            headers.append(pb.Transaction(transaction_id=number, customer_id=1 + number % 3, time_id=number, **named))
            for place, sku in enumerate((1 + number % 9, 1 + number % 4, 1 + number % 9)):
                # Every seventh basket came back whole, and the first line of every fifth.
                back = 2 if number % 7 == 0 or (number % 5 == 0 and place == 0) else 0
                lines.append(
                    pb.Sale(
                        sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=2, returned_quantity=back
                    )
                )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=revision)
        rows.import_rows(cls.shop.sales.client, lines)
        cls.headers, cls.lines = headers, lines

    def read(self, folder):
        """The baskets by transaction and the manifest; each line must be in the folder of its month."""
        baskets = {}
        for path in sorted((folder / "baskets").rglob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                basket = json.loads(line)
                self.assertEqual(path.parent.name, f"month={basket['day'][:7]}")
                self.assertNotIn(basket["transaction_id"], baskets)
                baskets[basket["transaction_id"]] = basket
        return baskets, json.loads((folder / "baskets.json").read_text())

    def test_each_basket_has_the_products_that_were_kept(self):
        folder = self.shop.folder / "copy"
        self.assertIn("90 baskets of 3 months", self.ctl("export", folder, "--format=baskets").stdout)
        baskets, manifest = self.read(folder)
        self.assertEqual(sorted(baskets), list(range(1, 91)))
        for header in self.headers:
            basket = baskets[header.transaction_id]
            kept = {
                line.product_sku
                for line in self.lines
                if line.transaction_id == header.transaction_id and line.quantity > line.returned_quantity
            }
            day = datetime.date(2024, 1, 1) + datetime.timedelta(days=header.time_id - 1)
            self.assertEqual(basket["product_skus"], sorted(kept))
            self.assertEqual((basket["customer_id"], basket["day"]), (header.customer_id, day.isoformat()))
            self.assertEqual((basket.get("channel", ""), basket.get("payment_type", "")), (header.channel, header.payment_type))
        self.assertEqual(manifest["sales_revision"], self.shop.revisions()["min_sales_revision"])
        self.assertEqual((manifest["lines"], manifest["changed_meanwhile"]), (90, False))
        self.assertEqual(manifest["sales_store_id"], self.sales.admin.GetStatus(pb.GetStatusRequest()).store_id)

    def test_an_earlier_export_is_never_mixed_with_a_new_one(self):
        folder = self.shop.folder / "twice"
        (folder / "baskets.unfinished" / "month=1999-01").mkdir(parents=True)
        (folder / "baskets.unfinished" / "month=1999-01" / "part-0.jsonl").write_text("left over\n")
        self.ctl("export", folder, "--format=baskets")
        baskets, _ = self.read(folder)
        self.assertEqual(len(baskets), 90)
        self.assertIn("is there already; remove it", self.ctl("export", folder, "--format=baskets", code=3).stderr)

    def test_an_unknown_format_is_named_with_the_known_ones(self):
        told = self.ctl("export", self.shop.folder / "none", "--format=parquet", code=2).stderr
        self.assertIn('"parquet" is unknown; give csv, jsonl or baskets', told)
