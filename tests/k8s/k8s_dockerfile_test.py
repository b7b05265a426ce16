"""deploy/image/Dockerfile makes the image of deploy/image/build: the same settings, and with --long the same files, by Buildah."""

import io
import json
import os
import pathlib
import shlex
import subprocess
import tarfile
import tempfile
import unittest

from harness import environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy/image/Dockerfile"


def last_stage():
    """Returns (instruction, words) of each line of the last stage, those that go on in the next line joined."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    start = max(number for number, (instruction, _) in enumerate(lines) if instruction == "FROM")
    return [(instruction, shlex.split(words)) for instruction, words in lines[start:]]


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command[:3]}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class DockerfileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="clustr-dockerfile-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        programs = pathlib.Path(environment.binary("clustrctl")).parent
        run(ROOT / "deploy/image/build", f"--bin={programs}", f"--output={cls.folder}/packed", f"--files={cls.folder}/files")
        with tarfile.open(cls.folder / "packed/clustr.tar") as image:
            manifest = json.load(image.extractfile("manifest.json"))[0]
            cls.config = json.load(image.extractfile(manifest["Config"]))["config"]
            cls.layers = [image.extractfile(layer).read() for layer in manifest["Layers"]]

    def test_its_settings_are_those_of_the_image(self):
        stage = last_stage()
        self.assertEqual(stage[0], ("FROM", ["scratch"]))
        settings = dict(stage)
        self.assertEqual(settings["USER"], [self.config["User"]])
        self.assertEqual(settings["WORKDIR"], [self.config["WorkingDir"]])
        self.assertEqual(settings["ENV"], self.config["Env"])
        labels = dict(label.split("=", 1) for label in settings["LABEL"])
        fixed = {name: text for name, text in self.config["Labels"].items() if name.endswith(("title", "description"))}
        self.assertEqual({name: labels[name] for name in fixed}, fixed)

    def test_the_files_that_it_copies_are_those_of_the_image(self):
        wanted = {}
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as entries:
                wanted.update({entry.name: (entry.mode, entry.linkname, entry.size if entry.isfile() else 0) for entry in entries})
        got = {}
        for path in (self.folder / "files").rglob("*"):
            if path.is_dir() and not path.is_symlink() and str(path.relative_to(self.folder / "files")) not in wanted:
                continue  # A folder that is there because of a file in it alone.
            info, is_link = path.lstat(), path.is_symlink()
            mode = 0o777 if is_link else info.st_mode & 0o7777
            size = info.st_size if path.is_file() and not is_link else 0
            got[str(path.relative_to(self.folder / "files"))] = (mode, os.readlink(path) if is_link else "", size)
        self.assertEqual(got, wanted)

    def test_buildah_makes_an_image_whose_programs_run(self):
        if not environment.LONG:
            environment.missing("--long; this compiles all programs", "buildah")
        environment.tool("buildah")
        environment.tool("debootstrap")
        if os.geteuid() != 0:
            environment.missing("root, which may make a root folder", "buildah")
        run("debootstrap", "--variant=minbase", "bookworm", self.folder / "debian")
        storage = ["--root", self.folder / "storage", "--runroot", self.folder / "running", "--storage-driver=vfs"]
        base = run("buildah", *storage, "from", "scratch").strip()
        run("buildah", *storage, "add", base, self.folder / "debian", "/")
        run("buildah", *storage, "commit", "--rm", base, "localhost/debian:12")
        run("buildah", *storage, "build", "--isolation=chroot", "--pull-never", f"--file={DOCKERFILE}", "--tag=localhost/clustr:tried",
            "--build-arg=REVISION=abc", ROOT)
        made = run("buildah", *storage, "from", "--pull-never", "localhost/clustr:tried").strip()
        for program in ("clustr-catalog", "clustr-sales", "clustr-bundles", "clustrctl"):
            text = run("buildah", *storage, "run", "--isolation=chroot", made, "--", program, "--version")
            self.assertRegex(text, rf"^{program} \d+\.\d+\.\d+")
        config = json.loads(run("buildah", *storage, "inspect", made))["OCIv1"]["config"]
        self.assertEqual((config["User"], config["WorkingDir"]), (self.config["User"], self.config["WorkingDir"]))
        self.assertEqual(config["Labels"]["org.opencontainers.image.revision"], "abc")
