"""One user owns the tables, another serves them: what the second may do is all that a server needs, and no more."""

import pathlib
import subprocess
import tempfile
import unittest

from grpc import StatusCode

from harness import pb, rows
from harness.client import Refusal, outcome
from harness.servers import Server, Shop, eventually, shared_postgres
from postgresql.two_users import TwoUsers

EXIT_REFUSED = 2
CREATE = pb.CreateProductRequest(product=pb.Product(product_name="Cap", brand="Ours", price=1))


class Started(unittest.TestCase):
    """Starts servers that are expected to end by themselves."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clustr-two-users-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def server(self, service="catalog", **settings):
        server = Server(service, self.folder, **settings)
        self.addCleanup(server.close)
        return server

    def end_of(self, server):
        """Starts a server that must end at once. Returns its exit code and the last line of its log."""
        server.launch()
        self.addCleanup(server.kill)
        code = server.process.wait(30)
        server.process = None
        return code, server.log.read_text(errors="replace").splitlines()[-1]

    def assert_refused(self, server, *words):
        code, line = self.end_of(server)
        self.assertEqual(code, EXIT_REFUSED, line)
        for word in words:
            self.assertIn(word, line)


class TwoUsersTest(Started):
    """Databases of their own for each test."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = shared_postgres()

    def users(self, service="catalog", tables=True):
        users = TwoUsers(self.postgres, service)
        if tables:
            users.make_tables()
        return users

    def test_check_refuses_a_database_without_tables_and_makes_none(self):
        for service in ("catalog", "sales"):
            users = self.users(service, tables=False)
            remedy = f"run clustr-{service} of this version once with --schema=create-and-exit"
            self.assert_refused(self.server(service, **users.settings()), "none of the tables", remedy)
            self.assertEqual(users.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0")

    def test_the_user_who_serves_cannot_make_tables(self):
        users = self.users(tables=False)
        settings = {**users.settings(), "flags": []}
        why = f"the user {users.user} may not make tables in the schema public"
        self.assert_refused(self.server(**settings), why, "--schema=check")
        users.make_tables()
        self.assert_refused(self.server(**settings), why, "--schema=check")
        users.sql(f"GRANT CREATE ON SCHEMA public TO {users.user}")
        self.assert_refused(self.server(**settings), "may not change the table clustr_columns, which", "--schema=check")

    def test_tables_are_made_and_checked_before_and_while_servers_run(self):
        users = self.users()
        server = self.server(**users.settings()).start()
        users.make_tables()
        made = server.client.products.CreateProduct(CREATE).product
        users.make_tables()
        self.assertEqual(server.restart().client.products.GetProduct(pb.GetProductRequest(product_sku=1)).product, made)

    def test_the_user_who_serves_may_not_define_or_empty_anything(self):
        users = self.users("sales")
        self.server("sales", **users.settings(), upstreams=[]).start()
        for statement in (
            "CREATE TABLE mine (a int)",
            "CREATE TEMP TABLE mine (a int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE SCHEMA mine",
            "CREATE INDEX mine ON sales (quantity)",
            "ALTER TABLE sales ADD COLUMN mine int",
            "DROP INDEX sales_sale_id",
            "DROP TABLE sales",
            "TRUNCATE sales",
            "UPDATE clustr_identity SET value = 'mine'",
            "DELETE FROM clustr_columns",
            "COPY sales TO PROGRAM 'cat'",
        ):
            done = self.postgres.psql(statement, users.user, users.user)
            self.assertNotEqual(done.returncode, 0, statement)
            self.assertRegex(done.stderr, "permission denied|must be owner|must be superuser", statement)
        other = self.users("catalog")
        done = self.postgres.psql("SELECT 1", other.user, users.user)
        self.assertRegex(done.stderr, "permission denied for database")

    def test_check_names_what_is_old_new_or_forbidden(self):
        users = self.users()
        server = self.server(**users.settings())

        def refused_after(change, back, *words):
            with self.subTest(change=change):
                users.sql(change)
                self.assert_refused(server, *words)
                users.sql(back)
                server.start().kill()

        serving = users.user
        refused_after("DROP INDEX products_revision", "CREATE INDEX products_revision ON products (revision)",
                      "missing or old: index products_revision)", "--schema=create-and-exit")
        refused_after("ALTER TABLE tombstones RENAME TO gone", "ALTER TABLE gone RENAME TO tombstones", "table tombstones")
        refused_after("UPDATE clustr_columns SET column_name = 'maker' WHERE column_name = 'brand'",
                      "UPDATE clustr_columns SET column_name = 'brand' WHERE column_name = 'maker'", "column brand of products")
        refused_after("INSERT INTO clustr_columns VALUES ('products', 999, 'colour', 'TEXT')",
                      "DELETE FROM clustr_columns WHERE field_number = 999", "column colour", "999")
        refused_after("UPDATE clustr_identity SET value = '3' WHERE name = 'format'",
                      "UPDATE clustr_identity SET value = '2' WHERE name = 'format'", "newer version of clustr-catalog")
        refused_after("UPDATE clustr_identity SET value = '1' WHERE name = 'format'",
                      "UPDATE clustr_identity SET value = '2' WHERE name = 'format'", "the format of the database")
        refused_after(f"REVOKE DELETE ON request_log FROM {serving}", f"GRANT DELETE ON request_log TO {serving}",
                      f"the user {serving} has no DELETE privilege on the table request_log", "GRANT")
        refused_after(f"REVOKE UPDATE ON SEQUENCE request_log_seq_seq FROM {serving}",
                      f"GRANT UPDATE ON SEQUENCE request_log_seq_seq TO {serving}",
                      "no UPDATE privilege on the sequence request_log_seq_seq")
        refused_after(f"REVOKE USAGE ON SCHEMA public FROM {serving}", f"GRANT USAGE ON SCHEMA public TO {serving}",
                      "no schema that exists and that this user may use")

    def test_an_old_table_is_upgraded_by_its_owner_and_then_served(self):
        users = self.users()
        users.sql("ALTER TABLE products DROP COLUMN brand; DELETE FROM clustr_columns WHERE column_name = 'brand'")
        server = self.server(**users.settings())
        self.assert_refused(server, "column brand of products")
        users.make_tables()
        server.start().client.products.CreateProduct(CREATE)
        got = server.client.products.GetProduct(pb.GetProductRequest(product_sku=1)).product
        self.assertEqual(got.brand, "Ours")

    def test_a_right_that_is_taken_away_later_fails_the_call_and_nothing_else(self):
        users = self.users()
        server = self.server(**users.settings()).start()
        users.sql(f"REVOKE INSERT ON products FROM {users.user}")
        refused = outcome(server.client.products.CreateProduct, CREATE)
        self.assertIsInstance(refused, Refusal)
        self.assertEqual(refused.code, StatusCode.INTERNAL)
        eventually(lambda: '"sqlstate":"42501"' in server.log.read_text(), 10, server.log_tail)
        users.sql(f"GRANT INSERT ON products TO {users.user}")
        self.assertEqual(server.client.products.CreateProduct(CREATE).product.product_sku, 1)

    def test_passwords_are_in_no_log_and_on_no_command_line(self):
        with Shop(self.postgres, two_users=True) as shop:
            revision = rows.import_catalog(shop, rows.products(2), rows.customers(1), rows.timeframes(31))
            shop.sales.client.transactions.RecordPurchase(rows.purchase(1, [(1, 1), (2, 2)], min_catalog_revision=revision))
            seen = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
            self.assertIn(str(shop.sales.database_url), seen)
            passwords = [line.rpartition(":")[2] for line in self.postgres.passfile.read_text().split()]
            self.assertGreaterEqual(len(passwords), 5)
            logs = [server.log.read_text(errors="replace") for server in shop.servers]
            logs.append(self.users().make_tables())
            for password in passwords:
                for text in (seen, *logs):
                    self.assertNotIn(password, text)


class FileTest(Started):
    """--schema with SQLite, which has no users."""

    def test_check_is_for_postgresql(self):
        self.assert_refused(self.server(flags=["--schema=check"]), "--schema=check is for PostgreSQL")
        self.assertFalse((self.folder / "catalog.db").exists())

    def test_create_and_exit_makes_the_file(self):
        server = self.server(flags=["--schema=create-and-exit"])
        code, line = self.end_of(server)
        self.assertEqual(code, 0, line)
        self.assertIn("the tables are those of this version", line)
        self.assertTrue((self.folder / "catalog.db").exists())

    def test_another_word_is_refused(self):
        self.assert_refused(self.server(flags=["--schema=make"]), "--schema=make is not known", "create-and-exit")
