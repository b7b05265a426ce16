"""What an operator does in the first minute: start, ask for help, list, describe, check health, make mistakes."""

import pathlib
import subprocess
import tempfile
import unittest

from google.protobuf import descriptor_pb2, descriptor_pool

from harness import environment, pb, servers
from harness.case import ShopTest
from harness.client import Client

OWN_SERVICES = {
    "catalog": {
        "clustr.catalog.v1.ProductService",
        "clustr.catalog.v1.CustomerService",
        "clustr.catalog.v1.TimeframeService",
        "clustr.catalog.v1.CatalogStreamService",
    },
    "sales": {
        "clustr.sales.v1.TransactionService",
        "clustr.sales.v1.SaleService",
        "clustr.sales.v1.AnalyticsService",
        "clustr.sales.v1.SalesStreamService",
    },
    "bundles": {
        "clustr.bundles.v1.AssociationRuleService",
        "clustr.bundles.v1.ModelService",
        "clustr.bundles.v1.RecommendationService",
    },
}
COMMON_SERVICES = {"clustr.ops.v1.AdminService", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}


def files_behind(client, symbol):
    """Returns the file that declares a symbol and everything it imports, as FileDescriptorProto by name."""
    found = {}

    def add(answer):
        for packed in answer.file_descriptor_response.file_descriptor_proto:
            proto = descriptor_pb2.FileDescriptorProto.FromString(packed)
            if proto.name not in found:
                found[proto.name] = proto
                for name in proto.dependency:
                    if name not in found:
                        add(client.reflect(file_by_filename=name))

    add(client.reflect(file_containing_symbol=symbol))
    return found


class RunningServersTest(ShopTest):
    def test_reflection_lists_every_service(self):
        for server in self.shop.servers:
            with self.subTest(server.name):
                listed = {
                    service.name for service in server.client.reflect(list_services="").list_services_response.service
                }
                self.assertEqual(listed, OWN_SERVICES[server.name] | COMMON_SERVICES)

    def test_reflected_services_resolve_and_equal_the_contract(self):
        for server in self.shop.servers:
            for service in sorted(OWN_SERVICES[server.name] | {"clustr.ops.v1.AdminService", "grpc.health.v1.Health"}):
                with self.subTest(server=server.name, service=service):
                    files = files_behind(server.client, service)
                    self.assertTrue(files, "no file declares it")
                    pool = descriptor_pool.DescriptorPool()
                    waiting = dict(files)
                    while waiting:
                        ready = [name for name, proto in waiting.items() if not set(proto.dependency) & set(waiting)]
                        self.assertTrue(ready, f"imports that never resolve: {sorted(waiting)}")
                        for name in ready:
                            pool.Add(waiting.pop(name))
                    described = pool.FindServiceByName(service)
                    for name, module in pb.modules.items():
                        if service.rpartition(".")[2] in module.DESCRIPTOR.services_by_name and name.startswith(
                            "clustr/"
                        ):
                            ours = module.DESCRIPTOR.services_by_name[service.rpartition(".")[2]]
                            if ours.full_name == service:
                                self.assertEqual(
                                    [method.name for method in described.methods],
                                    [method.name for method in ours.methods],
                                )
                    for method in described.methods:
                        self.assertTrue(method.input_type.full_name and method.output_type.full_name)

    def test_health_knows_every_service_name(self):
        for server in self.shop.servers:
            for name in ["", "clustr.ops.v1.AdminService", *sorted(OWN_SERVICES[server.name])]:
                with self.subTest(server=server.name, service=name):
                    self.assertEqual(server.health(name), pb.HealthCheckResponse.SERVING)

    def test_health_of_an_unknown_name_is_not_found(self):
        for server in self.shop.servers:
            self.assertIsNone(server.health("clustr.Nothing"))

    def test_status_names_the_server_and_its_connected_upstreams(self):
        for server in self.shop.servers:
            with self.subTest(server.name):
                status = self.status(server.client)
                self.assertEqual(status.service, server.name)
                self.assertTrue(status.version)
                self.assertGreater(status.start_time.seconds, 1_700_000_000)
                self.assertGreater(status.resident_bytes, 1 << 20)
                self.assertTrue(status.store_id)
                self.assertEqual(list(status.problems), [])
                self.assertEqual(
                    [upstream.name for upstream in status.upstreams], [upstream.name for upstream in server.upstreams]
                )
                for upstream in status.upstreams:
                    self.assertTrue(upstream.connected, upstream)

    def test_clustrctl_status_shows_all_three_services(self):
        shown = self.ctl("status").stdout
        for name in ("catalog", "sales", "bundles"):
            self.assertIn(name, shown)

    def test_clustrctl_watch_shows_what_changed_between_two_lines(self):
        before = self.status(self.catalog).revision
        watching = self.shop.start_ctl("watch", "--every=2", "--count=2")
        titles, first = watching.stdout.readline(), watching.stdout.readline()
        made = pb.CreateProductRequest(product=pb.Product(product_name="a", price=1))
        self.answer(self.catalog.products.CreateProduct, made)
        rest = watching.communicate(timeout=30)[0]
        self.assertEqual(watching.returncode, 0)
        self.assertEqual(titles.split()[:3], ["TIME", "CATALOG", "REVISIONS/S"])
        self.assertEqual(first.split()[1], str(before))
        self.assertEqual(rest.split()[1], str(before + 1))
        self.assertIn(rest.split()[2], ("0", "1"))  # One revision in two seconds, rounded.

    def test_clustrctl_watch_refuses_invalid_intervals_and_counts(self):
        for flag in ("--every=0", "--every=nan", "--count=-1"):
            self.assertIn(flag.split("=")[0], self.ctl("watch", flag, code=2).stderr)

    def test_sigterm_ends_a_server_with_exit_code_zero(self):
        for server in reversed(self.shop.servers):
            with self.subTest(server.name):
                self.assertEqual(server.stop(), 0, server.log_tail())

    def test_a_taken_port_ends_a_server_with_an_error(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            second = servers.Server("catalog", folder, port=self.shop.catalog.port)
            done = subprocess.run(
                second.command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
            )
            self.assertNotEqual(done.returncode, 0, done)
            self.assertIn(str(self.shop.catalog.port), done.stderr + done.stdout)

    def test_second_server_on_one_database_file_is_refused(self):
        for server in self.shop.servers:
            with self.subTest(server.name), tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
                second = servers.Server(server.name, folder, server.upstreams)
                second.database_url = server.database_url
                done = subprocess.run(
                    second.command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
                )
                self.assertNotEqual(done.returncode, 0, done)
                self.assertTrue(done.stderr.strip(), "says why")
                self.assertEqual(server.health(), pb.HealthCheckResponse.SERVING)


class CommandLineTest(unittest.TestCase):
    """Command lines of the programs: flags, errors and exit codes."""

    BINARIES = ["clustr-catalog", "clustr-sales", "clustr-bundles"]

    def run_binary(self, name, *arguments, seconds=10):
        """Runs a program that must end by itself; if it continues to run, the test fails."""
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            try:
                return subprocess.run(
                    [environment.binary(name), *arguments],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                self.fail(f"{name} {arguments} still runs after {seconds} s")

    def test_help_names_every_flag(self):
        for name in self.BINARIES:
            with self.subTest(name):
                done = self.run_binary(name, "--help")
                self.assertEqual(done.returncode, 0, done)
                wanted = ["--listen", "--port-file", "--database", "--help", "--version"]
                wanted += [] if name == "clustr-catalog" else ["--catalog"]
                wanted += ["--sales"] if name == "clustr-bundles" else []
                for flag in wanted:
                    self.assertIn(flag, done.stdout)

    def test_version_is_one_line(self):
        for name in [*self.BINARIES, "clustrctl"]:
            with self.subTest(name):
                done = self.run_binary(name, "--version")
                self.assertEqual(done.returncode, 0, done)
                self.assertRegex(done.stdout.strip(), r"^\S.*\d+\.\d+\.\d+$")
                self.assertEqual(done.stdout.count("\n"), 1)

    def test_unknown_flags_are_usage_errors(self):
        for name in [*self.BINARIES, "clustrctl"]:
            with self.subTest(name):
                done = self.run_binary(name, "--no-such-flag=1")
                self.assertEqual(done.returncode, 2, done)
                self.assertIn("no-such-flag", done.stderr)

    def test_invalid_addresses_are_refused(self):
        for name in self.BINARIES:
            for address in ("nowhere", "127.0.0.1:99999", "127.0.0.1:-1", ""):
                with self.subTest(name, address=address):
                    done = self.run_binary(name, f"--listen={address}")
                    self.assertNotEqual(done.returncode, 0, done)
                    self.assertIn("listen", done.stderr)

    def test_a_postgresql_server_that_is_not_there_is_named_with_the_remedy(self):
        nobody = servers.free_port()
        for name in ("clustr-catalog", "clustr-sales"):
            with self.subTest(name):
                done = self.run_binary(name, "--listen=127.0.0.1:0", f"--database=postgresql://127.0.0.1:{nobody}/shop")
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(f"cannot use postgresql://127.0.0.1:{nobody}/shop", done.stderr)
                self.assertIn("refused", done.stderr)
                self.assertIn("check that the server runs", done.stderr)

    def test_a_folder_for_what_a_shared_database_keeps_is_refused(self):
        for flag in ("models", "rule-sets"):
            with self.subTest(flag):
                done = self.run_binary(
                    "clustr-bundles",
                    "--listen=127.0.0.1:0",
                    "--database=postgresql://127.0.0.1/shop",
                    f"--{flag}=folder",
                )
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(f"--{flag}=folder is for --database=sqlite:///PATH", done.stderr)
                self.assertIn(f"leave --{flag} out", done.stderr)

    def test_a_password_in_a_refused_address_is_not_repeated(self):
        for name in self.BINARIES:
            for url in ("postgresql://clustr:hush@db/shop", "mysql://clustr:hush@db/shop", "host=db password=hush"):
                with self.subTest(name, url=url):
                    done = self.run_binary(name, "--listen=127.0.0.1:0", f"--database={url}")
                    self.assertEqual(done.returncode, 2, done)
                    self.assertIn("--database=", done.stderr)
                    self.assertNotIn("hush", done.stdout + done.stderr)

    def test_clustrctl_without_a_command_is_a_usage_error(self):
        self.assertEqual(self.run_binary("clustrctl").returncode, 2)
        self.assertEqual(self.run_binary("clustrctl", "no-such-command").returncode, 2)

    def test_clustrctl_exits_with_three_if_a_server_is_unreachable(self):
        nobody = f"127.0.0.1:{servers.free_port()}"
        done = self.run_binary("clustrctl", f"--bundles={nobody}", "rules")
        self.assertEqual(done.returncode, 3, done)
        self.assertIn(nobody, done.stderr)

    def test_the_port_file_has_the_chosen_port_and_a_missing_folder_is_created(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            database = pathlib.Path(folder, "not", "yet", "there", "catalog.db")
            port_file = pathlib.Path(folder, "port")
            process = subprocess.Popen(
                [
                    environment.binary("clustr-catalog"),
                    "--listen=127.0.0.1:0",
                    f"--port-file={port_file}",
                    f"--database=sqlite:///{database}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                port = servers.eventually(
                    lambda: port_file.exists() and port_file.read_text().strip(), 20, "the port file"
                )
                client = Client(f"127.0.0.1:{port}")
                servers.eventually(
                    lambda: client.admin.GetStatus(pb.GetStatusRequest(), wait_for_ready=True).service, 20, "a status"
                )
                client.close()
                self.assertTrue(database.exists())
                process.terminate()
                self.assertEqual(process.wait(30), 0)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def test_flags_can_be_given_as_environment_variables(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            server = servers.Server(
                "catalog",
                folder,
                environ={
                    "CLUSTR_LISTEN": f"127.0.0.1:{servers.free_port()}",
                    "CLUSTR_DATABASE": f"sqlite:///{folder}/by-env.db",
                },
            )
            server.address = server.environ["CLUSTR_LISTEN"]
            server.command = lambda: [environment.binary("clustr-catalog")]
            try:
                server.start()
                self.assertTrue(pathlib.Path(folder, "by-env.db").exists())
                self.assertEqual(server.stop(), 0)
            finally:
                server.close()
