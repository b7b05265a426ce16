"""The scripts under tools/ as users call them: from any folder, on machines with and without the packages they need."""

import csv
import itertools
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

from harness import environment, servers

TOOLS = environment.ROOT / "tools"


class InstallTest(unittest.TestCase):
    def install(self, **stubs):
        """Runs tools/install with programs replaced by the given shell lines."""
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            calls = pathlib.Path(folder, "calls")
            for name, line in stubs.items():
                stub = pathlib.Path(folder, name.replace("_", "-"))
                stub.write_text(f'#!/bin/sh\necho "{stub.name} $*" >> {calls}\n{line}\n')
                stub.chmod(0o755)
            done = subprocess.run(
                [str(TOOLS / "install")],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
                env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
            )
            return done, calls.read_text() if calls.exists() else ""

    def test_nothing_is_done_if_nothing_is_missing(self):
        done, calls = self.install(dpkg_query="echo installed", apt_get="exit 1", sudo="exit 1", id="echo 1000")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertNotIn("apt-get", calls)

    def test_without_rights_it_prints_the_command_to_run_and_exits_3(self):
        done, calls = self.install(
            dpkg_query='case "$*" in *ninja*) echo not-installed; exit 1;; esac; echo installed',
            apt_get="exit 1",
            sudo="exit 1",
            id="echo 1000",
        )
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("apt-get install --no-install-recommends --yes ninja-build\n", done.stderr)
        self.assertNotIn("apt-get", calls)

    def test_with_sudo_it_installs_only_what_is_missing(self):
        done, calls = self.install(
            dpkg_query='case "$*" in *ccache*) exit 1;; esac; echo installed', id="echo 1000", sudo="exit 0"
        )
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("apt-get install --no-install-recommends", calls)
        self.assertTrue(calls.rstrip().endswith(" install ccache"), calls)

    def test_failing_apt_is_an_error(self):
        done, _ = self.install(
            dpkg_query='case "$*" in *ccache*) exit 1;; esac; echo installed',
            id="echo 1000",
            sudo='[ "$*" = "-n true" ]',
        )
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("ccache", done.stderr)


class OptionalToolsTest(unittest.TestCase):
    """The scripts under tests/ that need compilers which tools/install does not install."""

    def run_script(self, name, *arguments, path=None, timeout=60):
        return subprocess.run(
            [str(environment.ROOT / name), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env={**os.environ, **({"PATH": path} if path else {})},
        )

    def test_missing_packages_are_named_and_exit_3(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            for program in ("bash", "dirname", "cat"):
                os.symlink(shutil.which(program), pathlib.Path(folder, program))
            for name, packages in (("tests/arm/run", "g++-aarch64-linux-gnu qemu-user"), ("tests/fuzz/run", "clang-14")):
                with self.subTest(name):
                    done = self.run_script(name, path=folder)
                    self.assertEqual((done.returncode, done.stdout), (3, ""), done)
                    self.assertIn(packages, done.stderr)

    def test_wrong_flags_are_usage_errors(self):
        for name in ("tests/arm/run", "tests/fuzz/run"):
            self.assertEqual(self.run_script(name, "--no-such-flag").returncode, 2, name)

    def test_two_seconds_of_fuzzing_find_nothing(self):
        if not shutil.which("clang++-14") or not list(pathlib.Path("/usr/lib/llvm-14").glob("**/libclang_rt.fuzzer-*.a")):
            environment.missing("clang-14 with libclang-rt-14-dev", "clang")
        done = self.run_script("tests/fuzz/run", "--target=fimi_fuzz", "--seconds=2", timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-4000:])
        self.assertRegex(done.stdout, r"Done \d+ runs")

    def test_the_growth_benchmark_prints_its_six_figures(self):
        if not pathlib.Path(environment.binary("mining_bench")).exists():
            self.skipTest("skipped: mining_bench is not built; CLUSTR_BENCHMARKS is off")
        done = self.run_script("tests/bench/mining_growth", "--small", "--rounds=1", f"--bin={environment.BUILD}/bin", timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.assertEqual(done.stdout.count("CPU s"), 6)


class QuickstartTest(unittest.TestCase):
    def quickstart(self, folder, *arguments):
        return subprocess.run(
            [str(TOOLS / "quickstart"), "--once", f"--build={environment.BUILD}", f"--data-dir={folder}", *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def assert_toured(self, done):
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])
        self.assertRegex(done.stdout, r"\b0 differences")
        self.assertIn("Without --once they keep serving", done.stdout)
        self.assertNotIn("grpcurl -plaintext", done.stdout)  # The servers to call have ended.
        self.assertIn("before", done.stdout)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_the_tour_of_a_generated_shop_succeeds_twice_on_the_same_folder(self):
        with tempfile.TemporaryDirectory(prefix="clustr e2e ") as folder:
            for _ in range(2):
                self.assert_toured(self.quickstart(folder, "--ports=0,0,0"))

    def test_the_tour_of_csv_files_succeeds(self):
        sample = environment.shared_data("clustr_sample")
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            self.assert_toured(self.quickstart(folder, "--ports=0,0,0", f"--data={sample}"))

    def test_the_tour_of_json_lines_succeeds(self):
        sample = environment.shared_data("clustr_sample")
        value = lambda text: {"": None, "true": True, "false": False}.get(text, text)
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder, tempfile.TemporaryDirectory() as shop:
            for path in sample.glob("*.csv"):
                with path.open(encoding="utf-8", newline="") as file, pathlib.Path(shop, path.stem + ".jsonl").open("w") as lines:
                    for row in csv.DictReader(file):
                        print(json.dumps({name: value(text) for name, text in row.items()}), file=lines)
            self.assert_toured(self.quickstart(folder, "--ports=0,0,0", f"--data={shop}"))

    def test_the_tour_of_one_file_of_order_lines_succeeds_although_a_row_is_refused(self):
        lines = ["order,product,quantity,price,date,customer"]
        for order in range(1, 61):
            for product in {order % 3, order % 4 + 3, order % 5 + 3}:
                lines.append(f"{order},p{product},1,2.50,{order % 28 + 1:02}.01.2024,c{order % 7}")
        lines.append("61,p1,two,2.50,01.01.2024,c1")
        with tempfile.TemporaryDirectory(prefix="clustr e2e ") as folder:
            orders = pathlib.Path(folder, "my orders.csv")
            orders.write_text("\n".join(lines) + "\n")
            done = self.quickstart(folder, "--ports=0,0,0", f"--flat={orders}", "--", "--date-format=dmy")
            self.assert_toured(done)
            self.assertIn('"two" is not a whole number', done.stderr)
            self.assertIn("bought 1 x", done.stdout)

    def test_the_suggested_calls_are_answered_until_quickstart_is_stopped(self):
        grpcurl = environment.tool("grpcurl")
        command = [str(TOOLS / "quickstart"), f"--build={environment.BUILD}", "--ports=0,0,0"]
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            tour = subprocess.Popen([*command, f"--data-dir={folder}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            with tour:
                said = list(itertools.takewhile(lambda line: "Serving until" not in line, tour.stdout))
                lines = [line for line in said if line.startswith("grpcurl") and '"follow"' not in line]
                answers = [self.ask(grpcurl, *shlex.split(line)[1:]) for line in lines]
                tour.terminate()
                tour.communicate(timeout=60)
        self.assertEqual((len(lines), tour.returncode), (6, 0))
        for line, answer in zip(lines, answers):
            self.assertTrue(answer, line)

    def ask(self, *command):
        return subprocess.run(command, capture_output=True, timeout=60, check=False).stdout

    def test_a_taken_port_is_reported_with_the_remedy(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            port = servers.free_port()
            with servers.socket.socket() as taken:
                taken.bind(("127.0.0.1", port))
                taken.listen()
                done = self.quickstart(folder, f"--ports=0,{port},0")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(str(port), done.stderr)
        self.assertIn("--ports=", done.stderr)

    def test_wrong_flags_are_usage_errors(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            for arguments in (
                ("--no-such-flag",),
                ("--ports=1,2",),
                ("--data=/no/such/folder",),
                ("--flat=/no/such/file",),
                (f"--data={folder}", f"--flat={__file__}"),
                ("--", "--date-format=dmy"),
            ):
                with self.subTest(arguments):
                    done = self.quickstart(folder, *arguments)
                    self.assertEqual(done.returncode, 2)
                    self.assertIn("quickstart: ", done.stderr)
