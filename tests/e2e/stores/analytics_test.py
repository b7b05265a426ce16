"""Dashboard figures are exact to the cent, for every dimension, at one state of sales and one of catalog."""

import decimal
import json
import random
import threading
import time

import grpc
from grpc import StatusCode

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome
from harness.figures import CENT, Figures, exact, groups_of, money, products_of, summary_of
from harness.servers import Shop

DIMENSIONS = [
    value
    for name, value in pb.modules["clustr/sales/v1/analytics_service.proto"].RevenueDimension.items()
    if value != pb.REVENUE_DIMENSION_UNSPECIFIED
]


class Analytics(ShopTest):
    def figures(self, **days):
        tables = [rows.export(self.sales, model) for model in ("transactions", "sales")]
        tables += [rows.export(self.catalog, model) for model in ("products", "customers")]
        return Figures(*tables, **days)

    def revision(self):
        return self.status(self.catalog).revision

    def revenue(self, dimension, **fields):
        fields.setdefault("min_catalog_revision", self.revision())
        return self.answer(self.sales.analytics.QueryRevenue, pb.QueryRevenueRequest(dimension=dimension, **fields))

    def top(self, **fields):
        fields.setdefault("min_catalog_revision", self.revision())
        return self.answer(self.sales.analytics.ListTopProducts, pb.ListTopProductsRequest(**fields))

    def summary(self, **fields):
        return self.answer(self.sales.analytics.GetSalesSummary, pb.GetSalesSummaryRequest(**fields))

    def check_all(self, **days):
        """Checks that every figure equals exact arithmetic over the exports and that groups add up to the summary."""
        wanted = self.figures(**days)
        total = self.summary(**days)
        self.assertEqual(summary_of(total), wanted.summary(), days)
        for dimension in DIMENSIONS:
            told = groups_of(self.revenue(dimension, limit=1000, **days))
            self.assertEqual(told, wanted.groups(dimension), f"{pb.RevenueDimension.Name(dimension)} {days}")
            self.assertEqual(sum((group[1] for group in told), money(0)), exact(total.revenue))
            self.assertEqual(sum(group[3] for group in told), total.unit_count)
        self.assertEqual(products_of(self.top(limit=1000, **days)), wanted.top_products(1000), days)
        return wanted


class EmptyTest(Analytics):
    def test_every_figure_of_an_empty_shop_is_zero(self):
        total = self.summary()
        self.assertEqual(summary_of(total), (0, 0, 0, 0, 0, 0, 0, 0))
        self.assertEqual(len(self.top().top_products), 0)
        for dimension in DIMENSIONS:
            self.assertEqual(len(self.revenue(dimension).groups), 0)


class FiguresTest(Analytics):
    @classmethod
    def populate(cls):
        segments = ["Regular", "High Value", "", None]
        people = rows.customers(12)
        for person in people:
            segment = segments[person.customer_id % 4]
            if segment is not None:
                person.customer_segment = segment
        goods = rows.products(30)
        for product in goods[::7]:
            product.ClearField("category")
        cls.catalog_revision = rows.import_catalog(cls.shop, goods, people, rows.timeframes(90))
        chance = random.Random(7)
        for number in range(250):
            fields = {"time_id": chance.randint(1, 90)}
            for name, values in (
                ("channel", ["Online", "Store", "", None]),
                ("payment_type", ["Cash", None]),
                ("transaction_amount", [None, 0.01, 0.1 + 0.2, 9_999_999_999.99]),
            ):
                value = chance.choice(values)
                if value is not None:
                    fields[name] = value
            lines = [(chance.randint(1, 30), chance.randint(1, 5)) for _ in range(chance.randint(1, 6))]
            bought = cls.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(chance.randint(1, 12), lines, min_catalog_revision=cls.catalog_revision, **fields)
            )
            line = chance.choice(bought.sales)
            if number % 3 == 0:
                quantity = chance.randint(1, line.quantity)
                cls.shop.sales.client.sales.ReturnSale(pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=quantity))
            if number % 10 == 0:
                cls.shop.sales.client.transactions.DeleteTransaction(
                    pb.DeleteTransactionRequest(transaction_id=bought.transaction.transaction_id)
                )

    def test_every_figure_of_every_span_is_exact(self):
        self.check_all()
        for days in (
            {"start_date": "2024-01-15"},
            {"end_date": "2024-02-10"},
            {"start_date": "2024-01-31", "end_date": "2024-02-01"},
            {"start_date": "2024-02-03", "end_date": "2024-02-03"},
            {"start_date": "2030-01-01"},
        ):
            self.check_all(**days)

    def test_months_come_in_calendar_order(self):
        keys = [group.key for group in self.revenue(pb.REVENUE_DIMENSION_MONTH).groups]
        self.assertEqual(keys, ["2024-01", "2024-02", "2024-03"])

    def test_limits_have_defaults_and_are_capped_at_1000(self):
        wanted = self.figures()
        self.assertEqual(products_of(self.top()), wanted.top_products(10))
        self.assertEqual(products_of(self.top(limit=3)), wanted.top_products(3))
        self.assertEqual(products_of(self.top(limit=5_000)), wanted.top_products(1000))
        by_customer = pb.REVENUE_DIMENSION_CUSTOMER
        self.assertEqual(groups_of(self.revenue(by_customer, limit=2)), wanted.groups(by_customer, 2))
        self.assertEqual(groups_of(self.revenue(by_customer, limit=1 << 30)), wanted.groups(by_customer))

    def test_answers_name_the_revisions_they_are_from(self):
        catalog, sales = self.revision(), self.status(self.sales).revision
        top, groups = self.top(), self.revenue(pb.REVENUE_DIMENSION_PRODUCT_BRAND)
        self.assertEqual((top.catalog_revision, top.revision), (catalog, sales))
        self.assertEqual((groups.catalog_revision, groups.revision), (catalog, sales))
        self.assertEqual(self.summary().revision, sales)

    def test_clustrctl_shows_the_figures(self):
        wanted = self.figures()
        shown = self.ctl("summary").stdout
        self.assertIn(f"{wanted.summary()[0]:,}", shown)
        shown = self.ctl("top-products", "--limit=2").stdout
        self.assertEqual(len(shown.splitlines()), 3)
        self.assertIn(f"{wanted.top_products(1)[0][2]:,}", shown)
        shown = self.ctl("revenue", "payment-type").stdout
        self.assertIn("(none)", shown)
        self.assertIn("Cash", shown)
        for arguments, field in (
            (["summary", "--from=2024-01-02", "--to=2024-02-01"], "revenue"),
            (["top-products"], "top_products"),
            (["revenue", "month"], "groups"),
        ):
            self.assertIn(field, json.loads(self.ctl("--output=json", *arguments).stdout))
        self.assertIn("category", self.ctl("revenue", "colour", code=2).stderr)
        self.ctl("revenue", code=2)
        told = self.ctl("summary", "--from=2024-03-01", "--to=2024-02-01", code=3).stderr
        self.assertIn('--from: "2024-03-01" is after --to "2024-02-01"', told)


class AttributesTest(Analytics):
    """Figures use the attributes that catalog has now."""

    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(6), rows.customers(4), rows.timeframes(31))

    def buy(self, customer_id, *lines, **fields):
        request = rows.purchase(customer_id, lines, min_catalog_revision=self.catalog_revision, **fields)
        return self.answer(self.sales.transactions.RecordPurchase, request)

    def test_a_change_of_catalog_applies_to_all_past_sales(self):
        self.buy(1, (1, 1), (2, 1))
        self.buy(2, (1, 2))
        by_category = pb.REVENUE_DIMENSION_PRODUCT_CATEGORY
        self.assertEqual([group.key for group in self.revenue(by_category).groups], ["Category 1", "Category 2"])
        changed = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(product=pb.Product(product_sku=2, category="Category 1"))
        ).product
        told = groups_of(self.revenue(by_category, min_catalog_revision=changed.revision))
        self.assertEqual(told, [("Category 1", money(6.0), 2, 4)], "two lines of one purchase are one transaction")
        revision = self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=1)).revision
        self.assertEqual({group.key for group in self.revenue(by_category).groups}, {"", "Category 1"})
        top = self.top(min_catalog_revision=revision).top_products[0]
        self.assertEqual((top.product_sku, top.HasField("product_name"), top.unit_count), (1, False, 3))
        revision = self.catalog.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=2)).revision
        by_segment = self.revenue(pb.REVENUE_DIMENSION_CUSTOMER_SEGMENT, min_catalog_revision=revision)
        self.assertEqual([group.key for group in by_segment.groups], [""])
        self.assertEqual({group.key for group in self.revenue(pb.REVENUE_DIMENSION_CUSTOMER).groups}, {"1", "2"})
        self.check_all()

    def test_a_restart_makes_no_product_look_deleted(self):
        self.buy(3, (4, 1))
        for _ in range(5):
            self.shop.sales.restart()
            top = self.answer(self.sales.analytics.ListTopProducts, pb.ListTopProductsRequest()).top_products
            self.assertIn("Product 4", [product.product_name for product in top])

    def test_ties_are_ordered_by_key(self):
        with Shop() as shop:
            type(self).shop, shared = shop, type(self).shop
            try:
                revision = rows.import_catalog(shop, rows.products(30, price=1), rows.customers(12), rows.timeframes(1))
                for number in (12, 9, 2, 11, 10):
                    shop.sales.client.transactions.RecordPurchase(
                        rows.purchase(number, [(number, 1)], min_catalog_revision=revision)
                    )
                self.assertEqual([top.product_sku for top in self.top().top_products], [2, 9, 10, 11, 12])
                by_customer = self.revenue(pb.REVENUE_DIMENSION_CUSTOMER).groups
                self.assertEqual([group.key for group in by_customer], ["10", "11", "12", "2", "9"])
                self.assertEqual(summary_of(self.summary())[5:], (money(1), money(1), money(1)))
            finally:
                type(self).shop = shared

    def test_the_mean_is_rounded_half_up(self):
        for amounts, mean in (([0.01, 0.02], 0.02), ([0.01, 0.01, 0.02], 0.01), ([0.03, 0.02, 0.02, 0.03], 0.03)):
            day = f"2029-01-{len(amounts):02}"
            for amount in amounts:
                self.buy(3, (4, 1), purchase_date=day, transaction_amount=amount)
            self.assertEqual(self.summary(start_date=day, end_date=day).mean_transaction, mean)

    def test_revenue_and_mean_agree_after_returns_and_corrections(self):
        day = {"start_date": "2029-02-01", "end_date": "2029-02-01"}
        (line,) = self.buy(3, (4, 4), purchase_date="2029-02-01").sales
        self.buy(3, (4, 2), purchase_date="2029-02-01")
        for call, request in (
            (self.sales.sales.ReturnSale, pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=1)),
            (self.sales.sales.UpdateSale, pb.UpdateSaleRequest(sale={"sale_id": line.sale_id, "quantity": 3})),
            (self.sales.sales.UpdateSale, pb.UpdateSaleRequest(sale={"sale_id": line.sale_id, "unit_price": 7})),
        ):
            self.answer(call, request)
            got = self.summary(**day)
            half = (money(got.revenue) / 2).quantize(CENT, rounding=decimal.ROUND_HALF_UP)
            self.assertEqual(money(got.mean_transaction), half, got)
            amounts = money(got.min_transaction) + money(got.max_transaction)
            self.assertEqual(amounts, money(got.revenue), got)

    def test_figures_with_names_are_refused_until_catalog_was_reached(self):
        self.buy(3, (4, 1))
        self.shop.sales.stop()
        self.shop.catalog.stop()
        self.shop.sales.start()
        self.assertGreater(self.summary().revenue, 0)
        self.refused(
            StatusCode.UNAVAILABLE, "UPSTREAM", self.sales.analytics.ListTopProducts, pb.ListTopProductsRequest()
        )


class OneStateTest(Analytics):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(4), rows.customers(2), rows.timeframes(31))

    def test_an_answer_never_mixes_states(self):
        """Each purchase has two lines of 1.25 and 2.25, so the figures have that proportion at any revision."""
        stopped = threading.Event()
        client = self.shop.sales.client

        def buy():
            while not stopped.is_set():
                bought = client.transactions.RecordPurchase(
                    rows.purchase(1, [(1, 1), (2, 1)], min_catalog_revision=self.catalog_revision)
                )
                if bought.transaction.transaction_id % 3 == 0:
                    client.transactions.DeleteTransaction(
                        pb.DeleteTransactionRequest(transaction_id=bought.transaction.transaction_id)
                    )

        threads = [threading.Thread(target=buy) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            end = time.monotonic() + (20 if environment.LONG else 2)
            while time.monotonic() < end:
                total = self.summary()
                self.assertEqual(total.unit_count, 2 * total.transaction_count)
                self.assertEqual(exact(total.revenue), money(3.5) * total.transaction_count)
                top = {product.product_sku: product.unit_count for product in self.top().top_products}
                self.assertEqual(top.get(1), top.get(2))
        finally:
            stopped.set()
            for thread in threads:
                thread.join()

    def test_a_call_near_its_deadline_is_exact_or_refused(self):
        bought = rows.purchase(1, [(1, 1), (2, 1)], min_catalog_revision=self.catalog_revision)
        self.answer(self.sales.transactions.RecordPurchase, bought)
        stored = self.summary()
        for _ in range(50):
            got = outcome(self.sales.analytics.GetSalesSummary, pb.GetSalesSummaryRequest(), timeout=0.001)
            if isinstance(got, Refusal):
                self.assertEqual(got.code, grpc.StatusCode.DEADLINE_EXCEEDED)
            else:
                self.assertEqual(got, stored)
