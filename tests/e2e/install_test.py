"""What other backends build on: cmake --install, find_package(clustr), clustr.protoset, and the examples of docs/examples."""

import os
import pathlib
import re
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

    def offers(self, *command, **options):
        """Runs an example against the suite: it records 25 units of money and is offered the three older products."""
        addresses = [server.address for server in (self.shop.catalog, self.shop.sales, self.shop.bundles)]
        first, *offered = run(*command, *addresses, 1, **options).splitlines()
        self.assertRegex(first, r"^recorded 25(\.0)?$")
        self.assertLessEqual({"Product 1", "Product 2", "Product 3"}, {re.sub(r"^\d+ (.*) \S+$", r"\1", line) for line in offered})

    def test_programs_answer_from_the_prefix(self):
        for program in ("clustr-catalog", "clustr-sales", "clustr-bundles", "clustrctl", "clustr-mine"):
            with self.subTest(program=program):
                self.assertRegex(run(self.prefix / "bin" / program, "--version"), r"\d+\.\d+")

    def test_cpp_example_builds_against_the_package_and_runs(self):
        with tempfile.TemporaryDirectory() as build:
            run("cmake", "-S", EXAMPLES / "cpp", "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
            run("cmake", "--build", build)
            self.offers(pathlib.Path(build) / "basket")

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
            self.offers("/usr/bin/python3", EXAMPLES / "python" / "basket.py", env={**os.environ, "PYTHONPATH": stubs})

    def test_protoset_shows_the_comments(self):
        grpcurl = environment.tool("grpcurl")
        protoset = self.prefix / "share" / "clustr" / "clustr.protoset"
        services = run(grpcurl, "-protoset", protoset, "list").split()
        self.assertIn("clustr.catalog.v1.ProductService", services)
        for service in services:
            with self.subTest(service=service):
                self.assertIn("//", run(grpcurl, "-protoset", protoset, "describe", service))
