"""What clustrctl tells: of services that are away, of what was deleted, of what it did not do."""

import json

from harness import pb, rows
from harness.case import ShopTest
from harness.servers import Server, Shop, free_port


class StatusTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(1), rows.timeframes(31))
        cls.shop.sales.client.transactions.RecordPurchase(
            rows.purchase(1, [(1, 1), (2, 1)], min_catalog_revision=cls.revision)
        )

    def test_waits_until_each_service_is_connected_to_those_it_follows(self):
        for _ in range(3):
            self.shop.sales.kill()
            self.shop.sales.start()
            answers = [json.loads(line) for line in self.ctl("--output=json", "status", "--wait=60").stdout.splitlines()]
            heads = {answer["service"]: int(answer["revision"]) for answer in answers}
            followed = [upstream for answer in answers for upstream in answer["upstreams"]]
            self.assertEqual([upstream["name"] for upstream in followed], ["catalog", "catalog", "sales"])
            for upstream in followed:
                self.assertTrue(upstream["connected"], answers)
                self.assertEqual(int(upstream["applied_revision"]), heads[upstream["name"]])

    def test_names_the_service_that_is_not_connected(self):
        sales = self.shop.sales
        self.addCleanup(sales.restart)
        self.addCleanup(setattr, sales, "upstreams", sales.upstreams)
        sales.stop()
        sales.upstreams = [Server("catalog", self.shop.folder, port=free_port())]
        sales.start()
        told = self.ctl("status", "--wait=5", code=3).stderr
        self.assertIn("sales is not connected to catalog", told)
        self.assertNotIn("bundles is not connected", told)


class LostReferencesTest(ShopTest):
    @classmethod
    def populate(cls):
        revision = rows.import_catalog(cls.shop, rows.products(4), rows.customers(3), rows.timeframes(31))
        for customer, day, skus in ((1, 5, (1, 2)), (1, 6, (1,)), (2, 7, (3, 4)), (3, 8, (4,))):
            cls.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(
                    customer,
                    [(sku, 1) for sku in skus],
                    purchase_date=f"2024-01-{day:02}",
                    min_catalog_revision=revision,
                )
            )

    def test_an_export_tells_what_an_import_elsewhere_refuses(self):
        self.assertEqual(self.ctl("export", self.shop.folder / "whole").stderr, "")
        self.answer(self.catalog.products.DeleteProduct, pb.DeleteProductRequest(product_sku=1))
        self.answer(self.catalog.customers.DeleteCustomer, pb.DeleteCustomerRequest(customer_id=2))
        self.answer(self.catalog.timeframes.DeleteTimeframe, pb.DeleteTimeframeRequest(time_id=8))
        told = self.ctl("export", self.shop.folder / "partly").stderr
        for line in (
            "1 rows of transactions refer to customers that catalog no longer has; an import elsewhere refuses them",
            "1 rows of transactions refer to timeframe that catalog no longer has; an import elsewhere refuses them",
            "2 rows of sales refer to products that catalog no longer has; an import elsewhere refuses them",
            "3 rows of sales refer to transactions that it refuses, and are refused, too",
        ):
            self.assertIn(line, told)
        with Shop() as other:
            imported = other.ctl("--output=json", "import", self.shop.folder / "partly")
            self.assertEqual(imported.returncode, 1, imported.stderr)
            failed = {
                answer["table"]: int(answer["summary"]["failed_count"])
                for answer in map(json.loads, imported.stdout.splitlines())
            }
            self.assertEqual((failed["transactions"], failed["sales"]), (2, 5))
