"""A shop with three products, two customers, three days and one purchase, for tests that run grpcurl."""

from harness import environment, pb, rows
from harness.case import ShopTest


class GrpcurlShopTest(ShopTest):
    @classmethod
    def setUpClass(cls):
        cls.grpcurl = environment.tool("grpcurl")
        super().setUpClass()

    @classmethod
    def populate(cls):
        revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(2), rows.timeframes(3))
        rows.import_rows(
            cls.shop.sales.client,
            [pb.Transaction(transaction_id=1, customer_id=1, time_id=1)],
            min_catalog_revision=revision,
        )
