"""The SQL that the servers send to PostgreSQL uses what docs/scaling.md names, and all of that."""

import json
import unittest

from harness import environment, pb, rows
from harness.client import Refusal, outcome
from harness.postgres import LOG_STATEMENTS, Postgres
from harness.servers import Shop, eventually, free_port
from postgresql import sql_subset
from postgresql.two_users import TwoUsers

FILTERS = [
    "price > 2 AND price <= 8.5",
    'category = "Category 1" OR NOT brand = "Brand 2"',
    'product_name : "duct 1"',
    "brand = null OR category != null",
    "in_stock = true",
]
ORDERS = ["", "product_name desc", "brand, price desc"]


class SqlSubsetTest(unittest.TestCase):
    """Every call, on a PostgreSQL that logs what reaches it."""

    def setUp(self):
        if not sql_subset.has_parser():
            environment.missing("python3-pglast", "pglast")
        self.postgres = Postgres(free_port(), LOG_STATEMENTS)
        self.addCleanup(self.postgres.close)
        self.postgres.start()

    def shop(self):
        shop = Shop(self.postgres, two_users=True)
        self.addCleanup(shop.close)
        return shop.start()

    def live(self, shop):
        """Everything that a shop does in its life, once."""
        catalog, sales = shop.catalog.client, shop.sales.client
        revision = rows.import_catalog(shop, rows.products(20), rows.customers(10), rows.timeframes(31))
        rows.import_rows(catalog, rows.products(20, price=7))
        rows.import_rows(catalog, rows.products(20, price=8), validate_only=True)
        rows.import_rows(catalog, rows.products(5, first=30, external_id="")[:1])
        headers = [pb.Transaction(transaction_id=n, customer_id=1 + n % 10, time_id=1 + n % 31) for n in range(1, 50)]
        lines = [pb.Sale(sale_id=n, transaction_id=1 + n % 49, product_sku=1 + n % 20, quantity=2) for n in range(1, 200)]
        for _ in range(2):
            rows.import_rows(sales, headers, min_catalog_revision=revision)
            rows.import_rows(sales, lines)
            for line in lines:
                line.quantity += 1
        for index in range(5):
            order = rows.purchase(3, [(1, 2), (4, 1)], request_id=f"order-{index}", min_catalog_revision=revision)
            made = sales.transactions.RecordPurchase(order)
            self.assertTrue(sales.transactions.RecordPurchase(order).replayed)
        sales.sales.UpdateSale(pb.UpdateSaleRequest(sale=pb.Sale(sale_id=made.sales[0].sale_id, quantity=9)))
        sales.sales.ReturnSale(pb.ReturnSaleRequest(sale_id=7, quantity=1))
        sales.sales.DeleteSale(pb.DeleteSaleRequest(sale_id=9))
        sales.transactions.DeleteTransaction(pb.DeleteTransactionRequest(transaction_id=made.transaction.transaction_id))
        catalog.products.UpdateProduct(pb.UpdateProductRequest(product=pb.Product(product_sku=1, price=9)))
        catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=20))
        unknown = pb.UpdateProductRequest(product=pb.Product(product_sku=999, price=9))
        self.assertIsInstance(outcome(catalog.products.UpdateProduct, unknown), Refusal)
        catalog.customers.CreateCustomer(
            pb.CreateCustomerRequest(request_id="ada", customer=pb.Customer(external_id="ada", first_name="A", last_name="L"))
        )
        catalog.customers.GetCustomer(pb.GetCustomerRequest(external_id="ada"))
        catalog.customers.EraseCustomer(pb.EraseCustomerRequest(external_id="ada"))
        for text in FILTERS:
            for order in ORDERS:
                page = catalog.products.ListProducts(pb.ListProductsRequest(filter=text, order_by=order, page_size=1))
                catalog.products.ListProducts(
                    pb.ListProductsRequest(filter=text, order_by=order, page_size=1, page_token=page.next_page_token)
                )
        for client, model in ((catalog, "products"), (sales, "transactions"), (sales, "sales")):
            self.assertTrue(rows.export(client, model))
        list(sales.baskets.StreamSales(pb.StreamSalesRequest()))
        list(catalog.changes.StreamCatalog(pb.StreamCatalogRequest()))
        sales.analytics.GetSalesSummary(pb.GetSalesSummaryRequest())
        sales.analytics.VerifySalesFigures(pb.VerifySalesFiguresRequest())
        backup = shop.folder / "backup"
        self.assertEqual(shop.ctl("backup", backup).returncode, 0)
        return backup

    def let_catalog_go_back(self, shop, other):
        """The catalog of `other` lacks the newest rows, to which sales refers; it takes the place of the shop's own."""
        create = pb.CreateProductRequest(product=pb.Product(product_name="Cap", price=1))
        made = shop.catalog.client.products.CreateProduct(create).product
        order = rows.purchase(3, [(made.product_sku, 1)], min_catalog_revision=made.revision)
        shop.sales.client.transactions.RecordPurchase(order)
        for server in (other.catalog, shop.catalog):
            server.stop()
        shop.catalog.database_url = other.catalog.database_url
        shop.catalog.start()

        def problems():
            return "\n".join(shop.sales.client.admin.GetStatus(pb.GetStatusRequest()).problems)

        eventually(lambda: "catalog went back" in problems(), 20, problems)

    def test_the_page_names_what_is_used_and_nothing_else(self):
        shop = self.shop()
        backup = self.live(shop)
        other = self.shop()
        done = other.ctl("restore", backup)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.let_catalog_go_back(shop, other)
        # A table of an older version, which is upgraded.
        users = TwoUsers(self.postgres, "catalog")
        users.make_tables()
        users.sql(
            "ALTER TABLE products DROP COLUMN brand; DELETE FROM clustr_columns WHERE column_name = 'brand';"
            "ALTER TABLE products RENAME COLUMN category TO kind;"
            "UPDATE clustr_columns SET column_name = 'kind' WHERE column_name = 'category' AND table_name = 'products';"
            "DROP INDEX products_external_id; CREATE INDEX products_external_id ON products (external_id)"
        )
        users.make_tables()
        seen = sql_subset.found(self.postgres.statements)
        self.assertEqual(seen, sql_subset.documented(), "docs/scaling.md must have:\n" + sql_subset.block(seen))

    def test_what_is_not_known_is_found(self):
        log = self.postgres.folder / "made.json"
        entry = {"application_name": "clustr", "message": "execute st_1: MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE"}
        log.write_text(json.dumps(entry) + "\n")
        self.assertEqual(sql_subset.unknown(log), {"statements": ["MERGE"]})
