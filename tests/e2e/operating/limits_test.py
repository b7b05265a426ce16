"""Limits on requests, headers and streams, and on plaintext to other machines, which flags set."""

import subprocess
import unittest

import grpc
from grpc import StatusCode

from harness import pb, servers


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.catalog = self.shop.catalog

    def serve(self, *flags):
        self.catalog.stop()
        self.catalog.flags = list(flags)
        self.catalog.start()

    def import_mib(self, mib):
        """Imports products in one request of about so many MiB, and returns the status code."""
        row = pb.Product(product_name="Mug", brand="x" * 1000, price=1)
        request = pb.ImportProductsRequest(products=[row] * int(mib * (1 << 20) / row.ByteSize()))
        return self.code_of(lambda: self.catalog.client.products.ImportProducts(iter([request])))

    def code_of(self, call):
        try:
            call()
        except grpc.RpcError as error:
            return error.code()
        return StatusCode.OK

    def test_the_size_of_a_request(self):
        self.serve()
        self.assertEqual(self.import_mib(4.5), StatusCode.RESOURCE_EXHAUSTED)
        self.serve("--max-message-mib=1")
        self.assertEqual(self.import_mib(1.5), StatusCode.RESOURCE_EXHAUSTED)
        self.serve("--max-message-mib=6")
        # Refused for its number of rows alone.
        self.assertEqual(self.import_mib(4.5), StatusCode.INVALID_ARGUMENT)

    def test_the_size_of_headers(self):
        def call():
            self.catalog.client.admin.GetStatus(pb.GetStatusRequest(), metadata=[("x-note", "n" * 10_000)])

        self.serve()
        self.assertEqual(self.code_of(call), StatusCode.RESOURCE_EXHAUSTED)
        self.serve("--max-metadata-kib=16")
        self.assertEqual(self.code_of(call), StatusCode.OK)

    def test_the_calls_of_a_connection(self):
        self.serve("--max-streams-per-connection=2")
        streams = [self.catalog.client.changes.StreamCatalog(pb.StreamCatalogRequest(follow=True), timeout=60) for _ in range(2)]
        for stream in streams:
            next(stream)
        self.assertEqual(
            self.code_of(lambda: self.catalog.client.admin.GetStatus(pb.GetStatusRequest(), timeout=1)),
            StatusCode.DEADLINE_EXCEEDED,
        )
        streams[0].cancel()
        self.assertEqual(
            self.code_of(lambda: self.catalog.client.admin.GetStatus(pb.GetStatusRequest())), StatusCode.OK
        )

    def test_more_calls_of_a_connection_than_by_default(self):
        self.serve("--max-streams-per-connection=700", "--call-limits=streams=2000", "--max-mib-in-flight=64")
        request = pb.StreamCatalogRequest(follow=True)
        streams = [self.catalog.client.changes.StreamCatalog(request, timeout=60) for _ in range(650)]
        for stream in streams:
            next(stream)
        self.catalog.client.admin.GetStatus(pb.GetStatusRequest())
        for stream in streams:
            stream.cancel()
        self.catalog.client.admin.GetStatus(pb.GetStatusRequest())

    def test_values_that_cannot_be_used_end_with_2_and_a_sentence(self):
        for flags, words in (
            (["--max-message-mib=0"], "--max-message-mib"),
            (["--max-message-mib=17"], "is more than half of --max-mib-in-flight=32"),
            (["--max-metadata-kib=64"], "--max-metadata-kib"),
            (["--max-streams-per-connection=0"], "--max-streams-per-connection"),
        ):
            with self.subTest(flags):
                self.catalog.flags = flags
                done = subprocess.run(self.catalog.command(), capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr)

    def test_another_machine_is_followed_in_plaintext_only_if_that_is_allowed(self):
        for server, flag in ((self.shop.sales, "catalog"), (self.shop.bundles, "catalog"), (self.shop.bundles, "sales")):
            with self.subTest(server=server.name, flag=flag):
                own = dict(catalog="127.0.0.1:1", sales="127.0.0.1:1")
                own[flag] = "192.0.2.1:50051"
                server.upstreams = []
                server.flags = [f"--{name}={own[name]}" for name in ("catalog", "sales")[: 1 + (server.name == "bundles")]]
                done = subprocess.run(server.command(), capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(f"--{flag}=192.0.2.1:50051: without --upstream-ca", done.stderr)
                self.assertIn("--insecure=yes", done.stderr)
                server.flags.append("--insecure=yes")
                server.launch()
                servers.eventually(lambda server=server: '"serving"' in server.log.read_text(), 30, server.log_tail)
                server.kill()
