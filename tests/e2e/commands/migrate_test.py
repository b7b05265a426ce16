"""clustrctl migrate: a shop moves between SQLite and PostgreSQL, both ways, and whatever ends it can be begun again."""

import random
import threading
import time
import unittest

from harness import pb, rows
from harness.client import Refusal, outcome
from harness.servers import Server, Shop, eventually, shared_postgres
from whole.backup_test import Drill, status

ATTEMPTS = 6


class Migration(Drill):
    """A shop with some purchases, and an empty one on the other database."""

    def to(self, **addresses):
        """The flags that name the new servers."""
        given = {"catalog": self.new.catalog.address, "sales": self.new.sales.address, **addresses}
        return [f"--to-{name}={address}" for name, address in given.items()]

    def migrate(self, *flags, code=0):
        done = self.shop.ctl("migrate", *(flags or self.to()))
        self.assertEqual(done.returncode, code, done.stdout[-1000:] + done.stderr[-2000:])
        return done

    def pairs(self):
        return (self.shop.catalog, self.new.catalog), (self.shop.sales, self.new.sales)

    def assert_empty_or_whole(self):
        """Each server is restored as a whole or not at all."""
        for source, target in self.pairs():
            self.assertIn(status(target).revision, (0, status(source).revision))
            counts = dict(status(target).row_counts)
            self.assertIn(counts, (dict.fromkeys(counts, 0), dict(status(source).row_counts)))


class MigrateTest(Migration):
    """From files to PostgreSQL."""

    new_on_postgresql = True

    def test_everything_moves_and_a_second_run_compares(self):
        self.start(self.new)
        seen = list(self.shop.sales.client.baskets.StreamSales(pb.StreamSalesRequest()))[-1]
        done = self.migrate()
        self.assertEqual(self.exports(self.new), self.exports(self.shop))
        for source, target in self.pairs():
            self.assertEqual(status(target).revision, status(source).revision)
        self.assertIn("the same on both sides: catalog, sales", done.stdout)
        way = f"from {self.shop.catalog.address} to {self.new.catalog.address}"
        self.assertIn(f"catalog: all rows go {way}", done.stderr)
        self.assertNotIn("\r", done.stderr, "a bar is for terminals")
        replayed = self.new.sales.client.transactions.RecordPurchase(self.purchase)
        self.assertTrue(replayed.replayed)
        self.assertEqual(replayed.transaction, self.answer.transaction)
        resumed = outcome(
            self.new.sales.client.baskets.StreamSales,
            pb.StreamSalesRequest(after_revision=seen.revision, store_id=seen.store_id),
        )
        self.assertNotIsInstance(resumed, Refusal, "followers resume at the new server")
        # The digest is that of a backup of either side.
        moved = self.ctl(self.shop, "backup", self.file)
        digests = sorted(self.digests(done.stdout))
        self.assertEqual(len(digests), 2, done.stdout)
        self.assertEqual(sorted(self.digests(moved)), digests)

        again = self.migrate()
        self.assertIn("sales: was migrated before; compares", again.stderr)
        self.assertEqual(sorted(self.digests(again.stdout)), digests)

        fresh = self.new.sales.client.transactions.RecordPurchase(rows.purchase(3, [(1, 1)]))
        self.assertEqual(fresh.transaction.transaction_id, self.answer.transaction.transaction_id + 1)
        refused = self.migrate(code=3)
        self.assertIn("has or had other rows", refused.stderr)
        self.assertIn("start the target with a new --database", refused.stderr)

    def test_a_run_that_is_killed_can_be_begun_again(self):
        self.start(self.new)
        chance = random.Random(seed := random.randrange(100_000))
        print("seed", seed)
        for attempt in range(ATTEMPTS):
            running = self.shop.start_ctl("migrate", *self.to())
            time.sleep(chance.random() * 0.8)
            if attempt % 2:
                self.new.sales.kill()
            running.kill()
            running.communicate()
            if attempt % 2:
                self.new.sales.start()
            with self.subTest(attempt=attempt):
                self.assert_empty_or_whole()
        self.migrate()
        self.assertEqual(self.exports(self.new), self.exports(self.shop))

    def test_a_target_that_dies_in_the_middle_is_empty_and_said_so(self):
        self.start(self.new)
        running = self.shop.start_ctl("migrate", *self.to())
        eventually(lambda: status(self.new.catalog).revision or running.poll() is not None, 60, "catalog did not move")
        self.new.sales.kill()
        _, problem = running.communicate(timeout=60)
        self.new.sales.start()
        if running.returncode:  # Otherwise sales had moved already.
            self.assertIn(f"sales at {self.new.sales.address}", problem)
        self.assert_empty_or_whole()
        self.migrate()

    def test_what_is_refused(self):
        self.start(self.new)
        for flags, code, why in (
            ([], 2, "--to-catalog is missing"),
            (["--only=sales"], 2, "--to-sales is missing"),
            (["--to-catalog="], 2, "is missing"),
            (self.to(catalog=self.new.sales.address), 3, "is clustr-sales, not clustr-catalog; give another address"),
            (self.to(sales=self.shop.sales.address), 3, "have the same database"),
            (self.to(sales="127.0.0.1:1"), 3, "cannot be reached"),
        ):
            with self.subTest(flags=flags):
                done = self.shop.ctl("migrate", *flags)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(why, done.stderr)
        self.assert_empty(self.new)
        self.new.catalog.client.customers.CreateCustomer(
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="Own", last_name="Row"))
        )
        self.assertIn("has or had other rows", self.migrate(code=3).stderr)
        self.assertEqual(status(self.new.sales).revision, 0, "both are asked before one is changed")

    def test_rows_that_differ_at_the_same_revision_are_told(self):
        """Another shop with as many rows and revisions is found out by its digest."""
        self.start(self.new)
        for shop, name in ((self.shop, "One"), (self.new, "Two")):
            shop.sales.stop()
            shop.catalog.stop()
            server = Server("catalog", shop.folder / name)
            server.folder.mkdir()
            self.addCleanup(server.close)
            shop.catalog = server.start()
            server.client.customers.CreateCustomer(
                pb.CreateCustomerRequest(customer=pb.Customer(first_name=name, last_name="L"))
            )
        done = self.shop.ctl("migrate", "--only=catalog", f"--to-catalog={self.new.catalog.address}")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("the two sides differ: catalog at", done.stderr)

    def test_a_source_that_is_written_to_is_noticed(self):
        self.start(self.new)
        stop = threading.Event()

        def buy():
            while not stop.is_set():
                self.shop.sales.client.transactions.RecordPurchase(rows.purchase(1, [(2, 1)]))

        buyer = threading.Thread(target=buy)
        buyer.start()
        try:
            done = self.migrate(code=3)
        finally:
            stop.set()
            buyer.join()
        self.assertRegex(done.stderr, r"sales at \S+ was written to during the migration \(revision \d+ is now \d+\)")
        self.assertIn("stop what writes to the source, then migrate again", done.stderr)
        self.assertEqual(status(self.new.sales).revision, 0)
        self.migrate()

    def test_the_other_servers_of_the_target_notice_it(self):
        self.start(self.new)
        folder = self.new.folder / "second"
        folder.mkdir()
        first = self.new.sales
        second = Server("sales", folder, [self.new.catalog], None, first.environ, first.flags, first.database_url)
        self.addCleanup(second.close)
        second.start()
        follower = second.client.baskets.StreamSales(pb.StreamSalesRequest(follow=True))
        next(follower)
        self.migrate()
        revision = status(self.shop.sales).revision
        eventually(lambda: status(second).revision == revision, 10, lambda: status(second))
        ended = outcome(lambda _: list(follower), None)
        self.assertIsInstance(ended, Refusal, "a stream of the empty server ends")
        self.assertEqual(ended.code.name, "UNAVAILABLE")
        self.assertEqual(status(second).store_id, status(first).store_id)
        for model in ("transactions", "sales"):
            self.assertEqual(rows.export(second.client, model), rows.export(self.shop.sales.client, model))
        replayed = second.client.transactions.RecordPurchase(self.purchase)
        self.assertTrue(replayed.replayed)
        eventually(lambda: not status(second).problems, 30, lambda: status(second).problems)
        fresh = [
            server.client.transactions.RecordPurchase(rows.purchase(3, [(1, 1)])).transaction.transaction_id
            for server in (second, first, second)
        ]
        self.assertEqual(fresh, [self.answer.transaction.transaction_id + number for number in (1, 2, 3)])


class MigrateBackTest(Migration):
    """From PostgreSQL to files, and from there to PostgreSQL again."""

    shop_on_postgresql = True

    def test_everything_moves_there_and_back(self):
        self.start(self.new)
        there = self.migrate()
        self.assertEqual(self.exports(self.new), self.exports(self.shop))
        replayed = self.new.sales.client.transactions.RecordPurchase(self.purchase)
        self.assertTrue(replayed.replayed)
        first = sorted(self.digests(there.stdout))
        self.assertEqual(len(first), 2, there.stdout)
        third = Shop(shared_postgres())
        self.addCleanup(third.close)
        self.start(third)
        back = self.new.ctl(
            "migrate", f"--to-catalog={third.catalog.address}", f"--to-sales={third.sales.address}"
        )
        self.assertEqual(back.returncode, 0, back.stderr)
        self.assertEqual(sorted(self.digests(back.stdout)), first)
        self.assertEqual(self.exports(third), self.exports(self.shop))


if __name__ == "__main__":
    unittest.main()
