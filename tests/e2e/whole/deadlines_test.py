"""A refusal for want of time arrives with its reason, whatever the deadline and whatever library the client uses."""

import base64
import concurrent.futures
import pathlib
import shutil
import subprocess
import tempfile
import time

import grpc
from grpc import StatusCode

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome
from harness.servers import Server

CLIENTS = pathlib.Path(__file__).resolve().parents[1] / "deadlines"
#: Seconds, from the shortest for which the reason is promised to the longest.
DEADLINES = (0.05, 0.1, 0.3, 1, 3, 10, 20, 60)
#: A deadline is tried so often: a machine that stops for a moment may be late once.
ATTEMPTS = 5
FETCH_SECONDS = 300


def build(folder, *command):
    """Runs a command in a copy of a client's folder; skips the test if packages cannot be fetched."""
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
    )
    if done.returncode:
        environment.missing(f"packages: {' '.join(command)} failed: {done.stderr[-300:]}", folder.name)


class DeadlinesTest(ShopTest):
    @classmethod
    def populate(cls):
        rows.import_catalog(cls.shop, rows.products(3), rows.customers(2), rows.timeframes(3))

    def waiting_calls(self):
        """A call of each server that waits for a revision which never comes."""
        return (
            (
                self.shop.bundles,
                "/clustr.bundles.v1.AssociationRuleService/ExplainAssociationRule",
                pb.ExplainAssociationRuleRequest(antecedents=[1], consequents=[2], min_sales_revision=10**9),
            ),
            (
                self.shop.sales,
                "/clustr.sales.v1.TransactionService/RecordPurchase",
                rows.purchase(1, [(1, 1)], min_catalog_revision=10**9),
            ),
        )

    def in_python(self, server, method, request, deadlines):
        channel = grpc.insecure_channel(server.address)
        with channel, concurrent.futures.ThreadPoolExecutor(len(deadlines)) as pool:
            grpc.channel_ready_future(channel).result(30)
            call = channel.unary_unary(method)
            packed = request.SerializeToString()
            ends = [pool.submit(outcome, call, packed, timeout=seconds) for seconds in deadlines]
            return {seconds: end.result() for seconds, end in zip(deadlines, ends)}

    def check_reason(self, seconds, code, reason):
        self.assertEqual((code, reason), (StatusCode.DEADLINE_EXCEEDED, "NOT_YET_VISIBLE"), f"{seconds} s")

    def test_python_sees_the_reason_at_every_deadline(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [
                (method, pool.submit(self.in_python, server, method, request, DEADLINES))
                for server, method, request in self.waiting_calls()
            ]
            ended = [(method, run.result()) for method, run in runs]
        for method, outcomes in ended:
            for seconds, got in outcomes.items():
                with self.subTest(method=method, seconds=seconds):
                    self.assertIsInstance(got, Refusal)
                    attempt = 1
                    while got.by_the_client and seconds <= 1 and attempt < ATTEMPTS:
                        (server, request) = next((s, r) for s, m, r in self.waiting_calls() if m == method)
                        got = self.in_python(server, method, request, (seconds,))[seconds]
                        attempt += 1
                    self.check_reason(seconds, got.code, got.reason)
                    self.assertEqual(set(got.info.metadata) & {"sales_revision", "catalog_revision"},
                                     {"sales_revision", "catalog_revision"})

    def reasons_of(self, command):
        """Runs a client of another language and returns the outcomes as (seconds, code, reason)."""
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        codes = {code.value[0]: code for code in StatusCode}
        for line in done.stdout.splitlines():
            milliseconds, code, details = line.split()
            reason = ""
            if details != "-":
                for detail in pb.Status.FromString(base64.b64decode(details)).details:
                    if detail.Is(pb.ErrorInfo.DESCRIPTOR):
                        info = pb.ErrorInfo()
                        detail.Unpack(info)
                        reason = info.reason
            yield int(milliseconds) / 1000, codes[int(code)], reason

    def check_client(self, command):
        """Checks a client of another language: `command` and its arguments."""
        for server, method, request in self.waiting_calls():
            packed = base64.b64encode(request.SerializeToString()).decode()
            wanted = {seconds: None for seconds in DEADLINES}
            for _ in range(ATTEMPTS):
                late = [seconds for seconds, got in wanted.items() if got is None or (not got[1] and seconds <= 1)]
                if not late:
                    break
                arguments = [str(round(seconds * 1000)) for seconds in late]
                for seconds, code, reason in self.reasons_of([*command, server.address, method, packed, *arguments]):
                    wanted[seconds] = (code, reason)
            for seconds, got in wanted.items():
                with self.subTest(method=method, seconds=seconds):
                    self.assertIsNotNone(got, "no line")
                    self.check_reason(seconds, *got)

    def test_go_sees_the_reason_at_every_deadline(self):
        environment.tool("go")
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(shutil.copytree(CLIENTS / "go", pathlib.Path(scratch) / "go"))
            build(folder, "go", "mod", "download")
            build(folder, "go", "build", "-o", "client", ".")
            self.check_client([str(folder / "client")])

    def test_node_sees_the_reason_at_every_deadline(self):
        node, npm = environment.tool("node"), environment.tool("npm")
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(shutil.copytree(CLIENTS / "node", pathlib.Path(scratch) / "node"))
            build(folder, npm, "install", "--no-package-lock", "--silent")
            self.check_client([node, str(folder / "deadlines.js")])


class StartingTest(ShopTest):
    """A server that cannot reach what it follows says so at once, rather than at the deadline."""

    def test_starting_comes_at_once_where_an_upstream_cannot_be_reached(self):
        for missing in (["catalog"], ["sales"], ["catalog", "sales"]):
            with self.subTest(missing=missing), tempfile.TemporaryDirectory() as folder:
                upstreams = [
                    Server(name, folder) if name in missing else server
                    for name, server in (("catalog", self.shop.catalog), ("sales", self.shop.sales))
                ]
                bundles = Server("bundles", folder, upstreams, flags=["--train=off"])
                bundles.launch()
                self.addCleanup(bundles.kill)
                got = self.first_refusal(bundles)
                self.assertEqual((got.code, got.reason), (StatusCode.UNAVAILABLE, "STARTING"), str(got))
                self.assertEqual(got.info.metadata["unreachable"], ",".join(missing))
                self.assertIn(f"cannot reach {' and '.join(missing)}", got.message)
                self.assertIsNotNone(got.retry_info)
                for seconds in (0.05, 1, 60):
                    start = time.monotonic()
                    again = self.ask(bundles, seconds)
                    self.assertEqual(again.reason, "STARTING", f"{seconds} s: {again}")
                    self.assertLess(time.monotonic() - start, 10)
                bundles.kill()

    def ask(self, bundles, seconds):
        request = pb.RecommendBundlesRequest()
        for _ in range(ATTEMPTS):
            got = outcome(bundles.client.recommendations.RecommendBundles, request, timeout=seconds)
            if not got.by_the_client:
                break
        return got

    def first_refusal(self, bundles):
        """The refusal of a call once the server listens and has tried to reach its upstreams."""
        end = time.monotonic() + 60
        while True:
            got = self.ask(bundles, 1)
            if (got.info and "unreachable" in got.info.metadata) or time.monotonic() > end:
                return got
            time.sleep(0.05)
