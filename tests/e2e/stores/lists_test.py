"""Filters, orders and external ids from a client's view, on every list of catalog and sales."""

import csv
import pathlib
import random
import tempfile

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest

CHANNELS = ["Online", "Store", "Mobile App", None]


class ListsTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.products = rows.products(40)
        for product in cls.products[::3]:
            product.ClearField("brand")
        cls.products[4].external_id = "SHOP-5"
        cls.customers = rows.customers(6)
        for number, customer in enumerate(cls.customers[:4]):
            customer.age = 20 + 10 * number
            customer.customer_segment = "High Value" if number % 2 else "Regular"
        cls.customers[2].external_id = "C:3"
        revision = rows.import_catalog(cls.shop, cls.products, cls.customers, rows.timeframes(31))
        chance = random.Random(5)
        cls.transactions = [
            pb.Transaction(
                transaction_id=number,
                customer_id=chance.randint(1, 6),
                time_id=chance.randint(1, 31),
                transaction_amount=chance.randint(100, 9999) / 100,
                channel=chance.choice(CHANNELS),
                external_id=f"T{number}" if number % 2 else None,
            )
            for number in range(1, 121)
        ]
        rows.import_rows(cls.shop.sales.client, cls.transactions, min_catalog_revision=revision)
        lines = [
            pb.Sale(sale_id=number, transaction_id=1 + number % 120, product_sku=1 + number % 7, quantity=1 + number % 3)
            for number in range(1, 301)
        ]
        rows.import_rows(cls.shop.sales.client, lines, min_catalog_revision=revision)
        cls.transactions = rows.export(cls.shop.sales.client, "transactions")
        cls.lines = rows.export(cls.shop.sales.client, "sales")

    def listed(self, model, size=7, **fields):
        """Returns the rows of all pages; checks that every page has the same total."""
        call, kind = {
            "products": (self.catalog.products.ListProducts, pb.ListProductsRequest),
            "customers": (self.catalog.customers.ListCustomers, pb.ListCustomersRequest),
            "timeframes": (self.catalog.timeframes.ListTimeframes, pb.ListTimeframesRequest),
            "transactions": (self.sales.transactions.ListTransactions, pb.ListTransactionsRequest),
            "sales": (self.sales.sales.ListSales, pb.ListSalesRequest),
        }[model]
        got, totals, token = [], set(), ""
        while True:
            page = self.answer(call, kind(page_size=size, page_token=token, **fields))
            got += getattr(page, model)
            totals.add(page.total_size)
            token = page.next_page_token
            if not token:
                self.assertEqual(totals, {len(got)})
                return got

    # Filters

    def test_filters_in_the_comments_of_the_contract_work(self):
        got = self.listed("products", filter='category = "Category 1" AND price < 50')
        self.assertEqual([row.product_sku for row in got], list(range(1, 41, 4)))
        got = self.listed("customers", filter='customer_segment = "High Value" AND age >= 30')
        self.assertEqual([row.customer_id for row in got], [2, 4])
        got = self.listed("timeframes", filter='date >= "2024-01-20" AND month = 1')
        self.assertEqual(len(got), 12)
        got = self.listed("transactions", filter='customer_id = 3 AND channel = "Store"')
        self.assertEqual(got, [row for row in self.transactions if row.customer_id == 3 and row.channel == "Store"])
        got = self.listed("sales", filter="product_sku = 3 AND quantity > 1")
        self.assertEqual(got, [row for row in self.lines if row.product_sku == 3 and row.quantity > 1])

    def test_or_binds_tighter_than_and(self):
        got = self.listed("sales", filter="quantity = 3 AND product_sku = 1 OR product_sku = 2")
        self.assertEqual(got, [row for row in self.lines if row.quantity == 3 and row.product_sku in (1, 2)])

    def test_an_unset_field_is_neither_equal_nor_unequal_to_a_value(self):
        here = self.listed("transactions", filter="channel = Store")
        there = self.listed("transactions", filter="channel != Store")
        unset = self.listed("transactions", filter="NOT channel:*")
        self.assertEqual(len(here) + len(there) + len(unset), len(self.transactions))
        self.assertTrue(unset)
        self.assertEqual(len(self.listed("transactions", filter="NOT channel = Store")), len(there) + len(unset))

    def test_amounts_are_compared_exactly(self):
        amount = self.transactions[0].transaction_amount
        equal = [row for row in self.transactions if row.transaction_amount == amount]
        self.assertEqual(self.listed("transactions", filter=f"transaction_amount = {amount:.2f}"), equal)
        self.assertEqual(self.listed("transactions", filter=f"transaction_amount = {amount:.2f}1"), [])
        below = self.listed("transactions", filter=f"transaction_amount < {amount:.2f}1")
        self.assertEqual(below, [row for row in self.transactions if row.transaction_amount <= amount])

    def test_a_filter_is_never_sql(self):
        for text in ("'; DROP TABLE products; --", "' OR '1'='1", '" UNION SELECT 1 --', "%", "_", ":p0"):
            with self.subTest(text):
                quoted = text.replace("\\", "\\\\").replace('"', '\\"')
                self.assertEqual(self.listed("products", filter=f'product_name = "{quoted}"'), [])
                self.assertEqual(self.listed("products", filter=f'product_name:"{quoted}"'), [])
        self.assertEqual(len(self.listed("products")), 40)

    # Orders

    def test_orders_hold_over_all_pages(self):
        def by(*keys):
            ordered = list(self.transactions)
            for name, descending in reversed([*keys, ("transaction_id", False)]):
                ordered.sort(key=lambda row: (row.HasField(name) if name == "channel" else True, getattr(row, name)),
                             reverse=descending)
            return ordered

        for text, keys in (
            ("purchase_date", [("purchase_date", False)]),
            ("purchase_date desc", [("purchase_date", True)]),
            ("channel, transaction_amount desc", [("channel", False), ("transaction_amount", True)]),
            ("channel desc,customer_id", [("channel", True), ("customer_id", False)]),
            ("transaction_id desc", [("transaction_id", True)]),
        ):
            with self.subTest(text):
                wanted = [row.transaction_id for row in by(*keys)]
                self.assertEqual([row.transaction_id for row in self.listed("transactions", order_by=text)], wanted)

    def test_a_token_belongs_to_its_filter_and_order(self):
        call = self.sales.transactions.ListTransactions
        token = self.answer(
            call, pb.ListTransactionsRequest(page_size=3, filter="customer_id > 0", order_by="channel")
        ).next_page_token
        for fields in ({}, {"filter": "customer_id > 0"}, {"filter": "customer_id > 0", "order_by": "channel desc"}):
            request = pb.ListTransactionsRequest(page_token=token, **fields)
            self.refused(StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID", call, request)

    def test_exports_are_filtered(self):
        call = self.sales.transactions.ExportTransactions
        batches = self.answer(call, pb.ExportTransactionsRequest(filter="customer_id = 3", after_transaction_id=40))
        got = [row for batch in batches for row in batch.transactions]
        self.assertEqual(got, [row for row in self.transactions if row.customer_id == 3 and row.transaction_id > 40])

    # External ids

    def test_external_ids_can_be_filtered_by_and_are_unique(self):
        self.assertEqual([row.product_sku for row in self.listed("products", filter='external_id = "SHOP-5"')], [5])
        self.assertEqual([row.customer_id for row in self.listed("customers", filter='external_id = "C:3"')], [3])
        self.assertEqual([row.transaction_id for row in self.listed("transactions", filter="external_id = T7")], [7])
        self.refused(
            StatusCode.ALREADY_EXISTS,
            "EXTERNAL_ID_EXISTS",
            self.catalog.customers.CreateCustomer,
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="A", last_name="B", external_id="C:3")),
            field="customer.external_id",
        )
        bought = rows.purchase(1, [(1, 1)], external_id="T7")
        self.refused(
            StatusCode.ALREADY_EXISTS,
            "EXTERNAL_ID_EXISTS",
            self.sales.transactions.RecordPurchase,
            bought,
            field="transaction.external_id",
        )
        bought.transaction.external_id = "T7-again"
        made = self.answer(self.sales.transactions.RecordPurchase, bought).transaction
        self.assertEqual(made.external_id, "T7-again")
        self.transactions.append(made)
        summary = rows.import_rows(
            self.sales, [pb.Transaction(transaction_id=900, customer_id=1, time_id=1, external_id="T7")]
        )
        self.assertEqual(summary.failed_count, 1)
        self.assertEqual(summary.errors[0].violations[0].reason, "EXTERNAL_ID_EXISTS")

    def test_csv_files_may_have_external_ids_but_need_none(self):
        with tempfile.TemporaryDirectory() as folder:
            self.ctl("export", folder)
            with open(pathlib.Path(folder) / "products.csv", newline="", encoding="utf-8") as file:
                exported = {row["product_sku"]: row["external_id"] for row in csv.DictReader(file)}
            self.assertEqual(exported["5"], "SHOP-5")
            self.assertEqual(exported["6"], "")
            self.ctl("import", folder)
        with tempfile.TemporaryDirectory() as folder:
            plain = "product_sku,product_name,price\n5,Product 5,5.25\n"
            (pathlib.Path(folder) / "products.csv").write_text(plain, encoding="utf-8")
            self.ctl("import", folder)
        self.assertEqual([row.product_sku for row in self.listed("products", filter="external_id:SHOP")], [5])


class LongRowsTest(ShopTest):
    """Rows with texts of maximum length, of which a thousand are more than a client accepts at once."""

    COUNT = 700

    @classmethod
    def populate(cls):
        long = "🛒" * 256
        texts = ("first_name", "last_name", "gender", "city", "income_level", "shopping_preference", "customer_segment")
        cls.customers = [
            pb.Customer(customer_id=number, **dict.fromkeys(texts, long)) for number in range(1, cls.COUNT + 1)
        ]
        summary = rows.import_rows(cls.shop.catalog.client, cls.customers, size=100)
        assert summary.created_count == cls.COUNT, summary

    def test_pages_of_long_rows_end_before_a_client_refuses_them(self):
        for fields in ({}, {"order_by": "city desc, customer_id desc"}, {"filter": "age != 7"}):
            with self.subTest(fields):
                got, token = [], ""
                while True:
                    asked = pb.ListCustomersRequest(page_size=1000, page_token=token, **fields)
                    page = self.answer(self.catalog.customers.ListCustomers, asked)
                    self.assertEqual(page.total_size, 0 if "filter" in fields else self.COUNT)
                    got += [customer.customer_id for customer in page.customers]
                    token = page.next_page_token
                    if not token:
                        break
                self.assertEqual(sorted(got), [] if "filter" in fields else list(range(1, self.COUNT + 1)))

    def test_exports_and_streams_send_all_long_rows(self):
        exported = rows.export(self.shop.catalog.client, "customers")
        self.assertEqual([row.customer_id for row in exported], list(range(1, self.COUNT + 1)))
        followed = pb.ListPopulationValuesRequest(min_catalog_revision=self.status(self.catalog).revision)
        self.answer(self.bundles.rules.ListPopulationValues, followed)

    def test_an_answer_too_large_for_a_client_is_refused_with_a_remedy(self):
        ids = list(range(1, self.COUNT + 1))
        few = self.answer(self.catalog.customers.BatchGetCustomers, pb.BatchGetCustomersRequest(customer_ids=ids[:300]))
        self.assertEqual(list(few.customers), rows.export(self.shop.catalog.client, "customers")[:300])
        many = pb.BatchGetCustomersRequest(customer_ids=ids)
        got = self.refused(
            StatusCode.RESOURCE_EXHAUSTED, "RESULT_LIMIT", self.catalog.customers.BatchGetCustomers, many
        )
        self.assertIn("ask for less at once", got.message)
