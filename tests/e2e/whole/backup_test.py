"""Backups: made while writes go on, restored into empty servers as a whole or not at all, followed by other servers; and
docs/backup.md line by line."""

import os
import random
import re
import signal
import stat
import subprocess
import threading
import unittest

import grpc
from grpc import StatusCode

from harness import environment, pb, rows, servers
from harness.client import Refusal, outcome

PAGE = environment.ROOT / "docs" / "backup.md"
MARK = "---- block"
LINES = 20_000


def status(server):
    return server.client.admin.GetStatus(pb.GetStatusRequest())


class Drill(unittest.TestCase):
    """A shop with some purchases, and a second, empty one."""

    #: True where catalog and sales of the shop, and of the new one, keep their rows in PostgreSQL, as users who may only
    #: read and write rows.
    shop_on_postgresql = new_on_postgresql = False

    def setUp(self):
        self.shop, self.new = (
            servers.Shop(servers.shared_postgres() if on_postgresql else None, two_users=on_postgresql)
            for on_postgresql in (self.shop_on_postgresql, self.new_on_postgresql)
        )
        self.addCleanup(self.shop.close)
        self.addCleanup(self.new.close)
        self.start(self.shop)
        self.file = self.shop.folder / "shop.backup"
        revision = rows.import_catalog(self.shop, rows.products(30), rows.customers(20), rows.timeframes(31))
        headers = [
            pb.Transaction(transaction_id=n, customer_id=1 + n % 20, time_id=1 + n % 31) for n in range(1, LINES // 4)
        ]
        lines = [
            pb.Sale(sale_id=n, transaction_id=1 + n % len(headers), product_sku=1 + n * 7 % 30, quantity=2)
            for n in range(1, LINES)
        ]
        rows.import_rows(self.shop.sales.client, headers, min_catalog_revision=revision)
        rows.import_rows(self.shop.sales.client, lines, 5000)
        self.shop.sales.client.sales.ReturnSale(pb.ReturnSaleRequest(sale_id=7, quantity=1))
        self.purchase = rows.purchase(3, [(1, 2), (4, 1)], request_id="remembered")
        self.answer = self.shop.sales.client.transactions.RecordPurchase(self.purchase)
        self.shop.catalog.client.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=20))

    @staticmethod
    def start(shop):
        for server in (shop.catalog, shop.sales):
            server.start()

    def ctl(self, shop, *arguments, code=0):
        done = shop.ctl(*map(str, arguments))
        self.assertEqual(done.returncode, code, done.stdout[-1000:] + done.stderr[-2000:])
        return done.stdout if code == 0 else done.stderr

    def digests(self, text):
        return re.findall(r"(?m)^(catalog|sales) .* ([0-9a-f]{16})$", text.replace("  ", " "))

    def exports(self, shop):
        return [
            rows.export(server.client, model)
            for server, models in (
                (shop.catalog, ("products", "customers", "timeframes")),
                (shop.sales, ("transactions", "sales")),
            )
            for model in models
        ]

    def assert_empty(self, shop):
        for server in (shop.catalog, shop.sales):
            self.assertEqual(status(server).revision, 0)
            self.assertFalse(any(status(server).row_counts.values()))


class BackupTest(Drill):
    def test_everything_comes_back_and_followers_go_on(self):
        stop = threading.Event()
        written = []

        def buy():
            while not stop.is_set():
                answer = self.shop.sales.client.transactions.RecordPurchase(rows.purchase(1, [(2, 1)]))
                written.append(answer.transaction.transaction_id)

        buyer = threading.Thread(target=buy)
        buyer.start()
        shown = self.ctl(self.shop, "backup", self.file)
        stop.set()
        buyer.join()
        self.assertTrue(written, "writes go on while the backup is made")
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.assertIn("there is such a file", self.ctl(self.shop, "backup", self.file, code=3))
        shown = self.ctl(self.shop, "backup", self.file, "--force")
        before = self.exports(self.shop)
        revisions = [status(server).revision for server in (self.shop.catalog, self.shop.sales)]

        self.start(self.new)
        self.new.bundles.start()
        restored = self.ctl(self.new, "restore", self.file)
        self.assertEqual(len(self.digests(shown)), 2, shown)
        self.assertEqual(sorted(self.digests(shown)), sorted(self.digests(restored)))
        self.assertEqual(self.exports(self.new), before)
        self.assertEqual([status(server).revision for server in (self.new.catalog, self.new.sales)], revisions)
        replayed = self.new.sales.client.transactions.RecordPurchase(self.purchase)
        self.assertTrue(replayed.replayed)
        self.assertEqual(replayed.transaction, self.answer.transaction)
        again = self.ctl(self.new, "backup", self.new.folder / "again.backup")
        self.assertEqual(sorted(self.digests(again)), sorted(self.digests(shown)))

        # Bundles followed the empty servers and now counts what they hold.
        def counted():
            answer = status(self.new.bundles)
            return answer.revision == revisions[1] and all(up.connected and not up.lag.seconds for up in answer.upstreams)

        servers.eventually(counted, 60, lambda: f"bundles did not follow\n{status(self.new.bundles)}")
        self.assertEqual(status(self.new.bundles).row_counts["baskets"], status(self.new.sales).row_counts["transactions"])
        # Sales does not take its catalog for another one, and gives no id out twice.
        servers.eventually(lambda: not status(self.new.sales).problems, 30, lambda: status(self.new.sales).problems)
        fresh = self.new.sales.client.transactions.RecordPurchase(rows.purchase(3, [(1, 1)]))
        self.assertEqual(fresh.transaction.transaction_id, max(written[-1], replayed.transaction.transaction_id) + 1)
        created = self.new.catalog.client.customers.CreateCustomer(
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="New", last_name="Here"))
        )
        self.assertEqual(created.customer.customer_id, 21)

    def test_a_follower_of_the_lost_server_resumes_or_starts_over(self):
        seen = list(self.shop.sales.client.baskets.StreamSales(pb.StreamSalesRequest()))[-1]
        self.ctl(self.shop, "backup", self.file)
        self.shop.sales.client.transactions.RecordPurchase(rows.purchase(1, [(2, 1)]))
        later = list(self.shop.sales.client.baskets.StreamSales(pb.StreamSalesRequest()))[-1]
        self.start(self.new)
        self.ctl(self.new, "restore", self.file)
        stream = self.new.sales.client.baskets.StreamSales
        resumed = outcome(stream, pb.StreamSalesRequest(after_revision=seen.revision, store_id=seen.store_id))
        self.assertNotIsInstance(resumed, Refusal)
        refused = outcome(stream, pb.StreamSalesRequest(after_revision=later.revision, store_id=later.store_id))
        self.assertIsInstance(refused, Refusal)
        self.assertEqual(refused.reason, "RESUME_REFUSED")

    def test_a_server_killed_in_the_middle_is_empty_afterwards(self):
        self.ctl(self.shop, "backup", self.file)
        self.start(self.new)
        chunks = [answer.chunk for answer in self.shop.sales.client.admin.Backup(pb.BackupRequest())]
        self.assertGreater(len(chunks), 8)
        sent = threading.Event()
        ending = threading.Event()

        def half():
            for chunk in chunks[: len(chunks) // 2]:
                yield pb.RestoreRequest(chunk=chunk)
            sent.set()
            ending.wait(30)

        def restore():
            outcome(self.new.sales.client.admin.Restore, half(), timeout=60)

        caller = threading.Thread(target=restore)
        caller.start()
        self.assertTrue(sent.wait(30))
        self.assertEqual(status(self.new.sales).revision, 0, "nothing is seen before the end")
        self.new.sales.kill()
        ending.set()
        caller.join()
        self.new.sales.start()
        self.assert_empty(self.new)
        self.ctl(self.new, "restore", self.file)

    def test_a_client_that_goes_away_leaves_the_server_empty(self):
        self.start(self.new)
        chunks = [answer.chunk for answer in self.shop.sales.client.admin.Backup(pb.BackupRequest())]
        begun = threading.Event()

        def part():
            yield pb.RestoreRequest(chunk=chunks[0])
            yield pb.RestoreRequest(chunk=chunks[1])
            begun.set()
            threading.Event().wait(5)

        call = self.new.sales.client.raw("/clustr.ops.v1.AdminService/Restore", "stream_unary")
        future = call.future(message.SerializeToString() for message in part())
        self.assertTrue(begun.wait(30))
        future.cancel()
        self.assert_empty(self.new)

        def free_again():
            refused = outcome(self.new.sales.client.admin.Restore, iter([pb.RestoreRequest(chunk=chunks[1])]))
            return refused.reason == "BACKUP_REFUSED"  # And no longer QUOTA.

        servers.eventually(free_again, 10, "the restore that was cancelled has not ended")

    def test_damaged_files_are_refused_before_anything_is_sent(self):
        self.ctl(self.shop, "backup", self.file)
        good = self.file.read_bytes()
        self.start(self.new)
        chance = random.Random(seed := random.randrange(100_000))
        print("seed", seed)
        bad = self.shop.folder / "bad.backup"
        for number in range(100 if environment.LONG else 20):
            data = bytearray(good)
            place = chance.randrange(len(data))
            kind = number % 4
            if kind == 0:
                data[place] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del data[place:]
            elif kind == 2:
                del data[place : place + chance.randint(1, 5000)]
            else:
                data[place:place] = data[:100] if place % 2 else b"x"
            bad.write_bytes(data)
            with self.subTest(number=number, kind=kind, place=place):
                self.assertIn("bad.backup: ", self.ctl(self.new, "restore", bad, code=3))
        self.assert_empty(self.new)
        self.ctl(self.new, "restore", "--check", self.file)
        self.assert_empty(self.new)

    def test_only_into_the_right_empty_server(self):
        self.ctl(self.shop, "backup", self.file)
        self.assertIn("has or had rows", self.ctl(self.shop, "restore", self.file, code=3))
        self.start(self.new)
        chunks = [answer.chunk for answer in self.shop.sales.client.admin.Backup(pb.BackupRequest())]
        refused = outcome(self.new.catalog.client.admin.Restore, (pb.RestoreRequest(chunk=chunk) for chunk in chunks))
        self.assertEqual((refused.code, refused.reason), (grpc.StatusCode.FAILED_PRECONDITION, "BACKUP_REFUSED"))
        self.assertIn("this is a backup of clustr-sales", refused.message)
        refused = outcome(self.shop.sales.client.admin.Restore, (pb.RestoreRequest(chunk=chunk) for chunk in chunks))
        self.assertEqual(refused.reason, "NOT_EMPTY")
        self.assert_empty(self.new)
        self.shop.bundles.start()
        refused = outcome(self.shop.bundles.client.admin.Backup, pb.BackupRequest())
        self.assertEqual(refused.reason, "BACKUP_REFUSED")
        self.assertIn("owns no rows", refused.message)

    def test_an_interrupted_backup_leaves_no_file(self):
        big = subprocess.Popen(self.shop._ctl_command(["backup", str(self.file)]))  # pylint: disable=protected-access
        big.send_signal(signal.SIGKILL)
        big.wait()
        self.assertFalse(self.file.exists() and big.returncode != 0)
        self.shop.sales.kill()
        self.assertIn("sales", self.ctl(self.shop, "backup", self.file, code=3))
        self.assertEqual([path.name for path in self.shop.folder.glob("shop.backup*")], [])


class BackupOnPostgresqlTest(BackupTest):
    """The same between databases of PostgreSQL."""

    shop_on_postgresql = new_on_postgresql = True


class IdleRestoreTest(Drill):
    def test_a_client_that_sends_nothing_gives_its_place_back(self):
        release = threading.Event()

        def nothing():
            release.wait(120)
            yield from ()

        self.addCleanup(release.set)
        self.start(self.new)
        error = self.new.sales.client.admin.Restore.future(nothing(), timeout=110).exception(timeout=110)
        self.assertEqual(error.code(), StatusCode.FAILED_PRECONDITION)
        self.assertIn("bytes a second came for 30s, or one message took more than 5m; send it again", error.details())


class PageTest(Drill):
    def test_every_line_of_the_page_works(self):
        """Runs docs/backup.md: the drill, from the loss of a shop to its return."""
        self.start(self.new)
        text = PAGE.read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\n(.*?)```\n(?:```output\n(.*?)```)?", text, re.S)
        self.assertGreater(len(blocks), 3)
        script = "set -euo pipefail\n" + "".join(f"echo '{MARK}'\n{commands}" for commands, _ in blocks)
        binaries = environment.BUILD / "bin"
        done = subprocess.run(
            ["bash"],
            input=script,
            cwd=self.shop.folder,
            env={
                **os.environ,
                "PATH": f"{binaries}:{os.environ['PATH']}",
                "CLUSTR_CATALOG": self.shop.catalog.address,
                "CLUSTR_SALES": self.shop.sales.address,
                "NEW_CATALOG": self.new.catalog.address,
                "NEW_SALES": self.new.sales.address,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        for (commands, expected), printed in zip(blocks, done.stdout.split(MARK)[1:], strict=True):
            for line in expected.splitlines():
                with self.subTest(commands=commands, line=line):
                    self.assertIn(line, printed)


if __name__ == "__main__":
    unittest.main()
