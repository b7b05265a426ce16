"""What clustrctl does with an address that names several servers, and with calls that fail for a moment."""

import concurrent.futures
import subprocess

import grpc
from grpc import StatusCode

from harness import environment, rows
from harness.case import ShopTest


class Passage(grpc.GenericRpcHandler):
    """A server that passes unary calls on to a real one, after it has refused the first `refusals` as UNAVAILABLE."""

    def __init__(self, server, refusals=0):
        self.calls = 0
        self._client = server.client
        self._refusals = refusals
        self._server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
        self._server.add_generic_rpc_handlers([self])
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def service(self, call):
        def passed_on(request, context):
            self.calls += 1
            if self.calls <= self._refusals:
                context.abort(StatusCode.UNAVAILABLE, "not now")
            return self._client.raw(call.method)(request)

        return grpc.unary_unary_rpc_method_handler(passed_on)

    def close(self):
        self._server.stop(None).wait()


class SeveralServersTest(ShopTest):
    @classmethod
    def populate(cls):
        rows.import_catalog(cls.shop, rows.products(8000), rows.customers(1), rows.timeframes(3))

    def passage(self, **options):
        passage = Passage(self.shop.catalog, **options)
        self.addCleanup(passage.close)
        return passage

    def list_products(self, *servers):
        """Returns the finished clustrctl that listed products through the servers at these ports, behind one address."""
        address = "ipv4:" + ",".join(f"127.0.0.1:{server.port}" for server in servers)
        command = [environment.binary("clustrctl"), f"--catalog={address}", "list", "products", "--limit=100000", "--output=csv"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def listed(self, *servers):
        done = self.list_products(*servers)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_calls_are_spread_over_all_servers_of_an_address(self):
        passages = [self.passage() for _ in range(3)]
        expected = self.listed(self.shop.catalog)
        for _ in range(20):  # A server that connects late may miss a run.
            self.assertEqual(self.listed(*passages), expected)
            if all(passage.calls for passage in passages):
                return
        self.fail(f"calls of each server: {[passage.calls for passage in passages]}")

    def test_a_read_that_is_refused_for_a_moment_is_repeated(self):
        passage = self.passage(refusals=2)
        self.assertEqual(self.listed(passage), self.listed(self.shop.catalog))
        self.assertEqual(passage.calls, 2 + 8)

    def test_a_read_that_is_refused_again_and_again_fails_after_four_attempts(self):
        passage = self.passage(refusals=1000)
        done = self.list_products(passage)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("not now", done.stderr)
        self.assertEqual(passage.calls, 4)
