"""Spans and metrics over the OpenTelemetry protocol: what a collector gets of real calls, and what a bad one costs."""

import json
import subprocess
import tempfile
import time
import unittest

import grpc
from harness import otlp, pb, servers
from harness.certificates import Authority
from harness.scrape import Scrape

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED = [("traceparent", f"00-{TRACE}-{SPAN}-01"), ("tracestate", "vendor=1")]
UNSAMPLED = [("traceparent", f"00-{TRACE}-{SPAN}-00")]


class Case(unittest.TestCase):
    published = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clustr-otlp-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.collector = otlp.Collector(self.folder, self.published and self.published())
        self.addCleanup(self.collector.stop)
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.ports = {}
        for server in self.shop.servers:
            self.ports[server.name] = servers.free_port()
            server.flags += [f"--otlp-endpoint={self.collector.address}", f"--metrics-listen=127.0.0.1:{self.ports[server.name]}", "--trace-sample=0"]

    def value(self, name, metric, **labels):
        return Scrape(self.ports[name]).value(metric, **labels)

    def spans(self, method, **wanted):
        """The spans of a method that the collector has, with these members."""
        return [
            span
            for span in self.collector.spans()
            if span["name"].endswith("/" + method) and all(span.get(key) == value for key, value in wanted.items())
        ]

    def span(self, method, **wanted):
        """The only such span, once it is there."""
        servers.eventually(lambda: self.spans(method, **wanted), 30, lambda: f"{method} {wanted} among {self.collector.spans()}")
        found = self.spans(method, **wanted)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def log(self, server):
        return [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]


class SpansTest(Case):
    def purchase(self, metadata):
        catalog = self.shop.catalog.client
        catalog.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True)))
        customer = pb.Customer(first_name="Grace", last_name="Hopper", email="grace@example.com")
        catalog.customers.CreateCustomer(pb.CreateCustomerRequest(customer=customer), metadata=metadata)
        purchase = pb.Transaction(customer_id=1, purchase_date="2024-01-02")
        request = pb.RecordPurchaseRequest(transaction=purchase, sales=[pb.Sale(product_sku=1, quantity=1)])
        return self.shop.sales.client.transactions.RecordPurchase(request, metadata=metadata).revision

    def test_a_trace_runs_through_the_services(self):
        self.collector.start()
        self.shop.start()
        revision = self.purchase(SAMPLED)
        verify = pb.VerifyAssociationRulesRequest(min_sales_revision=revision)
        self.assertTrue(list(self.shop.bundles.client.rules.VerifyAssociationRules(verify, metadata=SAMPLED)))
        with self.assertRaises(grpc.RpcError):
            self.shop.catalog.client.products.GetProduct(pb.GetProductRequest(product_sku=99), metadata=SAMPLED)

        record = self.span("RecordPurchase", kind="SPAN_KIND_SERVER")
        self.assertEqual((record["trace_id"], record["parent_span_id"], record["service"]), (TRACE, SPAN, "clustr-sales"))
        self.assertEqual(record["trace_state"], "vendor=1")
        method = "clustr.sales.v1.TransactionService/RecordPurchase"
        self.assertEqual(record["attributes"], {"rpc.system.name": "grpc", "rpc.method": method, "rpc.response.status_code": "OK"})
        self.assertNotIn("status", record)
        version = subprocess.run([self.shop.sales.binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        self.assertEqual(record["process"]["service.version"], version)
        self.assertRegex(record["process"]["service.instance.id"], "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        start, end = int(record["start_time_unix_nano"]), int(record["end_time_unix_nano"])
        self.assertTrue(start < end < start + 60e9, record)
        self.assertLess(abs(end / 1e9 - time.time()), 600)

        asked = self.span("CreateTimeframe", kind="SPAN_KIND_CLIENT")
        self.assertEqual((asked["parent_span_id"], asked["service"]), (record["span_id"], "clustr-sales"))
        self.assertEqual(asked["attributes"]["server.address"], "127.0.0.1")
        self.assertEqual(asked["attributes"]["server.port"], self.shop.catalog.port)
        self.assertTrue(start <= int(asked["start_time_unix_nano"]) < int(asked["end_time_unix_nano"]) <= end, (record, asked))
        created = self.span("CreateTimeframe", kind="SPAN_KIND_SERVER")
        self.assertEqual((created["parent_span_id"], created["service"]), (asked["span_id"], "clustr-catalog"))

        # Two streams, and their other ends.
        verified = self.span("VerifyAssociationRules", kind="SPAN_KIND_SERVER", parent_span_id=SPAN)
        for stream, service in (("StreamSales", "clustr-sales"), ("StreamCatalog", "clustr-catalog")):
            opened = self.span(stream, kind="SPAN_KIND_CLIENT", parent_span_id=verified["span_id"])
            self.assertEqual(opened["trace_state"], "vendor=1")
            served = self.span(stream, kind="SPAN_KIND_SERVER", parent_span_id=opened["span_id"])
            self.assertEqual((served["trace_id"], served["service"]), (TRACE, service))

        refused = self.span("GetProduct")
        self.assertEqual(refused["attributes"]["rpc.response.status_code"], "NOT_FOUND")
        self.assertEqual(refused["attributes"]["clustr.reason"], "PRODUCT_NOT_FOUND")
        self.assertNotIn("status", refused)
        logged = {line["span_id"]: line["trace_id"] for line in self.log(self.shop.catalog) if line["event"] == "call"}
        self.assertEqual(logged[refused["span_id"]], TRACE)
        # Nothing else was sampled, and nothing of what was stored or asked for is in it.
        self.assertEqual({span["trace_id"] for span in self.collector.spans()}, {TRACE})
        text = self.collector.lines.read_text(encoding="utf-8")
        for value in ("Grace", "Hopper", "grace@example.com", "Tea", "anonymous"):
            self.assertNotIn(value, text)
        sent = sum(span["service"] == "clustr-catalog" for span in self.collector.spans())
        servers.eventually(lambda: self.value("catalog", "clustr_spans_total", result="sent") == sent, 30, f"{sent} spans to be counted")

    def test_a_caller_decides_about_its_calls_and_the_rate_about_others(self):
        self.collector.start()
        catalog = self.shop.catalog
        catalog.flags.append("--trace-sample=1")
        catalog.start()
        catalog.client.products.ListProducts(pb.ListProductsRequest(), metadata=UNSAMPLED)
        catalog.client.products.ListProducts(pb.ListProductsRequest())
        root = self.span("ListProducts")
        self.assertNotEqual(root["trace_id"], TRACE)
        self.assertEqual(root["parent_span_id"], "")
        catalog.stop()
        catalog.flags.append("--trace-sample=0")
        catalog.start()
        catalog.client.customers.ListCustomers(pb.ListCustomersRequest())
        catalog.client.customers.ListCustomers(pb.ListCustomersRequest(), metadata=UNSAMPLED)
        catalog.client.customers.ListCustomers(pb.ListCustomersRequest(), metadata=SAMPLED)
        catalog.stop()
        self.assertEqual(self.span("ListCustomers")["trace_id"], TRACE)
        self.assertEqual(len(self.spans("ListProducts")), 1)

    def test_the_stream_of_a_follower_is_a_trace_of_its_own(self):
        self.collector.start()
        self.shop.sales.flags.append("--trace-sample=1")
        self.shop.catalog.start()
        self.shop.sales.start()
        compared = self.span("CompareHistory", kind="SPAN_KIND_CLIENT")
        self.assertEqual(self.span("CompareHistory", kind="SPAN_KIND_SERVER")["parent_span_id"], compared["span_id"])
        servers.eventually(lambda: self.value("sales", "clustr_upstream_connected", upstream="catalog") == 1, 30, "the stream")
        self.assertEqual(self.shop.sales.stop(), 0)
        # It ends with the server, whose last spans are sent.
        followed = self.span("StreamCatalog", kind="SPAN_KIND_CLIENT")
        self.assertEqual(followed["parent_span_id"], "")
        self.assertEqual(followed["status"], {"code": "STATUS_CODE_ERROR"})
        self.assertEqual(followed["attributes"]["error.type"], "CANCELLED")
        self.assertEqual(self.span("StreamCatalog", kind="SPAN_KIND_SERVER")["parent_span_id"], followed["span_id"])

    def test_over_tls_both_sides_show_certificates(self):
        authority = Authority(self.folder + "/tls")
        certificate, key = authority.issue("collector")
        own, own_key = authority.issue("catalog")
        self.collector.start(tls=(certificate, key, authority.certificate))
        catalog = self.shop.catalog
        catalog.flags += [f"--otlp-ca={authority.certificate}", f"--tls-cert={own}", f"--tls-key={own_key}", "--trace-sample=1"]
        catalog.launch()
        credentials = grpc.ssl_channel_credentials(authority.certificate.read_bytes())
        with grpc.secure_channel(catalog.address, credentials) as channel:
            stub = pb.ProductServiceStub(channel)
            stub.ListProducts(pb.ListProductsRequest(), wait_for_ready=True, timeout=60)
            self.span("ListProducts")


class MetricsTest(Case):
    def exports(self, service, count):
        """The exports of a service, once there are so many."""
        servers.eventually(lambda: len(self.collector.metrics(service)) >= count, 60, f"{count} exports of {service}")
        return self.collector.metrics(service)

    def test_the_collector_gets_what_prometheus_reads(self):
        self.collector.start()
        for server in self.shop.servers:
            server.flags.append("--otlp-metrics-seconds=1")
        self.shop.start()
        self.shop.catalog.client.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1)))
        for server in self.shop.servers:
            before = len(self.collector.metrics(f"clustr-{server.name}"))
            first, *_, last = self.exports(f"clustr-{server.name}", before + 2)
            families = Scrape(self.ports[server.name]).families
            self.assertEqual(set(last), set(families))
            for name, family in families.items():
                self.check(last[name], family)
            times = [metrics["clustr_revision"]["gauge"]["data_points"][0] for metrics in (first, last)]
            self.assertEqual(times[0]["start_time_unix_nano"], times[1]["start_time_unix_nano"])
            self.assertLess(int(times[0]["time_unix_nano"]), int(times[1]["time_unix_nano"]))
            servers.eventually(lambda name=server.name: self.value(name, "clustr_metric_exports_total", result="sent") >= 2, 30, "exports to be counted")
        self.assertEqual(self.calls("clustr-catalog", "CreateProduct"), 1)

    def check(self, metric, family):
        """A metric, and what Prometheus reads of it some moments later."""
        self.assertEqual(metric["description"], family.documentation)
        kind = {"gauge": "gauge", "counter": "sum", "histogram": "histogram"}[family.type]
        points = metric[kind]["data_points"]
        labels = {frozenset((label, value) for label, value in sample.labels.items() if label != "le") for sample in family.samples}
        self.assertLessEqual({frozenset(otlp.attributes(point).items()) for point in points}, labels, metric)
        if kind != "gauge":
            self.assertEqual(metric[kind]["aggregation_temporality"], "AGGREGATION_TEMPORALITY_CUMULATIVE")
        if kind == "sum":
            self.assertTrue(metric[kind]["is_monotonic"])
        if kind == "histogram":
            for point in points:
                buckets = [int(count) for count in point["bucket_counts"]]
                self.assertEqual(sum(buckets), int(point.get("count", 0)))
                bounds = sorted({float(sample.labels["le"]) for sample in family.samples if "le" in sample.labels})
                self.assertEqual(point["explicit_bounds"] + [float("inf")], bounds)
                self.assertEqual(len(buckets), len(bounds))

    def calls(self, service, method):
        """Calls of a method that the newest export of a service counts."""
        points = self.collector.metrics(service)[-1]["rpc_server_call_duration_seconds"]["histogram"]["data_points"]
        return sum(int(point["count"]) for point in points if otlp.attributes(point)["rpc_method"].endswith("/" + method))

    def test_the_last_export_is_that_of_the_end(self):
        self.collector.start()
        catalog = self.shop.catalog.start()
        for _ in range(3):
            catalog.client.products.ListProducts(pb.ListProductsRequest())
        self.assertEqual(catalog.stop(), 0)
        self.assertEqual(len(self.exports("clustr-catalog", 1)), 1)
        self.assertEqual(self.calls("clustr-catalog", "ListProducts"), 3)

    def test_none_are_sent_if_their_interval_is_zero(self):
        self.collector.start()
        catalog = self.shop.catalog
        catalog.flags.append("--otlp-metrics-seconds=0")
        catalog.start()
        catalog.client.products.ListProducts(pb.ListProductsRequest(), metadata=SAMPLED)
        self.assertEqual(catalog.stop(), 0)
        self.span("ListProducts")
        self.assertEqual(self.collector.metrics("clustr-catalog"), [])

    def test_exports_that_are_not_taken_are_counted_and_later_ones_have_everything(self):
        self.collector.start("refuse")
        catalog = self.shop.catalog
        catalog.flags.append("--otlp-metrics-seconds=1")
        catalog.start()
        catalog.client.products.ListProducts(pb.ListProductsRequest())
        servers.eventually(lambda: self.value("catalog", "clustr_metric_exports_total", result="failed") >= 2, 30, "refused exports")
        self.collector.stop()
        self.collector.start("partly")
        failed = self.value("catalog", "clustr_metric_exports_total", result="failed")
        servers.eventually(lambda: self.value("catalog", "clustr_metric_exports_total", result="failed") > failed, 30, "a part that was refused")
        self.collector.stop()
        self.collector.lines.unlink()
        self.collector.start()
        self.exports("clustr-catalog", 1)
        self.assertEqual(self.calls("clustr-catalog", "ListProducts"), 1)
        events = [line["event"] for line in self.log(catalog)]
        self.assertIn("otlp_failed", events)


class PublishedMetricsTest(MetricsTest):
    """The same with a collector made of the definition that the project of OpenTelemetry publishes."""

    @staticmethod
    def published():
        return otlp.published()


class PublishedDefinitionTest(SpansTest):
    """The same with a collector made of the definition that the project of OpenTelemetry publishes."""

    @staticmethod
    def published():
        return otlp.published()

    def test_the_messages_are_a_part_of_the_definition(self):
        python = otlp.published()
        described = self.folder + "/otlp.binpb"
        subprocess.run(["protoc", "-I", otlp.PROTO, f"--descriptor_set_out={described}", *otlp.proto_files()], check=True)
        done = subprocess.run([python, otlp.HERE / "otlp_compare.py", described], capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, r"^\d{2,} compared\n$")


class BadCollectorTest(Case):
    def setUp(self):
        super().setUp()
        self.catalog = self.shop.catalog

    def ask(self, count=1):
        """Makes sampled calls one after the other and returns their seconds, sorted."""
        seconds = []
        for _ in range(count):
            start = time.monotonic()
            self.catalog.client.products.ListProducts(pb.ListProductsRequest(), metadata=SAMPLED, timeout=60)
            seconds.append(time.monotonic() - start)
        return sorted(seconds)

    def counted(self, result):
        return self.value("catalog", "clustr_spans_total", result=result)

    def events(self):
        return [line["event"] for line in self.log(self.catalog)]

    def test_calls_do_not_wait_for_one_that_is_dead_and_it_gets_the_spans_once_it_lives(self):
        self.catalog.start()
        seconds = self.ask(200)
        self.assertLess(seconds[100], 0.1)
        servers.eventually(lambda: "otlp_failed" in self.events(), 30, "a line")
        self.collector.start()
        servers.eventually(lambda: self.counted("sent") == 200, 60, lambda: f"200 spans; {self.counted('sent')} were sent")
        servers.eventually(lambda: "otlp_works" in self.events(), 30, "a line")
        self.assertEqual(len(self.spans("ListProducts")), 200)
        self.collector.stop()
        self.ask(10)
        self.collector.start()
        servers.eventually(lambda: self.counted("sent") == 210, 60, "the spans after a restart")
        self.assertEqual(self.counted("failed"), 0)
        self.assertEqual(self.catalog.stop(), 0)

    def test_one_that_hangs_holds_up_neither_calls_nor_the_end(self):
        self.collector.start("hang")
        self.catalog.start()
        seconds = self.ask(200)
        self.assertLess(seconds[100], 0.1)
        servers.eventually(lambda: self.collector.count("ExportTraceServiceRequest"), 30, "a request")
        start = time.monotonic()
        self.assertEqual(self.catalog.stop(), 0)
        # A drain takes about a second, and the last spans get two.
        self.assertLess(time.monotonic() - start, 10)

    def test_what_it_refuses_is_counted_and_told(self):
        self.collector.start("refuse")
        self.catalog.start()
        self.ask(3)
        servers.eventually(lambda: self.counted("failed") == 3, 30, "three spans that were refused")
        servers.eventually(lambda: "spans_lost" in self.events(), 30, "a line")
        told = next(line for line in self.log(self.catalog) if line["event"] == "otlp_failed")
        self.assertEqual((told["code"], told["what"], told["collector"]), ("INVALID_ARGUMENT", "spans", self.collector.address))
        self.collector.stop()
        self.collector.start("partly")
        self.ask(1)
        servers.eventually(lambda: self.counted("failed") == 4, 60, "a span that was refused")
        self.assertEqual(self.counted("sent"), 0)

    def test_flags_that_cannot_be_used_end_with_a_sentence(self):
        for flag, words in (
            ("--otlp-endpoint=http://127.0.0.1:4317", "is not HOST:PORT"),
            ("--otlp-endpoint=192.0.2.1:4317", "give --otlp-ca"),
            ("--otlp-ca=/no/such/file", "/no/such/file"),
            ("--trace-sample=2", "is not a number from 0 to 1"),
            ("--otlp-metrics-seconds=soon", "is not a whole number from 0 to 86400"),
        ):
            with self.subTest(flag):
                done = subprocess.run([*self.catalog.command(), flag], capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr.splitlines()[-1])
