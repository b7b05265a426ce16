"""An older copy of catalog is put back while sales keeps its purchases: no id may silently mean somebody else."""

import shutil
import unittest

import grpc

from harness import pb, rows, servers
from harness.client import Refusal, outcome


class RestoreTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.catalog, self.sales = self.shop.catalog.start(), self.shop.sales.start()

    def new_customer(self, name):
        customer = pb.Customer(first_name=name, last_name="L")
        return self.catalog.client.customers.CreateCustomer(pb.CreateCustomerRequest(customer=customer)).customer

    def buy(self, customer):
        """Records a purchase; returns the answer or the refusal."""
        request = rows.purchase(customer.customer_id, [(1, 1)], min_catalog_revision=customer.revision)
        return outcome(self.sales.client.transactions.RecordPurchase, request)

    def problems(self, server):
        return list(server.client.admin.GetStatus(pb.GetStatusRequest()).problems)

    def went_back(self):
        return [problem for problem in self.problems(self.sales) if "catalog went back" in problem]

    def upstream(self):
        return self.sales.client.admin.GetStatus(pb.GetStatusRequest()).upstreams[0]

    def caught_up(self):
        upstream = self.upstream()
        head = self.catalog.client.admin.GetStatus(pb.GetStatusRequest()).revision
        return upstream.connected and upstream.applied_revision == head

    def prepare(self):
        """A copy of catalog with one customer; afterwards two more are created and buy something."""
        product = pb.Product(product_name="Cap", price=5, in_stock=True)
        self.catalog.client.products.CreateProduct(pb.CreateProductRequest(product=product))
        first = self.new_customer("First")
        self.assertNotIsInstance(self.buy(first), Refusal)
        self.catalog.stop()
        shutil.copy(self.catalog.database, self.shop.folder / "copy.db")
        self.catalog.start()
        later = [self.new_customer(name) for name in ("Ada", "Bo")]
        for customer in later:
            self.assertNotIsInstance(self.buy(customer), Refusal)
        return first, later

    def put_copy_back(self):
        self.catalog.stop()
        shutil.copy(self.shop.folder / "copy.db", self.catalog.database)

    def test_ids_given_out_again_before_sales_connects_are_held_until_the_operator_decides(self):
        first, later = self.prepare()
        self.sales.stop()
        self.put_copy_back()
        self.catalog.start()
        other = self.new_customer("Somebody else")
        self.assertEqual(other.customer_id, later[0].customer_id, "this is the danger")
        self.sales.start()
        servers.eventually(self.went_back, 30, "catalog is not reported as having gone back")
        servers.eventually(self.caught_up, 30, "sales did not catch up")

        refused = self.buy(other)
        self.assertIsInstance(refused, Refusal)
        self.assertEqual(refused.code, grpc.StatusCode.FAILED_PRECONDITION)
        self.assertEqual(refused.info.reason, "CATALOG_WENT_BACK")
        self.assertNotIsInstance(self.buy(first), Refusal, "what both copies share is not held")
        fresh = self.new_customer("Fresh")
        self.assertGreater(fresh.customer_id, later[-1].customer_id, "ids in use are not given out any more")
        self.assertNotIsInstance(self.buy(fresh), Refusal)

        self.sales.restart()
        servers.eventually(self.caught_up, 30, "sales did not catch up")
        (problem,) = servers.eventually(self.went_back, 30, "a restart forgot that catalog went back")
        self.assertIn(f"customers {later[0].customer_id} to {later[-1].customer_id}", problem)
        self.assertNotIsInstance(self.buy(fresh), Refusal, "ids of the new branch are not held after a restart")
        accept = problem.rsplit(" ", 1)[1]
        self.sales.stop()
        command = self.sales.command
        self.sales.command = lambda: [*command(), accept]
        self.sales.start()
        servers.eventually(self.caught_up, 30, "sales did not catch up")
        self.assertEqual(self.went_back(), [])
        self.assertNotIsInstance(self.buy(other), Refusal)

    def test_a_running_sales_keeps_ids_in_use_from_being_given_out_again(self):
        _, later = self.prepare()
        self.put_copy_back()
        self.catalog.start()
        servers.eventually(self.went_back, 30, "catalog is not reported as having gone back")
        other = self.new_customer("Somebody else")
        self.assertGreater(other.customer_id, later[-1].customer_id)

    def test_ordinary_restarts_and_the_newest_copy_are_no_reason_for_alarm(self):
        first, later = self.prepare()
        self.catalog.stop()
        shutil.copy(self.catalog.database, self.shop.folder / "newest.db")
        self.catalog.start()
        self.catalog.kill()
        self.catalog.start()
        self.catalog.stop()
        shutil.copy(self.shop.folder / "newest.db", self.catalog.database)
        self.catalog.start()
        self.sales.restart()
        servers.eventually(self.caught_up, 30, "sales did not catch up")
        for customer in (first, *later):
            self.assertNotIsInstance(self.buy(customer), Refusal)
