"""Third-party tools: grpcurl through reflection, buf on the contract. Each is skipped if it is not installed."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import environment
from harness.small_shop import GrpcurlShopTest


class GrpcurlTest(GrpcurlShopTest):
    def curl(self, server, *arguments, data=None):
        flags = ["-d", json.dumps(data)] if data is not None else []
        done = subprocess.run(
            [self.grpcurl, "-plaintext", *flags, server.address, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        return done.stdout

    def test_grpcurl_lists_and_describes_every_service(self):
        for server in self.shop.servers:
            services = self.curl(server, "list").split()
            self.assertIn("grpc.health.v1.Health", services)
            self.assertIn("clustr.ops.v1.AdminService", services)
            for service in services:
                with self.subTest(server=server.name, service=service):
                    self.assertIn("rpc ", self.curl(server, "describe", service))

    def test_grpcurl_calls_each_service(self):
        calls = [
            (self.shop.catalog, "clustr.catalog.v1.ProductService/GetProduct", {"product_sku": 2}),
            (self.shop.catalog, "clustr.catalog.v1.CustomerService/ListCustomers", {"page_size": 1}),
            (self.shop.catalog, "clustr.catalog.v1.TimeframeService/ListTimeframes", {}),
            (self.shop.catalog, "clustr.catalog.v1.CatalogStreamService/StreamCatalog", {}),
            (
                self.shop.sales,
                "clustr.sales.v1.TransactionService/RecordPurchase",
                {
                    "transaction": {"customer_id": 1, "purchase_date": "2024-01-02"},
                    "sales": [{"product_sku": 1, "quantity": 2}, {"product_sku": 2, "quantity": 1}],
                },
            ),
            (self.shop.sales, "clustr.sales.v1.SaleService/ListSales", {}),
            (self.shop.sales, "clustr.sales.v1.SalesStreamService/StreamSales", {}),
            (self.shop.bundles, "clustr.bundles.v1.AssociationRuleService/ListAssociationRules", {}),
            (self.shop.bundles, "clustr.bundles.v1.RecommendationService/RecommendProducts", {"basket_skus": [1]}),
        ]
        calls += [(server, "clustr.ops.v1.AdminService/GetStatus", {}) for server in self.shop.servers]
        calls += [(server, "grpc.health.v1.Health/Check", {}) for server in self.shop.servers]
        for server, method, data in calls:
            with self.subTest(f"{server.name} {method}"):
                self.assertTrue(self.curl(server, method, data=data).strip().startswith("{"))


class BufTest(unittest.TestCase):
    def buf(self, *arguments, folder=environment.ROOT / "proto"):
        return subprocess.run(
            [environment.tool("buf"), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test_contract_passes_buf_lint(self):
        done = self.buf("lint")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_contract_is_compatible_with_the_released_one(self):
        done = self.buf("breaking", "--against", "released.binpb")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_buf_reports_a_removed_field(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            changed = pathlib.Path(folder) / "proto"
            shutil.copytree(environment.ROOT / "proto", changed)
            product = changed / "clustr/catalog/v1/product.proto"
            text = product.read_text()
            field = next(line for line in text.splitlines() if " brand = " in line)
            product.write_text(text.replace(field, "", 1))
            done = self.buf("breaking", "--against", "released.binpb", folder=changed)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("brand", done.stdout)
