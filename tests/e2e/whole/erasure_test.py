"""An erased customer is in no file of any server any more, also after kill -9, and the purchases stay and count."""

import sqlite3
import stat
import unittest

import grpc

from harness import pb, rows, servers
from harness.client import Refusal, outcome

TRACES = ["Zuleikarina", "Vandersloot", "zuleika@vandersloot.test", "+31 20 555 0142", "loyal-8841", "Harlingerwijk"]


class ErasureTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.shop.start()
        self.catalog, self.sales = self.shop.catalog.client, self.shop.sales.client
        # Neighbours on all sides, so that pages of the database are divided.
        customers = rows.customers(2000, email="someone@shop.test", city="Elsewhere")
        del customers[999]
        self.revision = rows.import_catalog(self.shop, rows.products(5), customers, rows.timeframes(31))
        self.create = pb.CreateCustomerRequest(
            customer=pb.Customer(
                first_name=TRACES[0],
                last_name=TRACES[1],
                email=TRACES[2],
                phone=TRACES[3],
                external_id=TRACES[4],
                city=TRACES[5],
                dob="1971-02-03",
            ),
            request_id="creation",
        )
        self.customer = self.catalog.customers.CreateCustomer(self.create).customer
        for number in range(3):
            self.sales.transactions.RecordPurchase(
                rows.purchase(
                    self.customer.customer_id,
                    [(1, 1), (2 + number, 1)],
                    min_catalog_revision=self.customer.revision,
                )
            )
        # A row that grows moves within its page and to others.
        for length in (10, 200, 40):
            self.catalog.customers.UpdateCustomer(
                pb.UpdateCustomerRequest(
                    customer=pb.Customer(customer_id=self.customer.customer_id, shopping_preference="s" * length)
                )
            )

    def files_with(self, text):
        """Names every file of the three servers that contains the text, logs included."""
        forms = [text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()]
        return [
            path.name
            for path in sorted(self.shop.folder.rglob("*"))
            if path.is_file() and any(form in path.read_bytes() for form in forms)
        ]

    def traces(self):
        return {text: found for text in TRACES if (found := self.files_with(text))}

    def counts(self):
        status = self.shop.sales.client.admin.GetStatus(pb.GetStatusRequest())
        totals = self.sales.analytics.GetSalesSummary(pb.GetSalesSummaryRequest())
        return dict(status.row_counts), totals

    def baskets(self):
        return self.shop.bundles.client.admin.GetStatus(pb.GetStatusRequest()).row_counts["baskets"]

    def test_no_trace_is_left_after_the_acknowledgement_and_a_kill(self):
        self.assertTrue(self.traces(), "the test must find what is there")
        before, baskets = self.counts(), self.baskets()
        done = self.shop.ctl("erase-customer", f"--external-id={TRACES[4]}", "--yes")
        for server in self.shop.servers:
            server.kill()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"customer {self.customer.customer_id} is erased", done.stdout)
        self.assertEqual(self.traces(), {})
        self.shop.start()
        self.assertEqual(self.traces(), {})
        servers.eventually(lambda: self.baskets() == baskets, 60, "bundles does not count the same baskets")
        self.assertEqual(self.counts(), before, "the purchases stay")
        replayed = self.catalog.customers.CreateCustomer(self.create)
        self.assertEqual(replayed.customer, pb.Customer(customer_id=self.customer.customer_id))
        found = outcome(self.catalog.customers.GetCustomer, pb.GetCustomerRequest(customer_id=self.customer.customer_id))
        self.assertIsInstance(found, Refusal)
        # Writes to the pages where the customer was bring nothing back.
        rows.import_rows(self.catalog, rows.customers(2000, email="changed@shop.test"))
        self.assertEqual(self.traces(), {})

    def test_what_a_reader_of_an_older_state_keeps_is_told(self):
        reader = sqlite3.connect(f"file:{self.shop.catalog.database}?mode=ro", uri=True, isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM customers").fetchone()
        self.catalog.customers.UpdateCustomer(
            pb.UpdateCustomerRequest(customer=pb.Customer(customer_id=self.customer.customer_id, age=50))
        )
        done = self.shop.ctl("erase-customer", str(self.customer.customer_id), "--yes")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("still reads an older state", done.stderr)
        reader.execute("COMMIT")
        done = self.shop.ctl("erase-customer", str(self.customer.customer_id), "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.traces(), {})

    def test_the_command_asks_for_confirmation_and_for_one_customer(self):
        for arguments, text in (
            (["17"], "--yes"),
            (["--yes"], "an argument is missing"),
            (["0", "--yes"], "ID"),
            (["17", "--external-id=x", "--yes"], "one argument too many"),
        ):
            done = self.shop.ctl("erase-customer", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(text, done.stderr)
        done = self.shop.ctl("erase-customer", "99999", "--yes")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("no customer 99999", done.stderr)
        for name in ("nobody", "@17"):
            done = self.shop.ctl("erase-customer", name, "--yes")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(f'no customer with external_id "{name.removeprefix("@")}"', done.stderr)

    def test_a_refusal_tells_no_personal_data_as_metadata(self):
        customers = self.catalog.customers
        for call, request in (
            (customers.EraseCustomer, pb.EraseCustomerRequest(external_id="ada@x.org")),
            (customers.EraseCustomer, pb.EraseCustomerRequest(external_id="ada@x.org", id=1)),
            (customers.ListCustomers, pb.ListCustomersRequest(filter='email = "ada@x.org"\n')),
        ):
            got = outcome(call, request)
            self.assertIsInstance(got, Refusal)
            self.assertNotIn("ada@x.org", str(dict(got.info.metadata)))
        many = pb.RecommendForManyRequest(external_ids=["ada@x.org"], request={"limit": 5})
        with self.assertRaises(grpc.RpcError) as raised:
            list(self.shop.bundles.client.recommendations.RecommendForMany(many, timeout=60))
        self.assertNotIn("ada@x.org", str(dict(Refusal(raised.exception).info.metadata)))

    def test_files_belong_to_the_user_alone(self):
        for path in self.shop.folder.glob("*.db*"):
            if path.is_file():
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path.name)


if __name__ == "__main__":
    unittest.main()
