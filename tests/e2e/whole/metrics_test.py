"""Metrics: each one that docs/operations.md names is there with a sane value after real calls, and no other."""

import re
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

import grpc
from harness import environment, pb, servers
from harness.scrape import Scrape, text_of

PAGE = environment.ROOT / "docs" / "operations.md"
SERVERS = ("catalog", "sales", "bundles")


def documented():
    """The table of the page: name -> (type, labels, servers)."""
    rows = re.findall(r"^\| `((?:clustr|rpc)_\w+)` \| (\w+) \|([^|]*)\|([^|]*)\|", PAGE.read_text(encoding="utf-8"), re.M)
    return {
        name: (kind, set(re.findall(r"\w+", labels.replace("`", ""))), SERVERS if on.strip() == "all" else re.findall(r"\w+", on))
        for name, kind, labels, on in rows
    }


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = servers.Shop()
        cls.addClassCleanup(cls.shop.close)
        cls.ports = {}
        for server in cls.shop.servers:
            cls.ports[server.name] = servers.free_port()
            server.flags.append(f"--metrics-listen=127.0.0.1:{cls.ports[server.name]}")
        cls.shop.start()
        cls.call_everything()

    @classmethod
    def call_everything(cls):
        catalog, sales, bundles = (server.client for server in cls.shop.servers)
        catalog.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True)))
        catalog.customers.CreateCustomer(pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L")))
        rows = [pb.Product(external_id="cup", product_name="Cup", price=2, in_stock=True), pb.Product(product_name="", price=2)]
        catalog.products.ImportProducts(iter([pb.ImportProductsRequest(products=rows)]))
        for _ in range(3):
            purchase = pb.Transaction(customer_id=1, purchase_date="2024-01-02")
            lines = [pb.Sale(product_sku=1, quantity=1), pb.Sale(product_sku=2, quantity=1)]
            revision = sales.transactions.RecordPurchase(pb.RecordPurchaseRequest(transaction=purchase, sales=lines)).revision
        for _ in range(2):
            bundles.rules.ListAssociationRules(pb.ListAssociationRulesRequest(min_sales_revision=revision))
        try:
            catalog.products.GetProduct(pb.GetProductRequest(product_sku=99))
        except grpc.RpcError:
            pass
        try:
            list(bundles.models.TrainModel(pb.TrainModelRequest()))
        except grpc.RpcError:
            pass  # There are too few baskets.

    def scrape(self, name):
        return Scrape(self.ports[name])

    def test_the_page_names_each_metric_and_no_other(self):
        table = documented()
        self.assertGreater(len(table), 25)
        for name in SERVERS:
            with self.subTest(name):
                families = self.scrape(name).families
                self.assertEqual(set(families), {metric for metric, (_, _, on) in table.items() if name in on})
                for metric, family in families.items():
                    kind, labels, _ = table[metric]
                    self.assertEqual(family.type, kind, metric)
                    self.assertTrue(family.documentation.endswith("."), metric)
                    self.assertTrue(family.samples, f"{metric} has no sample")
                    for sample in family.samples:
                        self.assertEqual(set(sample.labels) - {"le"}, labels, metric)
                        self.assertGreaterEqual(sample.value, 0, sample)

    def test_values_are_those_of_the_calls(self):
        catalog, sales, bundles = (self.scrape(name) for name in SERVERS)
        duration = "rpc_server_call_duration_seconds"
        products = "clustr.catalog.v1.ProductService/"
        self.assertEqual(catalog.value(f"{duration}_count", rpc_method=f"{products}CreateProduct", rpc_status_code="OK"), 1)
        self.assertEqual(catalog.value(f"{duration}_count", rpc_method=f"{products}GetProduct", rpc_status_code="NOT_FOUND"), 1)
        self.assertEqual(catalog.value("clustr_imported_rows_total", result="stored"), 1)
        self.assertEqual(catalog.value("clustr_imported_rows_total", result="refused"), 1)
        self.assertEqual(catalog.value("clustr_rows", kind="products"), 2)
        self.assertGreater(catalog.value("clustr_revision"), 0)
        # The streams of sales and bundles, which follow catalog.
        stream = "clustr.catalog.v1.CatalogStreamService/StreamCatalog"
        self.assertEqual(catalog.value("clustr_calls_under_way", rpc_method=stream), 2)
        self.assertGreater(catalog.value("clustr_open_connections"), 2)
        purchase = "clustr.sales.v1.TransactionService/RecordPurchase"
        self.assertEqual(sales.value(f"{duration}_count", rpc_method=purchase), 3)
        seconds = sales.value(f"{duration}_sum", rpc_method=purchase)
        self.assertTrue(0.00003 < seconds < 60, seconds)
        self.assertGreater(sales.value("rpc_server_request_size_bytes_sum", rpc_method=purchase), 3 * 20)
        self.assertGreater(sales.value("rpc_server_response_size_bytes_sum", rpc_method=purchase), 3 * 20)
        self.assertGreaterEqual(sales.value("clustr_commit_seconds_count"), 3)
        self.assertGreaterEqual(sales.value("clustr_commit_seconds_sum"), sales.value("clustr_sync_seconds_sum"))
        self.assertGreaterEqual(sales.value("clustr_commit_group_writes_sum"), 3)
        self.assertEqual(sales.value("clustr_upstream_connected", upstream="catalog"), 1)
        self.assertEqual(bundles.value("clustr_rows", kind="baskets"), 3)
        self.assertGreaterEqual(bundles.value("clustr_mining_seconds_count"), 1)
        self.assertGreaterEqual(bundles.value("clustr_rule_cache_lookups_total"), 2)
        self.assertEqual(bundles.value("clustr_training_seconds_count"), 1)
        self.assertGreater(bundles.value("clustr_queue_wait_seconds_count"), 0)
        for upstream in ("catalog", "sales"):
            self.assertLess(bundles.value("clustr_upstream_lag_seconds", upstream=upstream), 30)
        for scrape in (catalog, sales, bundles):
            self.assertGreater(scrape.value("clustr_resident_memory_bytes"), 10 << 20)
            self.assertLess(abs(scrape.value("clustr_start_time_seconds") - time.time()), 600)

    def test_labels_take_values_of_the_contract_only(self):
        stub = self.shop.catalog.client.raw("/clustr.catalog.v1.ProductService/NoSuchMethod")
        for _ in range(3):
            with self.assertRaises(grpc.RpcError):
                stub(b"", timeout=10)
        self.assertNotIn("NoSuchMethod", self.scrape("catalog").text)

    def test_promtool_finds_nothing_to_complain_about(self):
        promtool = environment.tool("promtool")
        for name in SERVERS:
            done = subprocess.run([promtool, "check", "metrics"], input=self.scrape(name).text, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), name)

    def test_nothing_else_is_answered(self):
        port = self.ports["catalog"]
        for path in ("/", "/metrics/", "/metrics/../metrics.txt", "/etc/passwd", "/METRICS"):
            with self.subTest(path), self.assertRaises(urllib.error.HTTPError) as refused:
                text_of(port, path)
            self.assertIn(refused.exception.code, (400, 404))
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", method=method)
            with self.subTest(method), self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=10).read()
            self.assertEqual(refused.exception.code, 405)

    def test_clients_that_stall_or_send_too_much_hold_nobody_up(self):
        port = self.ports["catalog"]
        stalled = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(30)]
        self.addCleanup(lambda: [one.close() for one in stalled])
        for one in stalled:
            one.sendall(b"GET /metrics HTTP/1.1\r\nHo")
        with socket.create_connection(("127.0.0.1", port), 10) as large:
            large.settimeout(60)
            try:
                large.sendall(b"GET /metrics HTTP/1.1\r\nX: " + b"x" * (1 << 20) + b"\r\n\r\n")
                self.assertNotIn(b" 200 ", large.recv(100))
            except OSError:
                pass
        for one in stalled:
            one.close()
        servers.eventually(lambda: "clustr_revision" in text_of(port), 60, "a scrape")


class FlagsTest(unittest.TestCase):
    def test_an_address_that_cannot_be_used_ends_with_a_sentence(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            for address, code, words in (
                ("nonsense", 2, "is not HOST:PORT"),
                ("127.0.0.1:99999", 2, "is not HOST:PORT"),
                (f"127.0.0.1:{taken.getsockname()[1]}", 3, "cannot be listened on"),
            ):
                with self.subTest(address):
                    shop.catalog.flags = [f"--metrics-listen={address}"]
                    done = subprocess.run(shop.catalog.command(), capture_output=True, text=True, timeout=30, check=False)
                    self.assertEqual(done.returncode, code, done.stderr)
                    self.assertIn(words, done.stderr.splitlines()[-1])
