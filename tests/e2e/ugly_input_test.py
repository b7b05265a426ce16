"""Input that nobody should send: every one is refused with a reason or stored exactly, and the server goes on."""

import math
import uuid

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome

MAX_ID = (1 << 53) - 1
INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
#: RPCs that an empty request is enough for; every other one must refuse it.
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
    "ListAssociationRules",
    "ListPopulationValues",
    "ListModels",
    "GetModel",
    "VerifyAssociationRules",
    "RecommendBundles",
    "RecommendProducts",
    "GetStatus",
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

    def test_empty_request_on_every_rpc(self):
        for method, kind, call in self.every_rpc():
            with self.subTest(method.full_name):
                got = outcome(call, iter([b""]) if kind.startswith("stream") else b"", timeout=20)
                if method.name in EMPTY_IS_ENOUGH:
                    self.assertNotIsInstance(got, Refusal, str(got))
                else:
                    self.assertIsInstance(got, Refusal, f"an empty request was accepted: {got!r}")
                    self.assertEqual((got.code, got.reason), INVALID, str(got))
                    self.assertTrue(got.violations)

    def test_stream_without_any_message_on_every_import(self):
        for method, kind, call in self.every_rpc():
            if kind.startswith("stream"):
                with self.subTest(method.full_name):
                    got = outcome(call, iter([]), timeout=20)
                    self.assertNotIsInstance(got, Refusal, str(got))

    def test_undecodable_bytes_on_every_rpc(self):
        for method, kind, call in self.every_rpc():
            with self.subTest(method.full_name):
                got = outcome(
                    call, iter([b"\xff\xff\xff"]) if kind.startswith("stream") else b"\xff\xff\xff", timeout=20
                )
                if kind == "unary_unary":
                    self.assertIsInstance(got, Refusal, "bytes that are no message were accepted")

    def test_unknown_method_is_unimplemented(self):
        for server in self.shop.servers:
            self.assertEqual(
                outcome(server.client.raw("/clustr.Nothing/Do"), b"", timeout=5).code, StatusCode.UNIMPLEMENTED
            )

    def create_product(self, **fields):
        return pb.CreateProductRequest(product=pb.Product(**{"product_name": "x", "price": 1, **fields}))

    def test_refused_texts_and_numbers(self):
        product, customer = "product.", "customer."
        table = [
            (product + "product_name", {"product_name": ""}),
            (product + "product_name", {"product_name": "   "}),
            (product + "product_name", {"product_name": "x" * 257}),
            (product + "product_name", {"product_name": "é" * 257}),
            (product + "product_name", {"product_name": "😀" * 257}),
            (product + "product_name", {"product_name": "a\0b"}),
            (product + "product_name", {"product_name": "a\nb"}),
            (product + "product_name", {"product_name": "a\x7fb"}),
            (product + "product_name", {"product_name": "a\u0085b"}),
            (product + "category", {"category": "x" * 257}),
            (product + "brand", {"brand": "\t"}),
            (product + "price", {"price": math.nan}),
            (product + "price", {"price": math.inf}),
            (product + "price", {"price": -math.inf}),
            (product + "price", {"price": -0.01}),
            (product + "price", {"price": 1e10}),
            (product + "price", {"price": 1.7e308}),
            (product + "price", {"price": 0.005}),
            (product + "price", {"price": 1.00002}),
            (product + "unit_cost", {"unit_cost": 0.333}),
            (product + "unit_cost", {"unit_cost": math.nan}),
            (product + "product_sku", {"product_sku": -1}),
            (product + "product_sku", {"product_sku": MAX_ID + 1}),
            (customer + "age", {"age": -1}),
            (customer + "age", {"age": 151}),
            (customer + "dob", {"dob": "2024-02-30"}),
            (customer + "dob", {"dob": "1990-01-01 "}),
            (customer + "dob", {"dob": "0000-01-01"}),
            (customer + "dob", {"dob": "١٩٩٠-٠١-٠١"}),
            (customer + "first_name", {"first_name": ""}),
            (customer + "city", {"city": "\x1b[31m"}),
        ]
        for field, fields in table:
            with self.subTest(f"{field} {str(fields)[:60]!r}"):
                if field.startswith(product):
                    self.refused(
                        *INVALID, self.catalog.products.CreateProduct, self.create_product(**fields), field=field
                    )
                else:
                    person = {"first_name": "a", "last_name": "b", **fields}
                    self.refused(
                        *INVALID,
                        self.catalog.customers.CreateCustomer,
                        pb.CreateCustomerRequest(customer=pb.Customer(**person)),
                        field=field,
                    )

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

    def test_invalid_utf8_is_refused(self):
        for raw in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"):
            product = b"\x12" + bytes([len(raw)]) + raw + b"\x29" + b"\x00" * 8
            packed = b"\x0a" + bytes([len(product)]) + product
            with self.subTest(raw.hex()):
                got = outcome(self.catalog.raw("/clustr.catalog.v1.ProductService/CreateProduct"), packed, timeout=10)
                self.assertIsInstance(got, Refusal, "stored text that is not UTF-8")

    def test_ten_megabytes_of_name_are_refused_and_the_server_goes_on(self):
        huge = self.create_product(product_name="x" * (10 << 20))
        self.assertEqual(outcome(self.catalog.products.CreateProduct, huge).code, StatusCode.RESOURCE_EXHAUSTED)
        below = self.create_product(product_name="x" * (3 << 20))
        refusal = self.refused(*INVALID, self.catalog.products.CreateProduct, below, field="product.product_name")
        self.assertLess(len(refusal.message), 4096)
        self.answer(self.catalog.products.CreateProduct, self.create_product())

    def test_ids_of_reads(self):
        for bad in (0, -1, MAX_ID + 1, (1 << 63) - 1, -(1 << 63)):
            with self.subTest(bad):
                self.refused(
                    *INVALID,
                    self.catalog.products.GetProduct,
                    pb.GetProductRequest(product_sku=bad),
                    field="product_sku",
                )
                self.refused(*INVALID, self.sales.sales.GetSale, pb.GetSaleRequest(sale_id=bad), field="sale_id")
                self.refused(
                    *INVALID,
                    self.catalog.products.BatchGetProducts,
                    pb.BatchGetProductsRequest(product_skus=[1, bad]),
                    field="product_skus[1]",
                )
        self.refused(
            StatusCode.NOT_FOUND,
            "PRODUCT_NOT_FOUND",
            self.catalog.products.GetProduct,
            pb.GetProductRequest(product_sku=MAX_ID),
        )
        self.refused(
            *INVALID,
            self.catalog.products.BatchGetProducts,
            pb.BatchGetProductsRequest(product_skus=[1] * 1001),
            field="product_skus",
        )

    def test_negative_sizes_are_refused_everywhere(self):
        for call, request, field in (
            (self.catalog.products.ListProducts, pb.ListProductsRequest(page_size=-1), "page_size"),
            (self.catalog.customers.ListCustomers, pb.ListCustomersRequest(page_size=-(1 << 31)), "page_size"),
            (self.catalog.timeframes.ListTimeframes, pb.ListTimeframesRequest(page_size=-1), "page_size"),
            (self.sales.transactions.ListTransactions, pb.ListTransactionsRequest(page_size=-1), "page_size"),
            (self.sales.sales.ListSales, pb.ListSalesRequest(page_size=-1), "page_size"),
            (self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest(page_size=-1), "page_size"),
            (self.catalog.products.ExportProducts, pb.ExportProductsRequest(after_product_sku=-1), "after_product_sku"),
            (self.sales.baskets.StreamSales, pb.StreamSalesRequest(after_revision=-1), "after_revision"),
            (
                self.bundles.rules.ExplainAssociationRule,
                pb.ExplainAssociationRuleRequest(antecedents=[1], consequents=[2], example_count=-1),
                "example_count",
            ),
        ):
            with self.subTest(type(request).__name__):
                self.refused(*INVALID, call, request, field=field)

    def test_request_ids(self):
        for bad in ("x" * 65, "with space", "tab\t", "é", "new\nline"):
            with self.subTest(bad):
                request = self.create_product()
                request.request_id = bad
                self.refused(*INVALID, self.catalog.products.CreateProduct, request, field="request_id")
        request = self.create_product()
        request.request_id = ("!~" + uuid.uuid4().hex)[:64].ljust(64, "x")
        self.answer(self.catalog.products.CreateProduct, request)

    def test_thresholds(self):
        for field, values in (
            ("min_support", (math.nan, -0.1, 1.1, math.inf)),
            ("min_confidence", (math.nan, -0.1, 1.1)),
            ("min_lift", (math.nan, -1)),
            ("min_count", (0, -1)),
            ("max_p_value", (math.nan, -0.1, 1.1)),
            ("max_items", (1, 9, -1)),
            ("max_consequents", (0, 8)),
        ):
            for value in values:
                with self.subTest(f"{field}={value}"):
                    request = pb.ListAssociationRulesRequest(thresholds=pb.RuleThresholds(**{field: value}))
                    self.refused(
                        *INVALID, self.bundles.rules.ListAssociationRules, request, field=f"thresholds.{field}"
                    )

    def test_populations(self):
        for fields in (
            {"min_age": -1},
            {"max_age": 151},
            {"start_date": "2024-02-30"},
            {"end_date": "yesterday"},
            {"cities": ["x"] * 1001},
        ):
            with self.subTest(str(fields)[:40]):
                name = next(iter(fields))
                self.refused(
                    *INVALID,
                    self.bundles.rules.ListAssociationRules,
                    pb.ListAssociationRulesRequest(population=pb.Population(**fields)),
                    field=f"population.{name}",
                )
        nobody = self.answer(
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(population=pb.Population(start_date="2024-02-01", end_date="2024-01-01")),
        )
        self.assertEqual((nobody.total_size, nobody.provenance.basket_count), (0, 0))

    def test_bundle_constraints(self):
        for fields in (
            {"min_items": 1},
            {"max_items": 6},
            {"min_items": 4, "max_items": 3},
            {"min_support": math.nan},
            {"min_confidence": 2},
            {"min_count": 0},
            {"min_total_price": -1},
            {"max_total_price": math.nan},
            {"min_margin_ratio": math.nan},
            {"excluded_skus": [0]},
        ):
            with self.subTest(str(fields)):
                self.refused(
                    *INVALID,
                    self.bundles.recommendations.RecommendBundles,
                    pb.RecommendBundlesRequest(constraints=pb.BundleConstraints(**fields)),
                )
        self.refused(
            *INVALID, self.bundles.recommendations.RecommendBundles, pb.RecommendBundlesRequest(anchor_skus=[1, 1])
        )
        self.refused(
            *INVALID, self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(basket_skus=[0])
        )

    def test_import_limits(self):
        too_many = pb.ImportProductsRequest(products=rows.products(1001, first=1_000_000))
        self.refused(*INVALID, self.catalog.products.ImportProducts, iter([too_many]))
        wrong_mask = pb.ImportProductsRequest(products=rows.products(1), update_mask={"paths": ["nothing"]})
        self.refused(*INVALID, self.catalog.products.ImportProducts, iter([wrong_mask]))

    def test_compressed_bomb_is_refused(self):
        call = self.catalog.products._stub.CreateProduct
        got = outcome(
            call, self.create_product(product_name="x" * (3 << 20)), timeout=10, compression=grpc.Compression.Gzip
        )
        self.assertIsInstance(got, Refusal, "a compressed message was inflated")
        self.answer(self.catalog.products.CreateProduct, self.create_product())

    def test_a_call_at_the_brink_of_its_deadline_is_answered_truly_or_told(self):
        # gRPC rounds a deadline up to a millisecond, in which the server may well answer.
        for number in range(200):
            got = outcome(self.catalog.products.CreateProduct, self.create_product(), timeout=number % 4 / 2000)
            if isinstance(got, Refusal):
                self.assertEqual(got.code, StatusCode.DEADLINE_EXCEEDED, got)
            else:
                read = self.answer(
                    self.catalog.products.GetProduct, pb.GetProductRequest(product_sku=got.product.product_sku)
                )
                self.assertEqual(read.product, got.product)

    def test_logs_hold_no_personal_data(self):
        secret = uuid.uuid4().hex
        person = pb.Customer(first_name=secret, last_name="b", email=secret, city=secret, gender=secret)
        made = self.answer(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person)).customer
        self.answer(self.catalog.customers.GetCustomer, pb.GetCustomerRequest(customer_id=made.customer_id))
        person.dob = f"{secret}"
        outcome(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person))
        person.dob, person.external_id = "2000-01-01", secret
        for _ in range(2):  # the second is refused: the external_id is taken
            outcome(self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=person))
        for text in (f'email = "{secret}"', f"email = {secret} AND {secret}"):
            outcome(self.catalog.customers.ListCustomers, pb.ListCustomersRequest(filter=text, page_size=1, order_by="city"))
        for server in self.shop.servers:
            self.assertNotIn(secret, server.log.read_text(errors="replace"))
