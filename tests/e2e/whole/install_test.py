"""What other backends build on: cmake --install, find_package(clustr), clustr.protoset, and docs/examples."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from harness import environment, rows
from harness.case import ShopTest

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


class InstallTest(ShopTest):
    @classmethod
    def populate(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.prefix = pathlib.Path(scratch.name) / "prefix"
        run("cmake", "--install", environment.BUILD, "--prefix", cls.prefix)
        rows.import_catalog(cls.shop, rows.products(3), rows.customers(2), rows.timeframes(3))

    def addresses(self):
        return [server.address for server in (self.shop.catalog, self.shop.sales, self.shop.bundles)]

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
            shutil.copytree(EXAMPLES / language, folder, ignore=shutil.ignore_patterns("bin", "clustr", "node_modules", "stubs", "venv"))
            options = {"cwd": folder, "env": {**os.environ, "PREFIX": str(self.prefix)}}
            page = (folder / "README.md").read_text(encoding="utf-8")
            fetch, *make, start = re.findall(r"```sh\n(.*?)```", page, re.S)
            if subprocess.run(["bash", "-c", fetch], capture_output=True, timeout=300, check=False, **options).returncode:
                environment.missing(f"packages for {language}: {fetch.strip()} failed", language)
            run("bash", "-euo", "pipefail", "-c", "".join(make), timeout=600, **options)
            for default, address in zip(("127.0.0.1:50051", "127.0.0.1:50052", "127.0.0.1:50053"), self.addresses()):
                start = start.replace(default, address)
            self.offers("bash", "-c", start, **options)
            self.refuses("bash", "-c", re.sub(r" 1\n$", " 999\n", start), **options)

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
            program = ["/usr/bin/python3", str(EXAMPLES / "python" / "basket.py"), *self.addresses()]
            self.offers(*program, 1, env={**os.environ, "PYTHONPATH": stubs})
            self.refuses(*program, "999", env={**os.environ, "PYTHONPATH": stubs})

    def test_python_example_runs_as_its_page_says(self):
        self.follows_the_page("python", "python3")

    def test_go_example_runs_as_its_page_says(self):
        self.follows_the_page("go", "go")

    def test_node_example_runs_as_its_page_says(self):
        self.follows_the_page("node", "node", "npm")

    def test_protoset_contains_the_comments(self):
        grpcurl = environment.tool("grpcurl")
        protoset = self.prefix / "share" / "clustr" / "clustr.protoset"
        services = run(grpcurl, "-protoset", protoset, "list").split()
        self.assertIn("clustr.catalog.v1.ProductService", services)
        for service in services:
            with self.subTest(service=service):
                self.assertIn("//", run(grpcurl, "-protoset", protoset, "describe", service))
