"""PgBouncer between the servers and PostgreSQL: it keeps a session for a client, or is refused when a server starts."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import environment, pb, rows
from harness.client import Refusal, outcome
from harness.postgres import PROGRAMS
from harness.servers import Server, eventually, shared_postgres
from postgresql.pooler import Pooler

STARTS = 10
#: What other clients do all the time while a server starts.
BUSY = "SELECT pg_sleep(0.002) \\watch 0.001\n"


class PoolerTest(unittest.TestCase):
    """Each test has a PgBouncer of its own."""

    @classmethod
    def setUpClass(cls):
        os.environ["PATH"] += ":/usr/sbin"
        cls.program = environment.tool("pgbouncer")

    def setUp(self):
        self.postgres = shared_postgres()
        folder = tempfile.TemporaryDirectory(prefix="clustr-pooler-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def pooler(self, *settings):
        pooler = Pooler(self.program, self.postgres, *settings)
        self.addCleanup(pooler.close)
        return pooler.start()

    def server(self, name, address, upstreams=()):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        environ = {"PGPASSFILE": str(self.postgres.passfile)}
        server = Server(name.split("-")[0], folder, upstreams, environ=environ, database_url=address)
        self.addCleanup(server.close)
        return server

    def refusal_of(self, server):
        server.launch()
        self.addCleanup(server.kill)
        self.assertEqual(server.process.wait(60), 2)
        server.process = None
        return server.log.read_text(errors="replace").splitlines()[-1]

    def databases(self, pooler, count):
        return [pooler.address(self.postgres.new_database().rpartition("/")[2]) for _ in range(count)]

    def test_a_session_for_each_client_is_all_that_is_needed(self):
        pooler = self.pooler("pool_mode = session", "default_pool_size = 100")
        for_catalog, for_sales = self.databases(pooler, 2)
        catalog = self.server("catalog", for_catalog).start()
        sales = [self.server(f"sales-{number}", for_sales, [catalog]).start() for number in range(2)]
        rows.import_rows(catalog.client, rows.products(20))
        rows.import_rows(catalog.client, rows.customers(5))
        revision = catalog.client.admin.GetStatus(pb.GetStatusRequest()).revision
        for number in range(1, 41):
            purchase = rows.purchase(1, [(1, 1), (2, 2)], request_id=f"once-{number}", min_catalog_revision=revision)
            made = sales[number % 2].client.transactions.RecordPurchase(purchase)
            again = sales[1 - number % 2].client.transactions.RecordPurchase(purchase)
            self.assertEqual((again.replayed, again.transaction), (True, made.transaction))
        self.assertEqual(len(rows.export(sales[0].client, "transactions")), 40)

        pooler.kill()
        purchase = rows.purchase(1, [(1, 1)], request_id="during", min_catalog_revision=revision)
        refused = outcome(sales[0].client.transactions.RecordPurchase, purchase)
        self.assertIsInstance(refused, Refusal)
        pooler.start()

        def recorded():
            return not isinstance(outcome(sales[0].client.transactions.RecordPurchase, purchase), Refusal)

        eventually(recorded, 30, "a purchase through the new PgBouncer")
        self.assertEqual(len(rows.export(sales[1].client, "transactions")), 41)

    def test_a_session_that_is_lent_for_less_is_refused_at_the_start(self):
        for mode in ("transaction", "statement"):
            for order in ("server_round_robin = 0", "server_round_robin = 1"):
                with self.subTest(mode=mode, order=order):
                    pooler = self.pooler(f"pool_mode = {mode}", order)
                    (address,) = self.databases(pooler, 1)
                    said = self.refusal_of(self.server("catalog", address))
                    self.assertRegex(said, "cannot use postgresql://.*does not keep a session.*set pool_mode = session")

    def test_other_clients_of_the_pooler_do_not_hide_what_it_does(self):
        for order in ("server_round_robin = 0", "server_round_robin = 1"):
            pooler = self.pooler("pool_mode = transaction", order)
            (address,) = self.databases(pooler, 1)
            for _ in range(3):
                client = subprocess.Popen(
                    [PROGRAMS / "psql", address, "-f", "-"],
                    env={**os.environ, "PGPASSFILE": str(self.postgres.passfile)},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                self.addCleanup(client.wait)
                self.addCleanup(client.kill)
                client.stdin.write(BUSY.encode())
                client.stdin.close()
            server = self.server("catalog", address)
            for _ in range(STARTS):
                self.assertIn("does not keep a session", self.refusal_of(server))

    def test_a_pool_that_is_too_small_is_refused_at_the_start(self):
        pooler = self.pooler("pool_mode = session", "default_pool_size = 1", "query_wait_timeout = 2")
        (address,) = self.databases(pooler, 1)
        self.assertRegex(self.refusal_of(self.server("catalog", address)), "gives no second session .*query_wait_timeout")
