"""Servers that start at once on a database without tables: one of them makes the tables, and all serve them."""

import pathlib
import tempfile
import unittest

from harness import environment, pb
from harness.servers import Server, shared_postgres

ROUNDS = 20 if environment.LONG else 4
SERVERS = 4


class StartTest(unittest.TestCase):
    """Real processes, all started before any of them is waited for."""

    def started(self, service, folder, address, upstreams=()):
        """Starts servers on one database at once and waits until all serve."""
        servers = []
        for number in range(SERVERS):
            own = folder / f"{service}-{number}"
            own.mkdir()
            environ = {"PGPASSFILE": str(shared_postgres().passfile)}
            servers.append(Server(service, own, upstreams, environ=environ, database_url=address))
            self.addCleanup(servers[-1].close)
        for server in servers:
            server.launch()
        for server in servers:
            server.wait()
        return servers

    def assert_one_history(self, servers, address):
        store_ids = {server.client.admin.GetStatus(pb.GetStatusRequest()).store_id for server in servers}
        self.assertEqual(len(store_ids), 1)
        database = address.rpartition("/")[2]
        self.assertEqual(shared_postgres().sql("SELECT count(*) FROM clustr_histories", database), "1")

    def test_servers_that_start_at_once_share_tables_and_history(self):
        for turn in range(ROUNDS):
            with self.subTest(round=turn), tempfile.TemporaryDirectory(prefix="clustr-start-") as name:
                address = shared_postgres().new_database()
                catalogs = self.started("catalog", pathlib.Path(name), address)
                self.assert_one_history(catalogs, address)
                for number, catalog in enumerate(catalogs):
                    create = pb.CreateProductRequest(product=pb.Product(product_name="Cap", price=1))
                    made = catalog.client.products.CreateProduct(create).product
                    self.assertEqual(made.revision, number + 1)
                address = shared_postgres().new_database()
                sales = self.started("sales", pathlib.Path(name), address, [catalogs[0]])
                self.assert_one_history(sales, address)
                for server in sales + catalogs:
                    server.close()
