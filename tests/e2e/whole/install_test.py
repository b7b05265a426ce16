"""What other backends build on: cmake --install, find_package(clustr), clustr.protoset, and docs/examples."""

import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import grpc
from harness import environment, pb, rows
from harness.case import ShopTest
from harness.servers import eventually
from whole.tls_test import SecureShop

EXAMPLES = environment.ROOT / "docs" / "examples"


def run(*arguments, timeout=300, **options):
    done = subprocess.run(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **options,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def service_config():
    """The service config of docs/clients.md, as text."""
    (config,) = re.findall(r"```json\n(.*?)\n```", (environment.ROOT / "docs/clients.md").read_text(encoding="utf-8"), re.S)
    return config


class ServiceConfigTest(unittest.TestCase):
    """The service config of the page, with a server that accepts connections and says nothing."""

    def setUp(self):
        self.server = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        options = [("grpc.service_config", service_config()), ("grpc.enable_retries", 1)]
        channel = self.enterContext(grpc.insecure_channel(f"127.0.0.1:{self.server.getsockname()[1]}", options))
        self.recommend = pb.RecommendationServiceStub(channel).RecommendProducts

    def seconds_until_the_deadline(self, **options):
        start = time.monotonic()
        with self.assertRaises(grpc.RpcError) as caught:
            self.recommend(pb.RecommendProductsRequest(), **options)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        return time.monotonic() - start

    def test_each_entry_has_a_deadline(self):
        self.assertEqual([entry for entry in json.loads(service_config())["methodConfig"] if "timeout" not in entry], [])

    def test_a_call_without_a_deadline_gets_that_of_the_service_config(self):
        self.assertAlmostEqual(self.seconds_until_the_deadline(), 5, delta=3)

    def test_the_shorter_deadline_wins(self):
        self.assertLess(self.seconds_until_the_deadline(timeout=0.5), 4)
        self.assertLess(self.seconds_until_the_deadline(timeout=60), 30)


class InstallTest(ShopTest):
    @classmethod
    def populate(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.prefix = pathlib.Path(scratch.name) / "prefix"
        run("cmake", "--install", environment.BUILD, "--prefix", cls.prefix)
        cls.secure = SecureShop(mutual=True)
        cls.addClassCleanup(cls.secure.close)
        cls.secure.start()
        for shop in (cls.shop, cls.secure):
            rows.import_catalog(shop, rows.products(3), rows.customers(2), rows.timeframes(3))

    def addresses(self, shop=None):
        return [server.address for server in (shop or self.shop).servers]

    def offers_over_tls(self, *command, env=None, **options):
        """Runs an example against servers that ask for a certificate; without one, it gets no answer."""
        certificate, key = self.secure.pairs["catalog"]
        files = {"CLUSTR_CA": self.secure.authority.certificate, "CLUSTR_CERT": certificate, "CLUSTR_KEY": key}
        environ = {**os.environ, **(env or {})}
        self.offers(*command, env={**environ, **{name: str(path) for name, path in files.items()}}, **options)
        refused = subprocess.run(list(map(str, command)), env=environ, capture_output=True, timeout=60, check=False, **options)
        self.assertNotEqual(refused.returncode, 0)

    def offers(self, *command, **options):
        """Runs an example, which must record an amount of 25 and be offered the three older products."""
        first, *offered = run(*command, **options).splitlines()
        self.assertRegex(first, r"^recorded 25(\.0)?$")
        self.assertLessEqual({"Product 1", "Product 2", "Product 3"}, {re.sub(r"^\d+ (.*) \S+$", r"\1", line) for line in offered})

    def refuses(self, *command, **options):
        """Runs an example for an unknown customer, which must print the violation of each field."""
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("\n  transaction.customer_id: catalog has no customer 999; create it first\n", done.stderr)

    def follows_the_page(self, language, *tools):
        """Runs the commands in the README of an example, in a copy of its folder: to fetch, to build, and to start."""
        for tool in tools:
            environment.tool(tool)
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / language
            made = shutil.ignore_patterns("bin", "clustr", "lib", "node_modules", "stubs", "target", "venv")
            shutil.copytree(EXAMPLES / language, folder, ignore=made)
            options = {"cwd": folder, "env": {**os.environ, "PREFIX": str(self.prefix)}}
            page = (folder / "README.md").read_text(encoding="utf-8")
            fetch, *make, start, follow = re.findall(r"```sh\n(.*?)```", page, re.S)
            if subprocess.run(["bash", "-c", fetch], capture_output=True, timeout=300, check=False, **options).returncode:
                environment.missing(f"packages for {language}: {fetch.strip()} failed", language)
            run("bash", "-euo", "pipefail", "-c", "".join(make), timeout=600, **options)
            secure = start
            for default, address, other in zip(("127.0.0.1:50051", "127.0.0.1:50052", "127.0.0.1:50053"), self.addresses(), self.addresses(self.secure)):
                start, follow, secure = start.replace(default, address), follow.replace(default, address), secure.replace(default, other)
            self.offers("bash", "-c", start, **options)
            self.offers_over_tls("bash", "-c", secure, **options)
            self.refuses("bash", "-c", re.sub(r" 1\n$", " 999\n", start), **options)
            self.follows(shlex.split(follow.replace("$PREFIX", str(self.prefix)))[:-2], **options)

    def purchase(self, sku):
        """Records a purchase of three units and returns the line that a follower prints of it."""
        answer = self.sales.transactions.RecordPurchase(rows.purchase(2, [(sku, 3)]))
        return f"basket {answer.transaction.transaction_id} of customer 2: 3 x {sku}"

    def follows(self, command, **options):
        """Runs an example that follows the stream: `command` without position file and count."""
        variables = dict(word.split("=", 1) for word in command if re.match(r"[A-Z]+=", word))
        command = command[len(variables) :]
        options = {**options, "env": {**os.environ, **options.get("env", {}), **variables}}
        with tempfile.TemporaryDirectory() as scratch:
            position = pathlib.Path(scratch) / "position"
            known = len(rows.export(self.sales, "transactions"))
            with subprocess.Popen(
                [*command, str(position), str(known + 4)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
            ) as follower:
                try:
                    expected = [self.purchase(1), self.purchase(2)]
                    eventually(lambda: position.exists(), 30, "a position")
                    self.shop.sales.restart()
                    expected += [self.purchase(3), self.purchase(1)]
                    printed, errors = follower.communicate(timeout=60)
                finally:
                    follower.kill()
            self.assertEqual(follower.returncode, 0, errors)
            lines = printed.splitlines()
            self.assertEqual(lines[-4:], expected)
            self.assertEqual(len(set(lines)), known + 4, "each basket once")
            # Started anew, it prints only what it did not print before.
            expected = self.purchase(2)
            self.assertEqual(run(*command, position, 1, **options).splitlines(), [expected])
            # A history that this server never had is given up, and the stream begins anew.
            position.write_text(f"{10**9} {'0' * 32}\n")
            done = subprocess.run([*command, str(position), str(known + 5)], capture_output=True, text=True, timeout=60, check=True, **options)
            self.assertIn("starting over: ", done.stderr)
            self.assertEqual(done.stdout.splitlines()[-1], expected)

    def test_each_example_has_the_service_config_of_the_page(self):
        config = service_config()
        for file in ("cpp/connect.h", "go/connect/connect.go", "node/connect.js", "python/connect.py"):
            self.assertIn(config, (EXAMPLES / file).read_text(encoding="utf-8"), file)
        java = (EXAMPLES / "java/src/main/java/shop/Connect.java").read_text(encoding="utf-8")
        self.assertLessEqual(set(re.findall(r'"[^"]*"', config)), set(re.findall(r'"[^"]*"', java)))
        self.assertEqual(re.findall(r"(\w+)\": (\d+(?:\.\d+)?)", config), [(name, value.removesuffix(".0")) for name, value in re.findall(r'(\w+)", (\d+\.\d+)', java)])

    def test_installed_programs_run_from_the_prefix(self):
        for program in ("clustr-catalog", "clustr-sales", "clustr-bundles", "clustrctl", "clustr-mine"):
            with self.subTest(program=program):
                self.assertRegex(run(self.prefix / "bin" / program, "--version"), r"\d+\.\d+")

    def test_cpp_example_builds_against_the_package_and_runs(self):
        with tempfile.TemporaryDirectory() as build:
            run("cmake", "-S", EXAMPLES / "cpp", "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
            run("cmake", "--build", build)
            program = [str(pathlib.Path(build) / "basket"), *self.addresses()]
            self.offers(*program, 1)
            self.refuses(*program, "999")
            self.offers_over_tls(program[0], *self.addresses(self.secure), 1)
            self.follows([str(pathlib.Path(build) / "follow"), self.shop.sales.address])

    def test_python_example_runs_on_stubs_made_from_the_protoset(self):
        share = self.prefix / "share" / "clustr"
        files = [path.relative_to(share / "proto") for path in sorted((share / "proto").rglob("*.proto"))]
        with tempfile.TemporaryDirectory() as stubs:
            plugin = run("which", "grpc_python_plugin").strip()
            run(
                "protoc",
                f"--plugin=protoc-gen-grpc={plugin}",
                f"--descriptor_set_in={share / 'clustr.protoset'}",
                f"--python_out={stubs}",
                f"--grpc_out={stubs}",
                *files,
                "google/rpc/status.proto",
                "google/rpc/error_details.proto",
            )
            options = {"env": {**os.environ, "PYTHONPATH": stubs}}
            program = ["/usr/bin/python3", str(EXAMPLES / "python" / "basket.py"), *self.addresses()]
            self.offers(*program, 1, **options)
            self.refuses(*program, "999", **options)
            self.offers_over_tls(*program[:2], *self.addresses(self.secure), 1, **options)
            self.follows(["/usr/bin/python3", str(EXAMPLES / "python" / "follow.py"), self.shop.sales.address], **options)

    def test_python_example_runs_as_its_page_says(self):
        self.follows_the_page("python", "python3")

    def test_go_example_runs_as_its_page_says(self):
        self.follows_the_page("go", "go")

    def test_node_example_runs_as_its_page_says(self):
        self.follows_the_page("node", "node", "npm")

    def test_java_example_runs_as_its_page_says(self):
        self.follows_the_page("java", "java", "mvn")

    def test_protoset_contains_the_comments(self):
        grpcurl = environment.tool("grpcurl")
        protoset = self.prefix / "share" / "clustr" / "clustr.protoset"
        services = run(grpcurl, "-protoset", protoset, "list").split()
        self.assertIn("clustr.catalog.v1.ProductService", services)
        for service in services:
            with self.subTest(service=service):
                self.assertIn("//", run(grpcurl, "-protoset", protoset, "describe", service))
