"""The container image: the same bytes again, programs that run with what is inside alone, and the documents beside it."""

import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from harness import environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ["clustr-catalog", "clustr-sales", "clustr-bundles", "clustrctl"]


def build(folder, *flags):
    command = [ROOT / "deploy/image/build", f"--bin={pathlib.Path(environment.binary('clustrctl')).parent}", f"--output={folder}", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="clustr-image-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        done = build(cls.folder / "first", "--revision=abc")
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.image = tarfile.open(cls.folder / "first/clustr.tar")
        cls.manifest = json.load(cls.image.extractfile("manifest.json"))[0]
        cls.config_bytes = cls.image.extractfile(cls.manifest["Config"]).read()
        cls.config = json.loads(cls.config_bytes)

    def document(self, name):
        return json.loads((self.folder / "first" / name).read_text())

    def test_two_builds_give_the_same_bytes(self):
        self.assertEqual(build(self.folder / "second", "--revision=abc").returncode, 0)
        for file in (self.folder / "first").iterdir():
            self.assertEqual(file.read_bytes(), (self.folder / "second" / file.name).read_bytes(), file.name)

    def test_it_runs_as_nobody_in_particular_and_says_what_it_is(self):
        self.assertEqual(self.config["config"]["User"], "65532:65532")
        labels = self.config["config"]["Labels"]
        self.assertEqual(labels["org.opencontainers.image.revision"], "abc")
        version = labels["org.opencontainers.image.version"]
        self.assertEqual(self.manifest["RepoTags"], [f"localhost/clustr:{version}"])
        layers = [self.image.extractfile(layer).read() for layer in self.manifest["Layers"]]
        self.assertEqual(self.config["rootfs"]["diff_ids"], ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers])

    def test_every_program_runs_with_nothing_but_the_image(self):
        if os.geteuid() != 0:
            environment.missing("root, which may change the root folder", "root")
        root = self.folder / "root"
        root.mkdir()
        for layer in self.manifest["Layers"]:
            with tarfile.open(fileobj=io.BytesIO(self.image.extractfile(layer).read())) as entries:
                entries.extractall(root)
        for program in PROGRAMS:
            command = [shutil.which("chroot", path="/usr/sbin:/usr/bin"), "--userspec=65532:65532", root, f"/usr/bin/{program}", "--version"]
            done = subprocess.run(command, capture_output=True, text=True, env={}, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, rf"^{program} \d+\.\d+\.\d+")

    def test_the_bill_of_materials_names_every_package_with_its_version(self):
        bill = self.document("clustr.spdx.json")
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        image, *packages = bill["packages"]
        self.assertEqual(image["checksums"][0]["checksumValue"], hashlib.sha256(self.config_bytes).hexdigest())
        inside = {package["name"]: package["versionInfo"] for package in packages}
        for name in ("libc6", "libgrpc++1.51", "libprotobuf32", "libssl3", "libsqlite3-0"):
            version = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", name], capture_output=True, text=True, check=True).stdout
            self.assertEqual(inside.get(name), version, name)

    def test_the_provenance_names_the_commit_and_the_programs(self):
        provenance = self.document("clustr.provenance.json")
        self.assertEqual(provenance["subject"][0]["digest"]["sha256"], hashlib.sha256(self.config_bytes).hexdigest())
        materials = provenance["predicate"]["buildDefinition"]["resolvedDependencies"]
        self.assertEqual(materials[0]["uri"], "clustr@abc")
        self.assertEqual([m["name"] for m in materials[1:5]], PROGRAMS)

    def test_a_missing_program_is_named(self):
        command = [ROOT / "deploy/image/build", f"--bin={self.folder}", f"--output={self.folder / 'none'}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("clustr-catalog is missing; build it first", done.stderr)
