"""catalog and sales on PostgreSQL: several servers on one database, a database server that goes away, and what only
files can do."""

import collections
import threading
import time

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.postgres import Postgres
from harness.servers import Server, Shop, eventually, free_port

CALLERS = 8
PURCHASES = 40  # of each caller
PATIENCE_SECONDS = 120
AGAIN = (StatusCode.UNAVAILABLE, StatusCode.DEADLINE_EXCEEDED)


class PostgresqlTest(ShopTest):
    """The shop with a second catalog and a second sales on the same databases."""

    @classmethod
    def setUpClass(cls):
        super(ShopTest, cls).setUpClass()
        cls.postgres = Postgres(free_port())
        cls.addClassCleanup(cls.postgres.close)
        cls.postgres.start()
        cls.shop = Shop(cls.postgres)
        cls.addClassCleanup(cls.shop.close)
        cls.shop.start()
        cls.second = {}
        for name, upstreams in (("catalog", []), ("sales", [cls.shop.catalog])):
            first = getattr(cls.shop, name)
            folder = cls.shop.folder / f"second-{name}"
            folder.mkdir()
            server = Server(name, folder, upstreams, environ=first.environ, database_url=first.database_url)
            cls.addClassCleanup(server.close)
            cls.second[name] = server.start()
        cls.revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(10), rows.timeframes(31))

    def record(self, client, request_id, customer=1):
        request = rows.purchase(customer, [(1, 1), (2, 2)], request_id=request_id, min_catalog_revision=self.revision)
        return client.transactions.RecordPurchase(request, timeout=10)

    # Several servers

    def test_a_row_is_current_at_every_server_at_once(self):
        other = self.second["catalog"].client
        for number in range(50):
            writer, reader = (self.catalog, other) if number % 2 else (other, self.catalog)
            update = pb.UpdateProductRequest(product=pb.Product(product_sku=3, price=number + 1))
            changed = self.answer(writer.products.UpdateProduct, update).product
            read = self.answer(reader.products.GetProduct, pb.GetProductRequest(product_sku=3)).product
            self.assertEqual(read, changed)

    def test_servers_share_one_history_and_streams_resume_at_any(self):
        other = self.second["catalog"].client
        self.assertEqual(self.status(self.catalog).store_id, self.status(other).store_id)
        head = self.answer(self.catalog.changes.StreamCatalog, pb.StreamCatalogRequest())[-1]
        changed = self.answer(
            other.products.UpdateProduct, pb.UpdateProductRequest(product=pb.Product(product_sku=4, price=99))
        ).product

        def seen():
            request = pb.StreamCatalogRequest(after_revision=head.revision, store_id=head.store_id)
            messages = self.answer(self.catalog.changes.StreamCatalog, request)
            return [change.product for message in messages for change in message.changes]

        eventually(lambda: seen() == [changed], 5, seen)

    def test_a_request_id_counts_at_every_server(self):
        first = self.record(self.sales, "once-for-all")
        again = self.record(self.second["sales"].client, "once-for-all")
        self.assertTrue(again.replayed)
        self.assertEqual(again.transaction, first.transaction)

    def test_a_page_of_one_server_is_continued_at_another(self):
        request = pb.ListProductsRequest(page_size=7, order_by="product_name desc")
        found = []
        for turn in range(3):
            client = self.second["catalog"].client if turn % 2 else self.catalog
            page = self.answer(client.products.ListProducts, request)
            found += [product.product_sku for product in page.products]
            request.page_token = page.next_page_token
        self.assertEqual(sorted(found), list(range(1, 21)))

    def test_purchases_at_both_servers_are_numbered_in_turn_and_reach_bundles(self):
        before = len(list(rows.export(self.sales, "transactions")))
        made, problems = collections.deque(), []

        def record_all(number, client):
            for index in range(PURCHASES):
                try:
                    made.append(self.record(client, f"both-{number}-{index}"))
                except grpc.RpcError as error:
                    problems.append(str(error))

        clients = [self.sales, self.second["sales"].client]
        threads = [threading.Thread(target=record_all, args=(n, clients[n % 2])) for n in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        self.assertEqual(len({answer.transaction.transaction_id for answer in made}), CALLERS * PURCHASES)
        self.assertEqual(len({answer.revision for answer in made}), CALLERS * PURCHASES)
        self.assertEqual(len(list(rows.export(self.sales, "transactions"))), before + CALLERS * PURCHASES)
        newest = max(answer.revision for answer in made)
        explained = self.answer(
            self.bundles.rules.ExplainAssociationRule,
            pb.ExplainAssociationRuleRequest(antecedents=[1], consequents=[2], min_sales_revision=newest),
        )
        self.assertEqual(explained.rule.count_ab, before + CALLERS * PURCHASES)

    def test_figures_of_each_server_hold_what_all_have_written(self):
        clients = [self.sales, self.second["sales"].client]
        request = pb.GetSalesSummaryRequest()
        count = self.answer(clients[0].analytics.GetSalesSummary, request).transaction_count
        for number in range(1, 41):
            self.record(clients[number % 2], f"figures-{number}")
            told = [self.answer(client.analytics.GetSalesSummary, request) for client in clients]
            self.assertEqual([one.transaction_count for one in told], [count + number] * 2)
        for client in clients:
            found = self.answer(client.analytics.VerifySalesFigures, pb.VerifySalesFiguresRequest())
            self.assertEqual((found.sums_kept, found.difference_count), (True, 0), found)

    # A database server that goes away

    def test_nothing_is_lost_or_doubled_when_the_database_server_crashes(self):
        answers, problems, unreachable = collections.defaultdict(list), [], []

        def record_all(number):
            for index in range(PURCHASES):
                request_id = f"crash-{number}-{index}"
                end = time.monotonic() + PATIENCE_SECONDS
                while True:
                    client = self.sales if (number + index) % 2 else self.second["sales"].client
                    try:
                        answers[request_id].append(self.record(client, request_id, customer=2))
                        break
                    except grpc.RpcError as error:
                        if error.code() not in AGAIN or time.monotonic() > end:
                            problems.append(f"{error.code()} {error.details()}")
                            return
                        unreachable.append(error)
                        time.sleep(0.05)

        threads = [threading.Thread(target=record_all, args=(number,)) for number in range(CALLERS)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(answers) > CALLERS * PURCHASES / 4 or problems, 60, "purchases")
        self.postgres.crash()
        get = pb.GetProductRequest(product_sku=1)
        self.refused(StatusCode.UNAVAILABLE, "DATABASE_UNREACHABLE", self.catalog.products.GetProduct, get)
        self.assertRegex("\n".join(self.status(self.catalog).problems), "could not be reached")
        self.postgres.start()
        for thread in threads:
            thread.join(2 * PATIENCE_SECONDS)
        self.assertEqual(problems, [])
        self.assertTrue(unreachable, "no call met the crash")
        stored = [row for row in rows.export(self.sales, "transactions") if row.customer_id == 2]
        ids = {answer.transaction.transaction_id for each in answers.values() for answer in each}
        self.assertEqual({row.transaction_id for row in stored}, ids)
        self.assertEqual(len(stored), CALLERS * PURCHASES)
        eventually(lambda: not self.status(self.catalog).problems, 30, lambda: self.status(self.catalog).problems)

    # What PostgreSQL does instead

    def test_an_erased_customer_leaves_traces_that_are_told(self):
        made = self.answer(
            self.catalog.customers.CreateCustomer,
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L")),
        ).customer
        erased = self.answer(self.catalog.customers.EraseCustomer, pb.EraseCustomerRequest(id=made.customer_id))
        self.assertTrue(erased.traces_remain)

    def test_the_password_is_in_no_log(self):
        password = self.postgres.passfile.read_text().strip().split(":")[-1]
        for server in (self.shop.catalog, self.shop.sales, *self.second.values()):
            self.assertNotIn(password, server.log.read_text(errors="replace"))
