"""What clustrctl tells of services that are away."""

import json

from harness import rows
from harness.case import ShopTest
from harness.servers import Server, free_port


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
