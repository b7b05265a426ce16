"""Damaged database files of real servers: refused with an exit code and a remedy, or noticed while they are served."""

import pathlib
import random
import subprocess
import tempfile
import time
import unittest

import grpc

from harness import pb, rows, servers
from harness.client import Refusal, outcome

PAGE = 4096


class DamageTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop().start()
        self.addCleanup(self.shop.close)
        rows.import_catalog(self.shop, rows.products(2000), rows.customers(50), rows.timeframes(31))
        for number in range(20):
            customer = number % 50 + 1
            self.shop.sales.client.transactions.RecordPurchase(rows.purchase(customer, [(1, 1), (2, 1)]))
        self.seed = random.SystemRandom().randrange(1 << 30)
        print(f"seed {self.seed}", flush=True)

    def damage(self, server, pages):
        """Flips a bit in some pages of a database, in place."""
        random.seed(self.seed)
        with open(server.database, "r+b") as file:
            for page in pages:
                at = page * PAGE + random.randrange(PAGE)
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ 1 << random.randrange(8)]))

    def pages(self, server):
        return server.database.stat().st_size // PAGE

    def test_each_server_refuses_to_start_and_says_what_to_do(self):
        for server in self.shop.servers:
            with self.subTest(server.name):
                self.assertEqual(server.stop(), 0)
                self.damage(server, [self.pages(server) - 1])
                ended = subprocess.run(server.command(), capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(ended.returncode, 2, ended.stderr)
                last = ended.stderr.strip().splitlines()[-1]
                self.assertIn(f"{server.database} is damaged", last)
                self.assertIn("put a backup in its place and start again", last)

    def test_damage_while_a_server_runs_is_noticed_and_nothing_wrong_is_served(self):
        catalog = self.shop.catalog
        good = {row.product_sku: row for row in rows.export(catalog.client, "products")}
        self.assertEqual(len(good), 2000)
        catalog.restart()  # What was read before is kept in memory.
        self.damage(catalog, range(1, self.pages(catalog)))
        right = refused = 0
        for sku, row in good.items():
            answer = outcome(catalog.client.products.GetProduct, pb.GetProductRequest(product_sku=sku))
            if isinstance(answer, Refusal):
                self.assertEqual(answer.code, grpc.StatusCode.DATA_LOSS, answer)
                refused += 1
            else:
                self.assertEqual(answer.product, row)
                right += 1
        print(f"{right} right, {refused} refused", flush=True)
        self.assertGreater(refused, 0)
        self.assertEqual(catalog.health(), pb.HealthCheckResponse.NOT_SERVING)
        self.assertEqual(catalog.health("clustr.catalog.v1.ProductService"), pb.HealthCheckResponse.NOT_SERVING)
        problems = catalog.client.admin.GetStatus(pb.GetStatusRequest()).problems
        self.assertTrue(any(f"{catalog.database} is damaged" in problem for problem in problems), problems)
        product = pb.Product(product_name="Cap", price=1)
        written = outcome(catalog.client.products.CreateProduct, pb.CreateProductRequest(product=product))
        self.assertIsInstance(written, Refusal)
        self.assertEqual(written.info.reason, "DATABASE_DAMAGED")
        self.assertEqual(catalog.stop(), 0, "the server ended in order")


class PrivacyTest(unittest.TestCase):
    SECRETS = ("Wilhelmina-Secret", "secret.address@example.com", "Bartholomew-Secret", "+49-170-5550199")

    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.catalog = self.shop.catalog.start()

    def holding(self):
        """The files below the folder of the shop that hold one of the secrets."""
        found = []
        for path in self.shop.folder.rglob("*"):
            contents = path.read_bytes() if path.is_file() else b""
            found.extend((path.name, secret) for secret in self.SECRETS if secret.encode() in contents)
        return found

    def test_a_deleted_customer_is_in_no_file_and_in_no_replayed_answer(self):
        rows.import_rows(self.catalog.client, rows.customers(300, first=1000))
        name, email, last, phone = self.SECRETS
        customer = pb.Customer(first_name=name, last_name=last, email=email, phone=phone)
        create = pb.CreateCustomerRequest(customer=customer, request_id="create-1")
        created = self.catalog.client.customers.CreateCustomer(create).customer
        renamed = pb.Customer(customer_id=created.customer_id, last_name="Public")
        update = pb.UpdateCustomerRequest(customer=renamed, request_id="update-1")
        self.catalog.client.customers.UpdateCustomer(update)
        replay = self.catalog.client.customers.CreateCustomer(create)
        self.assertTrue(replay.replayed)
        self.assertEqual((replay.customer.first_name, replay.customer.last_name), (name, "Public"))
        self.assertTrue(self.holding())

        self.catalog.client.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=created.customer_id))
        for request, call in ((create, "CreateCustomer"), (update, "UpdateCustomer")):
            answer = getattr(self.catalog.client.customers, call)(request)
            self.assertTrue(answer.replayed)
            self.assertEqual(answer.customer.customer_id, created.customer_id)
            self.assertFalse(answer.customer.first_name or answer.customer.last_name or answer.customer.email)
        servers.eventually(lambda: not self.holding(), 60, self.holding)
        time.sleep(0.1)
        self.catalog.restart()
        self.assertEqual(self.holding(), [])


class PortFileTest(unittest.TestCase):
    """A folder such as /tmp, where others may write: what they put in place of the port file is never written through."""

    def test_a_planted_link_is_replaced_and_not_followed(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            folder = pathlib.Path(folder)
            victim = folder / "victim"
            victim.write_text("precious\n")
            for plant in ("symlink_to", "hardlink_to"):
                with self.subTest(plant):
                    server = servers.Server("catalog", folder)
                    planted = folder / "catalog.port"
                    planted.unlink(missing_ok=True)
                    getattr(planted, plant)(victim)
                    try:
                        server.start()
                    finally:
                        server.close()
                    self.assertEqual(victim.read_text(), "precious\n")
                    self.assertFalse(planted.is_symlink())
                    self.assertEqual(planted.read_text(), f"{server.port}\n")
