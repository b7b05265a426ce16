"""After kill -9 at any moment, nothing acknowledged is lost or doubled, and bundles counts exactly what sales holds."""

import collections
import itertools
import os
import random
import sqlite3
import threading
import time

import grpc

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.servers import eventually

MOMENTS = 50 if environment.LONG else 5
THREADS = 8
IMPORT_MESSAGE_ROWS = 100


class Buyers:
    """Threads that keep buying; each retries a purchase with its request id until it is acknowledged."""

    def __init__(self, shop, catalog_revision, marks):
        self.shop = shop
        self.catalog_revision = catalog_revision
        self.marks = marks
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged = {}  # guarded by lock: mark -> (request, transaction id)
        self.problems = []  # guarded by lock
        self.threads = [threading.Thread(target=self.buy, args=(number,)) for number in range(THREADS)]

    def buy(self, number):
        chance = random.Random(number)
        while not self.stopped.is_set():
            mark = next(self.marks)
            lines = [(sku, 1) for sku in chance.sample(range(1, 21), chance.randint(1, 5))]
            request = rows.purchase(
                1 + number,
                lines,
                time_id=chance.randint(1, 31),
                transaction_amount=mark / 100,
                request_id=f"kill-{mark}",
                min_catalog_revision=self.catalog_revision,
            )
            answer = self.record(request)
            with self.lock:
                if answer is None:
                    self.problems.append(f"purchase {mark} was never acknowledged")
                    return
                self.acknowledged[mark] = (request, answer.transaction.transaction_id)

    def record(self, request):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return self.shop.sales.client.transactions.RecordPurchase(request, timeout=10)
            except grpc.RpcError as error:
                if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                    with self.lock:
                        self.problems.append(f"{error.code()} {error.details()}")
                    return None
                self.stopped.wait(0.02)
        return None

    def count(self):
        with self.lock:
            return len(self.acknowledged)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join(90)


class KillTest(ShopTest):
    @classmethod
    def populate(cls):
        seed = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"CLUSTR_SEED={seed}", flush=True)
        cls.chance = random.Random(seed)
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(10), rows.timeframes(31))
        cls.marks = itertools.count(1)

    # Checks after any kill

    def check_purchases(self, buyers):
        self.assertEqual(buyers.problems, [])
        stored = collections.defaultdict(list)
        for header in rows.export(self.sales, "transactions"):
            stored[round(header.transaction_amount * 100)].append(header)
        lines = collections.defaultdict(list)
        for line in rows.export(self.sales, "sales"):
            lines[line.transaction_id].append((line.product_sku, line.quantity))
        doubled = [mark for mark, headers in stored.items() if len(headers) > 1 and mark in buyers.acknowledged]
        self.assertEqual(doubled, [], "recorded more than once")
        for mark, (request, transaction_id) in buyers.acknowledged.items():
            self.assertEqual(
                [header.transaction_id for header in stored[mark]],
                [transaction_id],
                f"purchase {mark} was acknowledged as {transaction_id}",
            )
            self.assertEqual(lines[transaction_id], [(line.product_sku, line.quantity) for line in request.sales])
        for mark in self.chance.sample(sorted(buyers.acknowledged), min(50, len(buyers.acknowledged))):
            request, transaction_id = buyers.acknowledged[mark]
            again = self.sales.transactions.RecordPurchase(request)
            self.assertTrue(again.replayed)
            self.assertEqual(again.transaction.transaction_id, transaction_id)

    def check_bundles(self):
        revisions = self.shop.revisions()
        verdict = list(
            self.bundles.rules.VerifyAssociationRules(pb.VerifyAssociationRulesRequest(**revisions), timeout=120)
        )[-1].verdict
        self.assertEqual(verdict.difference_count, 0, verdict)
        counted = self.bundles.rules.ListAssociationRules(
            pb.ListAssociationRulesRequest(page_size=1, **revisions)
        ).provenance.basket_count
        with sqlite3.connect(f"file:{self.shop.sales.database}?mode=ro", uri=True, timeout=30) as database:
            (stored,) = database.execute(
                "SELECT COUNT(DISTINCT transaction_id) FROM sales " "WHERE quantity > COALESCE(returned_quantity, 0)"
            ).fetchone()
        self.assertEqual(counted, stored)

    # Kills at random moments

    def kill_while_buying(self, server):
        buyers = Buyers(self.shop, self.catalog_revision, self.marks)
        with buyers:
            for _ in range(MOMENTS):
                before = buyers.count()
                self.let_pass(self.chance.uniform(0.05, 0.6))
                server.kill()
                server.start()
                self.reach(
                    lambda before=before: buyers.problems or buyers.count() > before + THREADS,
                    "purchases that go on after the restart",
                )
        self.assertGreater(buyers.count(), MOMENTS * THREADS)
        self.check_purchases(buyers)
        self.check_bundles()

    def let_pass(self, seconds):
        """Waits; only the moment of the kill depends on time here."""
        threading.Event().wait(seconds)

    def reach(self, condition, what):
        eventually(condition, 60, what)

    def test_killing_sales_loses_and_doubles_no_purchase_of_eight_threads(self):
        self.kill_while_buying(self.shop.sales)

    def test_killing_catalog_loses_and_doubles_no_purchase_of_eight_threads(self):
        self.kill_while_buying(self.shop.catalog)

    def test_killing_bundles_loses_and_doubles_no_purchase_of_eight_threads(self):
        self.kill_while_buying(self.shop.bundles)

    def kill_while_importing(self, server, batches):
        """Streams the batches repeatedly and kills the server each time, except the last, which must succeed."""
        messages = sum(-(-len(batch) // IMPORT_MESSAGE_ROWS) for batch in batches)
        broken = 0
        for moment in range(MOMENTS + 1):
            countdown = itertools.count(self.chance.randrange(messages * 3 // 4) if moment < MOMENTS else messages, -1)
            reached = threading.Event()
            outcomes = []
            thread = threading.Thread(target=self.send, args=(batches, countdown, reached, outcomes))
            thread.start()
            if moment < MOMENTS:
                self.assertTrue(reached.wait(60), "the import goes on")
                server.kill()
                server.start()
            thread.join(120)
            broken += isinstance(outcomes[-1], grpc.RpcError)
        if server is not self.shop.bundles:
            self.assertGreater(broken, 0, "no stream was cut")
        self.assertEqual(len(outcomes), len(batches), outcomes)
        for batch, summary in zip(batches, outcomes, strict=True):
            self.assertEqual(summary.failed_count, 0, summary)
            self.assertEqual(summary.created_count + summary.updated_count + summary.unchanged_count, len(batch))

    def send(self, batches, countdown, reached, outcomes):
        """Imports the batches one by one until one fails; sets `reached` at the message where the countdown is 0."""
        for batch in batches:
            options = {}
            if isinstance(batch[0], (pb.Transaction, pb.Sale)):
                options["min_catalog_revision"] = self.catalog_revision
            try:
                outcomes.append(
                    rows.import_rows(
                        self.client_of(batch),
                        batch,
                        IMPORT_MESSAGE_ROWS,
                        watch=lambda: next(countdown) or reached.set(),
                        **options,
                    )
                )
            except grpc.RpcError as error:
                outcomes.append(error)
                return

    def client_of(self, batch):
        return self.sales if isinstance(batch[0], (pb.Transaction, pb.Sale)) else self.catalog

    def big_import(self):
        first = 1_000_000 * next(self.marks) * 10
        headers = [
            pb.Transaction(
                transaction_id=first + number,
                customer_id=1 + number % 10,
                time_id=1 + number % 31,
                transaction_amount=0,
            )
            for number in range(5000)
        ]
        lines = [
            pb.Sale(
                sale_id=first + 10 * number + place,
                transaction_id=first + number,
                product_sku=1 + (number + place) % 20,
                quantity=1,
                unit_price=1,
                line_total=1,
            )
            for number in range(5000)
            for place in range(3)
        ]
        return headers, lines

    def check_import(self, batches):
        for batch in batches:
            model = {
                pb.Transaction: "transactions",
                pb.Sale: "sales",
                pb.Product: "products",
                pb.Customer: "customers",
            }[type(batch[0])]
            key = batch[0].DESCRIPTOR.fields[0].name
            stored = {getattr(row, key): row for row in rows.export(self.client_of(batch), model)}
            for row in batch:
                got = stored[getattr(row, key)]
                for field, value in row.ListFields():
                    self.assertEqual(getattr(got, field.name), value)

    def test_imports_complete_when_repeated_after_killing_sales(self):
        batches = self.big_import()
        self.kill_while_importing(self.shop.sales, batches)
        self.check_import(batches)
        self.check_bundles()

    def test_imports_complete_while_bundles_is_killed(self):
        batches = self.big_import()
        self.kill_while_importing(self.shop.bundles, batches)
        self.check_import(batches)
        self.check_bundles()

    def test_imports_complete_when_repeated_after_killing_catalog(self):
        batches = rows.products(5000, first=1_000_000), rows.customers(5000, first=1_000_000)
        self.kill_while_importing(self.shop.catalog, batches)
        self.check_import(batches)
        self.check_bundles()
