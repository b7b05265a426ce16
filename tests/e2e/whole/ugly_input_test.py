"""Input that nobody should send is refused with a reason or stored exactly, and the server continues."""

import contextlib
import json
import math
import socket
import time
import uuid

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
#: RPCs for which an empty request is sufficient; every other RPC must refuse it.
EMPTY_IS_ENOUGH = {
    "ListProducts",
    "ListCustomers",
    "ListTimeframes",
    "ExportProducts",
    "ExportCustomers",
    "ExportTimeframes",
    "ImportProducts",
    "ImportCustomers",
    "ImportTimeframes",
    "StreamCatalog",
    "ListTransactions",
    "ExportTransactions",
    "ImportTransactions",
    "ListSales",
    "ExportSales",
    "ImportSales",
    "StreamSales",
    "ListTopProducts",
    "GetSalesSummary",
    "VerifySalesFigures",
    "ListAssociationRules",
    "ListPopulationValues",
    "ListRuleSets",
    "ListModels",
    "GetModel",
    "VerifyAssociationRules",
    "RecommendBundles",
    "RecommendProducts",
    "RecommendForMany",  # For all customers.
    "SetTraffic",  # Ends the division.
    "GetStatus",
    "CompareHistory",
}


class UglyInputTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(3), rows.timeframes(3))
        cls.shop.sales.client.transactions.RecordPurchase(
            rows.purchase(1, [(1, 1), (2, 1)], time_id=1, min_catalog_revision=cls.catalog_revision)
        )

    def tearDown(self):
        for server in self.shop.servers:
            self.assertTrue(server.running, f"{server.name} died\n{server.log_tail()}")

    def client_of(self, service):
        return next(server.client for server in self.shop.servers if f".{server.name}." in service.full_name)

    def every_rpc(self):
        for folder in ("catalog", "sales", "bundles"):
            for service in pb.services(folder):
                for method in service.methods:
                    kind = (
                        f"{'stream' if method.client_streaming else 'unary'}_"
                        f"{'stream' if method.server_streaming else 'unary'}"
                    )
                    yield method, kind, self.client_of(service).raw(f"/{service.full_name}/{method.name}", kind)

    def test_every_rpc_answers_or_refuses_an_empty_request(self):
        for method, kind, call in self.every_rpc():
            with self.subTest(method.full_name):
                got = outcome(call, iter([b""]) if kind.startswith("stream") else b"", timeout=20)
                if method.name in EMPTY_IS_ENOUGH:
                    self.assertNotIsInstance(got, Refusal, str(got))
                elif method.name == "TrainModel":  # The request is complete, but the shop is too small.
                    self.assertEqual(got.reason, "TOO_FEW_BASKETS", str(got))
                else:
                    self.assertIsInstance(got, Refusal, f"an empty request was accepted: {got!r}")
                    self.assertEqual((got.code, got.reason), INVALID, str(got))
                    self.assertTrue(got.violations)

    def test_every_import_accepts_a_stream_without_messages(self):
        for method, kind, call in self.every_rpc():
            if kind.startswith("stream"):
                with self.subTest(method.full_name):
                    got = outcome(call, iter([]), timeout=20)
                    if method.name == "ImportRules":  # Its first message names the rule set.
                        self.assertIsInstance(got, Refusal, str(got))
                        self.assertEqual((got.code, got.reason), INVALID, str(got))
                    else:
                        self.assertNotIsInstance(got, Refusal, str(got))

    def test_every_rpc_refuses_undecodable_bytes(self):
        for method, kind, call in self.every_rpc():
            with self.subTest(method.full_name):
                garbage = b"\xff\xff\xff"
                got = outcome(call, iter([garbage]) if kind.startswith("stream") else garbage, timeout=20)
                self.assertIsInstance(got, Refusal, f"bytes that are no message were accepted: {got!r}")
                self.assertEqual(got.code, StatusCode.UNIMPLEMENTED, str(got))

    def test_unknown_method_is_unimplemented(self):
        for server in self.shop.servers:
            self.assertEqual(
                outcome(server.client.raw("/clustr.Nothing/Do"), b"", timeout=5).code, StatusCode.UNIMPLEMENTED
            )

    def test_bytes_that_are_not_http2_end_only_their_own_connection(self):
        for server in self.shop.servers:
            for garbage in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(range(256)) * 100, PREFACE + b"\xff" * 100, PREFACE):
                with self.subTest(server=server.name, garbage=garbage[:20]):
                    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
                        with contextlib.suppress(OSError):  # The server may have closed it already.
                            connection.sendall(garbage)
                            connection.shutdown(socket.SHUT_WR)
                        with contextlib.suppress(ConnectionError):
                            while connection.recv(4096):
                                pass
                    self.assertEqual(server.health(), pb.HealthCheckResponse.SERVING)

    def create_product(self, **fields):
        return pb.CreateProductRequest(product=pb.Product(**{"product_name": "x", "price": 1, **fields}))

    def test_accepted_texts_and_numbers_are_stored_exactly(self):
        for fields in (
            {"product_name": "x" * 256},
            {"product_name": "😀" * 256},
            {"product_name": "e\u0301"},
            {"product_name": " lead and trail "},
            {"product_name": "%_'\"\\`;--"},
            {"product_name": "\ufeffbom"},
            {"product_name": "\u202eright to left"},
            {"price": 9_999_999_999.99},
            {"price": 0},
            {"price": -0.0},
            {"price": 0.07},
            {"price": 4.35},
            {"category": ""},
            {"external_id": "!~" + "x" * 254},
        ):
            with self.subTest(str(fields)[:60]):
                made = self.answer(self.catalog.products.CreateProduct, self.create_product(**fields)).product
                for name, value in fields.items():
                    self.assertEqual(getattr(made, name), value)
        self.assertEqual(
            math.copysign(
                1, self.answer(self.catalog.products.CreateProduct, self.create_product(price=-0.0)).product.price
            ),
            1,
        )

    def test_a_compressed_message_is_refused(self):
        call = self.catalog.products._stub.CreateProduct
        got = outcome(
            call, self.create_product(product_name="x" * (3 << 20)), timeout=10, compression=grpc.Compression.Gzip
        )
        self.assertIsInstance(got, Refusal, "a compressed message was inflated")
        self.answer(self.catalog.products.CreateProduct, self.create_product())

    def test_a_call_near_its_deadline_is_answered_correctly_or_refused(self):
        # gRPC rounds a deadline up to a millisecond, within which the server may answer.
        for number in range(200):
            got = outcome(self.catalog.products.CreateProduct, self.create_product(), timeout=number % 4 / 2000)
            if isinstance(got, Refusal):
                self.assertEqual(got.code, StatusCode.DEADLINE_EXCEEDED, got)
            else:
                read = self.answer(
                    self.catalog.products.GetProduct, pb.GetProductRequest(product_sku=got.product.product_sku)
                )
                self.assertEqual(read.product, got.product)

    def test_logs_contain_no_personal_data(self):
        secret = uuid.uuid4().hex
        person = pb.Customer(first_name=secret, last_name="b", email=secret, city=secret, gender=secret)
        made = self.answer(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person)).customer
        self.answer(self.catalog.customers.GetCustomer, pb.GetCustomerRequest(customer_id=made.customer_id))
        person.dob = f"{secret}"
        outcome(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person))
        person.dob, person.external_id = "2000-01-01", secret
        for _ in range(2):  # the second call is refused, because the external_id is taken
            outcome(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person))
        for text in (f'email = "{secret}"', f"email = {secret} AND {secret}"):
            outcome(self.catalog.customers.ListCustomers, pb.ListCustomersRequest(filter=text, page_size=1, order_by="city"))
        self.await_log(self.shop.catalog, '/ListCustomers"', 2)  # Lines are written a few milliseconds later.
        for server in self.shop.servers:
            self.assertNotIn(secret, server.log.read_text(errors="replace"))

    def test_each_call_is_logged_as_one_line_with_its_method_code_and_time(self):
        for _ in range(3):
            outcome(self.catalog.timeframes.GetTimeframe, pb.GetTimeframeRequest(time_id=987_654_321))
        rows.import_rows(self.catalog, rows.timeframes(1))
        self.answer(self.catalog.timeframes.GetTimeframe, pb.GetTimeframeRequest(time_id=1))
        self.await_log(self.shop.catalog, "TIMEFRAME_NOT_FOUND", 3)
        self.await_log(self.shop.catalog, 'GetTimeframe","code":"OK"', 1)
        lines = [json.loads(line) for line in self.shop.catalog.log.read_text(encoding="utf-8").splitlines()]
        calls = [line for line in lines if line.get("method") == "/clustr.catalog.v1.TimeframeService/GetTimeframe"]
        codes = [line["code"] for line in calls if line["code"] != "INVALID_ARGUMENT"]  # Other tests send these.
        self.assertEqual(codes, ["NOT_FOUND"] * 3 + ["OK"])
        for line in calls:
            self.assertEqual((line["event"], line["level"], line["service"]), ("call", "info", "catalog"))
            self.assertGreaterEqual(line["ms"], 0)
            self.assertIn("time", line)

    def await_log(self, server, text, times):
        deadline = time.monotonic() + 10
        while server.log.read_text(errors="replace").count(text) < times:
            self.assertLess(time.monotonic(), deadline, f"the log of {server.name} lacks {text}")
            time.sleep(0.01)
