"""The log: every line is JSON of one schema, levels change while a server runs, and calls keep their place in a trace."""

import json
import unittest

import grpc
from harness import pb, servers

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class LogTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.server = self.shop.catalog
        # gRPC's own lines too.
        self.server.environ = {"GRPC_VERBOSITY": "DEBUG", "GRPC_TRACE": "http"}

    def lines(self):
        return [json.loads(line) for line in self.server.log.read_text(encoding="utf-8").splitlines()]

    def calls(self):
        return [line for line in self.lines() if line["event"] == "call" and line["method"].endswith("/ListProducts")]

    def ask(self, **options):
        return self.server.client.products.ListProducts(pb.ListProductsRequest(), **options)

    def test_every_line_is_json_with_the_members_of_the_page(self):
        self.server.start()
        self.ask()
        try:
            self.server.client.products.GetProduct(pb.GetProductRequest(product_sku=9))
        except grpc.RpcError:
            pass
        self.server.stop()
        lines = self.lines()
        for line in lines:
            self.assertLessEqual({"time", "level", "service", "event"}, set(line), line)
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertIn(line["level"], ("info", "warning", "error"))
            self.assertEqual(line["service"], "catalog")
        self.assertIn("grpc", {line["event"] for line in lines})
        refused = next(line for line in lines if line["event"] == "call" and line["code"] == "NOT_FOUND")
        self.assertEqual(refused["reason"], "PRODUCT_NOT_FOUND")
        self.assertEqual((refused["peer"], refused["principal"]), ("127.0.0.1", "anonymous"))
        self.assertGreaterEqual(refused["ms"], 0)

    def test_a_call_keeps_its_trace_and_gets_a_span_of_its_own(self):
        self.server.start()
        traced = [("traceparent", f"00-{TRACE}-{SPAN}-01")]
        self.ask(metadata=traced)
        for bad in (f"00-{'0' * 32}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01", f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE}-{SPAN}-0", "x" * 55, f"00-{TRACE}-{SPAN}-01-x"):
            self.ask(metadata=[("traceparent", bad)])
        self.ask(metadata=[("traceparent", f"01-{TRACE}-{SPAN}-01-more")])  # A later version may have more.
        servers.eventually(lambda: len(self.calls()) >= 8, 10, "the lines of the calls")
        ids = [(line["trace_id"], line["span_id"]) for line in self.calls()]
        self.assertEqual([trace == TRACE for trace, _ in ids], [True] + 6 * [False] + [True])
        self.assertEqual(len({span for _, span in ids} | {SPAN}), 9)
        for trace, span in ids:
            self.assertRegex(trace, "^[0-9a-f]{32}$")
            self.assertRegex(span, "^[0-9a-f]{16}$")

    def test_the_level_changes_while_the_server_runs(self):
        self.server.environ = {}
        self.server.flags = ["--log-level=warning"]
        admin = self.server.start().client.admin
        self.ask()
        answer = admin.SetLogLevel(pb.SetLogLevelRequest(level=pb.LOG_LEVEL_INFO))
        self.assertEqual(answer.previous_level, pb.LOG_LEVEL_WARNING)
        self.ask()
        servers.eventually(self.calls, 10, "the line of the second call")
        self.assertEqual(admin.SetLogLevel(pb.SetLogLevelRequest(level=pb.LOG_LEVEL_ERROR)).previous_level, pb.LOG_LEVEL_INFO)
        self.ask()
        self.server.stop()
        self.assertEqual(len(self.calls()), 1)
        # The audit is written at every level.
        self.assertEqual(len([line for line in self.lines() if line["event"] == "audit"]), 2)


class PassedOnTest(unittest.TestCase):
    def test_a_call_to_another_service_belongs_to_the_trace_of_the_call_that_needed_it(self):
        with servers.Shop() as shop:
            catalog = shop.catalog.client
            catalog.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True)))
            catalog.customers.CreateCustomer(pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L")))
            traced = [("traceparent", f"00-{TRACE}-{SPAN}-01")]
            purchase = pb.Transaction(customer_id=1, purchase_date="2024-01-02")
            request = pb.RecordPurchaseRequest(transaction=purchase, sales=[pb.Sale(product_sku=1, quantity=1)])
            revision = shop.sales.client.transactions.RecordPurchase(request, metadata=traced).revision
            verify = pb.VerifyAssociationRulesRequest(min_sales_revision=revision)
            self.assertTrue(list(shop.bundles.client.rules.VerifyAssociationRules(verify, metadata=traced)))

            def methods(server):
                lines = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
                return {line["method"].rsplit("/", 1)[1] for line in lines if line["event"] == "call" and line["trace_id"] == TRACE}

            servers.eventually(lambda: {"CreateTimeframe", "StreamCatalog"} <= methods(shop.catalog), 10, lambda: methods(shop.catalog))
            servers.eventually(lambda: {"RecordPurchase", "StreamSales"} <= methods(shop.sales), 10, lambda: methods(shop.sales))
