"""The wall clock of the servers is set while they work: deadlines, waits and request ids do not notice."""

import time

from grpc import StatusCode
from harness import pb
from harness.case import ShopTest
from harness.servers import eventually
from harness.stepped_clock import SteppedClock

HOUR = 3600


class ClockTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.clock = SteppedClock(cls.shop.folder)
        for server in cls.shop.servers:
            server.environ = cls.clock.environ
            server.restart()
        products = [
            pb.ImportProductsRequest(
                products=[pb.Product(product_sku=sku, product_name=f"Cup {sku}", price=1) for sku in (1, 2, 3)]
            )
        ]
        cls.shop.catalog.client.products.ImportProducts(iter(products))
        customer = pb.Customer(first_name="Ada", last_name="L")
        cls.shop.catalog.client.customers.CreateCustomer(pb.CreateCustomerRequest(customer=customer))

    def setUp(self):
        super().setUp()
        self.clock.set(0)
        self.addCleanup(self.clock.set, 0)

    def purchase(self, **fields):
        return pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_id=1, purchase_date="2024-01-02"),
            sales=[pb.Sale(product_sku=1, quantity=1)],
            **fields,
        )

    def short_calls(self):
        """Calls that need a thread of each server, with a deadline of a second."""
        self.answer(self.catalog.products.BatchGetProducts, pb.BatchGetProductsRequest(product_skus=[1, 2]), timeout=1)
        self.answer(self.sales.transactions.RecordPurchase, self.purchase(), timeout=1)
        self.answer(self.sales.sales.ListSales, pb.ListSalesRequest(filter="quantity > 5"), timeout=1)
        self.answer(
            self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(basket_skus=[1]), timeout=1
        )
        self.answer(self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest(), timeout=1)

    def test_short_calls_are_answered_while_the_clock_jumps(self):
        self.short_calls()
        for offset in (-10, 0, -HOUR, -2 * HOUR, 2 * HOUR, 0):
            with self.subTest(offset):
                self.clock.set(offset)
                end = time.monotonic() + 2.5
                while time.monotonic() < end:
                    self.short_calls()

    def test_a_parked_call_is_answered_in_time(self):
        for offset in (-HOUR, HOUR):
            with self.subTest(offset):
                request = pb.RecommendProductsRequest(basket_skus=[1], min_sales_revision=1 << 40)
                call = self.bundles.recommendations.RecommendProducts.future(request, timeout=3)
                time.sleep(0.5)
                self.clock.set(offset)
                begin = time.monotonic()
                self.assertEqual(call.code(), StatusCode.DEADLINE_EXCEEDED)
                self.assertIn("is not visible yet", call.details())
                self.assertGreater(time.monotonic() - begin, 1)

    def test_a_request_id_is_remembered_whatever_the_clock_says(self):
        first = self.answer(self.sales.transactions.RecordPurchase, self.purchase(request_id="order-1"))
        for offset in (-48 * HOUR, 48 * HOUR):
            self.clock.set(offset)
            again = self.answer(self.sales.transactions.RecordPurchase, self.purchase(request_id="order-1"))
            self.assertTrue(again.replayed)
            self.assertEqual(again.transaction.transaction_id, first.transaction.transaction_id)

    def test_followers_go_on(self):
        self.clock.set(-HOUR)
        self.catalog.products.CreateProduct(
            pb.CreateProductRequest(product=pb.Product(product_name="Saucer", price=1, in_stock=True))
        )
        revision = self.status(self.catalog).revision

        def applied():
            return all(
                upstream.applied_revision == revision
                for client in (self.sales, self.bundles)
                for upstream in self.status(client).upstreams
                if upstream.name == "catalog"
            )

        eventually(applied, 20, "the followers of catalog stopped")
