"""Every case of the table of bad input (bad_input/) is refused as specified, stores nothing and disturbs no server."""

import json
import pathlib
import subprocess
import tempfile

from grpc import StatusCode

from bad_input import (
    analytics,
    every_model,
    files,
    imports,
    json_requests,
    lines,
    purchases,
    recommendations,
    rows_of_catalog,
    rule_sets,
    rules,
    streams,
    texts_of_lists,
    wire,
)
from bad_input.case import TOO_LARGE, UNDECODABLE, Held
from harness import environment, pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome

THEMES = [
    every_model,
    rows_of_catalog,
    texts_of_lists,
    purchases,
    lines,
    imports,
    analytics,
    streams,
    rules,
    rule_sets,
    recommendations,
    wire,
]
TABLE = [case for theme in THEMES for case in theme.TABLE]
#: RPCs for which no request is wrong.
NEVER_REFUSED = {
    "AdminService.GetStatus": "has no fields",
    "Health.Watch": "answers SERVICE_UNKNOWN for an unknown name",
    "ServerReflection.ServerReflectionInfo": "answers an error_response in the stream",
}


def is_personal(field):
    return field.GetOptions().Extensions[pb.modules["clustr/options/v1/options.proto"].field].personal


def personal_values(message):
    """Yields the name and the value of each text that is set in a personal field, at any depth."""
    for field, value in message.ListFields():
        values = value if field.label == field.LABEL_REPEATED else [value]
        for one in values:
            if field.type == field.TYPE_MESSAGE:
                yield from personal_values(one)
            elif field.type == field.TYPE_STRING and is_personal(field):
                yield field.name, one


def value_at(message, path):
    """Returns the number or text that is set at a path such as `sales[2].quantity`, unless it is personal; or None."""
    for step in path.split("."):
        name, _, index = step.rstrip("]").partition("[")
        is_set = {field.name: field for field, _ in message.ListFields()} if hasattr(message, "ListFields") else {}
        if name not in is_set or is_personal(is_set[name]):
            return None
        message = getattr(message, name)
        if index:
            message = message[int(index)]
    return message if isinstance(message, (int, str)) and not isinstance(message, bool) else None


def kind_of(method):
    sides = (method.client_streaming, method.server_streaming)
    return "_".join("stream" if streaming else "unary" for streaming in sides)


class BadInputTest(ShopTest):
    @classmethod
    def populate(cls):
        catalog, sales = cls.shop.catalog.client, cls.shop.sales.client
        products = rows.products(21)
        products[0].external_id = "taken"
        customers = rows.customers(5)
        customers[0].external_id = "taken"
        revision = rows.import_catalog(cls.shop, products, customers, rows.timeframes(31))
        catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=21))
        headers = [pb.Transaction(transaction_id=number, customer_id=1, time_id=number) for number in range(1, 6)]
        headers[0].external_id = "taken"
        lines_of_them = [
            pb.Sale(sale_id=number, transaction_id=1 + number % 5, product_sku=number, quantity=3, returned_quantity=2)
            for number in range(1, 11)
        ]
        rows.import_rows(sales, headers, min_catalog_revision=revision)
        rows.import_rows(sales, lines_of_them)
        for call, request in (
            (catalog.products.CreateProduct, pb.CreateProductRequest(product={"product_name": "Tee", "price": 1})),
            (sales.transactions.RecordPurchase, rows.purchase(1, [(1, 1), (2, 1)])),
            (sales.sales.ReturnSale, pb.ReturnSaleRequest(sale_id=1, quantity=1)),
        ):
            request.request_id = "taken"
            call(request)
        cls.methods = {
            f"{service.name}.{method.name}": (server, method)
            for server in cls.shop.servers
            for service in cls.services_of(server)
            for method in service.methods
        }
        cls.held = Held(
            {
                rpc: cls.first_page(rpc)
                for rpc, (_, method) in cls.methods.items()
                if "page_size" in method.input_type.fields_by_name
            },
            {server.name: server.client.admin.GetStatus(pb.GetStatusRequest()).store_id for server in cls.shop.servers},
        )

    @staticmethod
    def services_of(server):
        """Returns the descriptors of the services that the server lists by reflection."""
        names = server.client.reflect(list_services="").list_services_response.service
        return [pb.service(listed.name) for listed in names]

    @classmethod
    def send(cls, rpc, request, timeout=20):
        """Returns one or several messages, or a Refusal. Bytes are sent as they are and need not be a message."""
        server, method = cls.methods[rpc]
        packed = [
            message if isinstance(message, bytes) else message.SerializeToString()
            for message in (request if isinstance(request, list) else [request])
        ]
        call = server.client.raw(f"/{method.containing_service.full_name}/{method.name}", kind_of(method))
        got = outcome(call, iter(packed) if method.client_streaming else packed[0], timeout=timeout)
        if isinstance(got, Refusal):
            return got
        parse = pb.message(method.output_type.full_name).FromString
        return [parse(one) for one in got] if method.server_streaming else parse(got)

    @classmethod
    def first_page(cls, rpc):
        """Returns the next_page_token of a page of one row."""
        request = pb.message(cls.methods[rpc][1].input_type.full_name)(page_size=1)
        if "thresholds" in request.DESCRIPTOR.fields_by_name:
            request.thresholds.min_count = 1  # No two baskets are equal.
        return cls.send(rpc, request).next_page_token

    def stored(self):
        """Returns what no case may change. Rules are left out, because the floor may be mined in the meantime."""
        state = []
        for server in self.shop.servers:
            status = self.status(server.client)
            counts = {kind: count for kind, count in status.row_counts.items() if kind != "rules"}
            state.append((status.service, status.revision, counts))
        return state

    def exported(self):
        return [
            rows.export(client, model)
            for client, models in (
                (self.catalog, ("products", "customers", "timeframes")),
                (self.sales, ("transactions", "sales")),
            )
            for model in models
        ]

    def serves(self):
        for server in self.shop.servers:
            self.assertEqual(server.health(), pb.HealthCheckResponse.SERVING, server.name)

    def check_rows(self, case, summary):
        """Checks an import that must have refused each of its rows, for the same reason."""
        for name in ("created_count", "updated_count", "unchanged_count"):
            self.assertEqual(getattr(summary, name, 0), 0, summary)
        self.assertGreater(summary.failed_count, 0)
        for error in summary.errors:
            told = {(violation.field, violation.reason): violation.description for violation in error.violations}
            self.assertIn((case.field, case.reason), told)
            self.assertIn(case.says, told[case.field, case.reason])

    def check_each(self, table, check):
        """Checks each case, and that it stores nothing and all servers still serve."""
        # Returns when bundles has caught up.
        self.bundles.rules.ListPopulationValues(pb.ListPopulationValuesRequest(**self.shop.revisions()))
        everything, before = self.exported(), self.stored()
        for case in table:
            with self.subTest(case=case.name, of=getattr(case, "rpc", "")):
                try:
                    check(case)
                finally:
                    expected, before = before, self.stored()
                self.assertEqual(before, expected, "something was stored")
                self.serves()
        self.assertEqual(self.exported(), everything)

    def check_request(self, case):
        request = case.request(self.held) if callable(case.request) else case.request
        for timeout in (0.3, 1, 3) if case.code == StatusCode.DEADLINE_EXCEEDED else (20,):
            got = self.send(case.rpc, request, timeout)
            if not (isinstance(got, Refusal) and got.by_the_client):
                break
        if case.code == StatusCode.OK:
            self.assertNotIsInstance(got, Refusal, str(got))
            self.check_rows(case, getattr(got, "summary", got))
        else:
            self.assertIsInstance(got, Refusal, f"accepted: {str(got)[:500]}")
            self.check_refusal(got, case.code, case.reason, case.field)
            self.assertIn(case.says, got.message)
            self.check_values(got, request)

    def check_values(self, got, request):
        """Checks that the metadata tell the value of the refused field, and nothing personal."""
        if got.info is None:
            return
        metadata = got.info.metadata
        for message in request if isinstance(request, list) else [request]:
            if isinstance(message, bytes):
                continue
            for field, text in personal_values(message):
                self.assertNotIn(text, metadata.values(), f"{field} is personal: {got.info}")
            value = value_at(message, metadata.get("field", ""))
            if value is not None and got.reason in ("FIELD_INVALID", "REFERENCE_MISSING"):
                told = value if isinstance(value, int) or len(value) <= 40 else f"{value[:40]}…"
                self.assertEqual(metadata.get("value"), str(told), str(got.info))

    def check_json(self, case):
        server, method = self.methods[case.rpc]
        done = subprocess.run(
            [self.grpcurl, "-plaintext", "-d", case.json, server.address, f"{method.containing_service.full_name}/{method.name}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self.assertNotEqual(done.returncode, 0, f"accepted: {done.stdout}")
        self.assertIn(case.says, done.stderr)

    def import_file(self, file, content, code=0):
        """Returns what clustrctl printed, and the summary of the only table."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, file).write_bytes(content)
            done = self.ctl("--output=json", "import", folder, code=code)
        return done.stderr, json.loads(done.stdout)["summary"] if done.stdout else {}

    def check_file(self, case):
        self.assertIn(case.says, self.import_file(case.file, case.bytes, case.code)[0])

    def test_every_request_ends_as_specified(self):
        self.check_each(TABLE, self.check_request)

    def test_every_file_ends_as_specified(self):
        self.check_each(files.TABLE, self.check_file)

    def test_the_same_rows_in_files_of_any_form_are_imported_once(self):
        for number, (file, content) in enumerate(files.SAME):
            with self.subTest(content=content):
                counts = self.import_file(file, content)[1]
                self.assertEqual(counts.get("created_count" if number == 0 else "unchanged_count"), "2", counts)

    def test_bad_rows_of_a_file_are_reported_and_the_others_are_stored(self):
        told, counts = self.import_file("products.csv", files.MIXED, files.ROWS_FAILED)
        self.assertEqual((counts["created_count"], counts["failed_count"]), ("2", "3"))
        for says in files.MIXED_SAYS:
            self.assertIn(says, told)
        for sku in (610, 611):
            self.answer(self.catalog.products.GetProduct, pb.GetProductRequest(product_sku=sku))

    def test_every_json_ends_as_specified(self):
        self.grpcurl = environment.tool("grpcurl")
        self.check_each(json_requests.TABLE, self.check_json)

    def test_every_listing_has_a_page_token_to_damage(self):
        without = {rpc for rpc, token in self.held.tokens.items() if not token}
        one_page = {"ModelService.ListModels", "AssociationRuleService.ListRuleSets"}
        self.assertEqual(without, one_page, "there is one model, and no rule set")

    def test_the_table_has_200_cases_and_a_bad_request_for_every_rpc(self):
        names = [(case.rpc, case.name) for case in TABLE]
        self.assertGreaterEqual(len(names), 200)
        self.assertEqual(len(set(names)), len(names), "each case has its own name")
        reached = {case.rpc for case in TABLE if case.code not in (UNDECODABLE[0], TOO_LARGE[0])}
        self.assertEqual(set(self.methods) - reached, set(NEVER_REFUSED), "every RPC has its own bad request")
        print(f"{len(TABLE)} requests over {len(reached)} RPCs, {len(files.TABLE)} files", flush=True)
