"""Real servers on databases of every schema since the first, and on those of a newer version."""

import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from harness import environment, pb, rows, servers

GOLDEN = environment.ROOT / "tests" / "common" / "storage" / "golden"
SERVICES = ("catalog", "sales", "bundles")
COUNTS = {
    "catalog": {"products": 2, "customers": 1, "timeframe": 1},
    "sales": {"transactions": 1, "sales": 1},
    "bundles": {"bundle_rules": 1},
}


def schemas():
    """The numbers of the schemas of which there is a golden database."""
    return sorted({int(re.search(r"_(\d+)", path.name)[1]) for path in GOLDEN.glob("*.sql")})


def make(service, schema, path):
    with sqlite3.connect(path) as database:
        database.executescript((GOLDEN / f"{service}_{schema}.sql").read_text(encoding="utf-8"))
    database.close()


def structure(path):
    """Every table and index of a database, as the statement that makes it."""
    database = sqlite3.connect(path)
    found = {re.sub(r"\s+", "", sql) for (sql,) in database.execute("SELECT sql FROM sqlite_master") if sql}
    database.close()
    return found


class UpgradeTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def shop(self, schema):
        """Three servers whose databases have a schema; with None, new ones."""
        folder = self.folder / str(schema)
        folder.mkdir()
        catalog = servers.Server("catalog", folder)
        sales = servers.Server("sales", folder, [catalog])
        bundles = servers.Server("bundles", folder, [catalog, sales], flags=["--train=off"])
        for server in (catalog, sales, bundles):
            self.addCleanup(server.close)
            if schema is not None:
                make(server.name, schema, server.database)
        for server in (catalog, sales, bundles):
            server.launch()
        for server in (catalog, sales, bundles):
            server.wait()
        return {server.name: server for server in (catalog, sales, bundles)}

    def test_servers_go_on_with_databases_of_each_schema(self):
        self.assertEqual(schemas(), list(range(1, 7)))
        for schema in schemas():
            with self.subTest(schema=schema):
                shop = self.shop(schema)
                for name in ("catalog", "sales"):
                    status = shop[name].client.admin.GetStatus(pb.GetStatusRequest())
                    self.assertEqual(list(status.problems), [], name)
                    self.assertEqual({each: status.row_counts[each] for each in COUNTS[name]}, COUNTS[name])
                products = rows.export(shop["catalog"].client, "products")
                self.assertEqual([product.product_name for product in products], ["Cap", "Sock"])
                request = rows.purchase(1, [(1, 2), (2, 1)], time_id=1, min_catalog_revision=products[-1].revision)
                bought = shop["sales"].client.transactions.RecordPurchase(request)
                self.assertEqual(bought.transaction.transaction_id, 2)
                self.assertEqual(bought.transaction.lines_total, 11.5)
                counted = pb.ListAssociationRulesRequest(min_sales_revision=bought.revision)
                answer = shop["bundles"].client.rules.ListAssociationRules(counted)
                self.assertEqual(answer.provenance.basket_count, 2)
                for server in shop.values():
                    self.assertEqual(server.stop(), 0)

    def test_the_present_schema_has_a_golden_database(self):
        """If this fails, a table has changed: add tests/common/storage/golden/SERVICE_N.sql for each service, with the
        statements of new databases and the rows of the other files."""
        shop = self.shop(None)
        for name, server in shop.items():
            server.stop()
            golden = self.folder / f"{name}.golden.db"
            make(name, schemas()[-1], golden)
            self.assertEqual(structure(server.database), structure(golden), name)

    def test_a_database_of_a_newer_format_is_refused_with_its_remedy_and_stays_as_it_is(self):
        for name in SERVICES:
            with self.subTest(name):
                path = self.folder / f"{name}.db"
                make(name, schemas()[-1], path)
                with sqlite3.connect(path) as database:
                    database.execute("UPDATE clustr_identity SET value = '3' WHERE name = 'format'")
                database.close()
                before = structure(path)
                upstreams = [f"--{each}=127.0.0.1:1" for each in SERVICES[: SERVICES.index(name)]]
                command = [environment.binary(f"clustr-{name}"), "--listen=127.0.0.1:0", f"--database=sqlite:///{path}"]
                ended = subprocess.run(
                    command + upstreams, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
                )
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertIn(
                    f"the database was written by a newer version of clustr-{name}; start that version, or give another",
                    ended.stderr.strip().rsplit("\n", maxsplit=1)[-1],
                )
                self.assertEqual(structure(path), before)


if __name__ == "__main__":
    unittest.main()
