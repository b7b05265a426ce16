"""The Debian packages: what is in them, how their units are hardened, and every line of docs/packages.md with systemd."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import environment
from machine import Machine

PAGE = environment.ROOT / "docs" / "packages.md"
SERVERS = ("catalog", "sales", "bundles")
VERSIONS = ("0.1.0", "0.2.0")  # Of the page: an earlier version and the present one.
#: Where the programs of the earlier version are, from tests/versions/build; without them it is the present ones, packaged twice.
EARLIER = pathlib.Path(os.environ.get("CLUSTR_OLD_BUILD") or environment.BUILD)


def build(folder, version, tree=environment.BUILD):
    command = ["cpack", "-G", "DEB", "-B", folder, "-D", f"CPACK_PACKAGE_VERSION={version}"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return sorted(pathlib.Path(folder).glob("*.deb"))


class PackagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="clustr-packages-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.packages = {package.name.split("_")[0]: package for package in build(cls.folder / "built", VERSIONS[0])}

    def field(self, package, name):
        return subprocess.run(["dpkg-deb", "--field", self.packages[package], name], capture_output=True, text=True, check=True).stdout.strip()

    def unpacked(self, package):
        folder = self.folder / package
        if not folder.exists():
            subprocess.run(["dpkg-deb", "--raw-extract", self.packages[package], folder], check=True)
        return folder

    def test_they_have_names_versions_and_what_they_depend_on(self):
        self.assertEqual(sorted(self.packages), ["clustr", "clustr-bundles", "clustr-catalog", "clustr-sales", "clustr-tools"])
        for package in self.packages:
            self.assertEqual(self.field(package, "Version"), VERSIONS[0])
        for server in SERVERS:
            depends = self.field(f"clustr-{server}", "Depends")
            for library in ("libgrpc++1.51", "libsoci-sqlite3-4.0", "adduser"):
                self.assertIn(library, depends)
            self.assertNotIn("-dev", depends)
        self.assertIn("libopenblas0-serial", self.field("clustr-bundles", "Depends"))

    def test_settings_belong_to_one_server_each_and_are_kept_by_apt(self):
        seen = set()
        for server in SERVERS:
            folder = self.unpacked(f"clustr-{server}")
            names = set(re.findall(r"^(\w+)=", (folder / f"etc/clustr/{server}.env").read_text(), re.MULTILINE))
            self.assertFalse(names & seen)
            seen |= names
            command = re.search(r"ExecStart=(.*)", self.unit(server).read_text()).group(1)
            self.assertEqual(set(re.findall(r"\$\{?(\w+)", command)), names, "each setting is used, and each is there")
            self.assertEqual((folder / "DEBIAN/conffiles").read_text().split(), [f"/etc/clustr/{server}.env"])
            text = subprocess.run([environment.binary(f"clustr-{server}"), "--help"], capture_output=True, text=True, check=True).stdout
            for flag in re.findall(r"--([a-z-]+)=", command):
                self.assertIn(f"--{flag}=", text)

    def unit(self, server):
        return self.unpacked(f"clustr-{server}") / f"usr/lib/systemd/system/clustr-{server}.service"

    def test_units_are_hardened_as_far_as_the_page_says(self):
        (told,) = re.findall(r"`--offline=true`, at (\d\.\d) ", PAGE.read_text(encoding="utf-8"))
        self.assertLess(float(told), 3)
        for server in SERVERS:
            done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", self.unit(server)], capture_output=True, text=True, check=True)
            self.assertIn(f"Overall exposure level for clustr-{server}.service: {told} OK", done.stdout)

    def test_what_a_server_writes_is_for_nobody_else(self):
        for server in SERVERS:
            settings = self.unit(server).read_text().splitlines()
            self.assertIn("StateDirectoryMode=0750", settings)
            self.assertIn("UMask=0027", settings)
            self.assertIn("--mode=0750", (self.unpacked(f"clustr-{server}") / "DEBIAN/postinst").read_text())

    def test_a_plain_installation_touches_no_folder_of_the_system(self):
        prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", environment.BUILD, "--prefix", prefix, "--component", "tools"], check=True, capture_output=True)
        self.assertTrue((prefix / "bin/clustrctl").exists())
        scripts = (environment.BUILD / "cmake_install.cmake").read_text()
        for folder in ("/etc/clustr", "/usr/lib/systemd/system"):
            conditions = [block.split("\n")[0] for block in re.split(r"(?m)^if\(", scripts) if f'DESTINATION "{folder}"' in block]
            self.assertEqual(len(conditions), len(SERVERS), folder)
            self.assertFalse([condition for condition in conditions if "NOT CMAKE_INSTALL_COMPONENT" in condition], folder)


class PageTest(unittest.TestCase):
    def test_every_line_of_the_page_prints_what_it_says(self):
        machine = Machine()
        self.addCleanup(machine.stop)
        for version, tree in zip(VERSIONS, (EARLIER, environment.BUILD)):
            with tempfile.TemporaryDirectory() as built:
                for package in build(built, version, tree):
                    package.rename(machine.files / package.name)
        machine.start()
        blocks = re.findall(r"```sh\n(.*?)```\n(?:```output\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.S)
        self.assertGreater(len(blocks), 9)
        for commands, expected in blocks:
            printed = machine.run(commands)
            for line in expected.splitlines():
                self.assertIn(line, printed, commands)
            if "verify" in commands:  # There is a shop, and the units run.
                threads = "ps -L -o ni= -p $(pidof clustr-bundles)"
                printed = machine.run(f"clustrctl recommend --all-products --intent=similar > /dev/null\n{threads}")
                self.assertIn("19", printed.split(), "the unit lets no thread lower its priority")
