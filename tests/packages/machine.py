"""A machine for a test: this one, copied on write, with systemd and root, in namespaces of its own."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from harness import environment
from harness.servers import eventually
from lab import namespaces, requirements

HERE = pathlib.Path(__file__).resolve().parent


class Machine:
    def __init__(self):
        if os.geteuid() != 0:
            environment.missing("root, who may make namespaces", "packages")
        for program in ("/lib/systemd/systemd", "/usr/sbin/adduser"):
            if not pathlib.Path(program).exists():
                environment.missing(f"{program}, from Debian", "packages")
        if not requirements.has_hierarchies():
            environment.missing("cgroup version 1, which the machine of this test is written for", "packages")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-machine-"))
        self.files = self.folder / "files"
        self.files.mkdir()
        self.namespaces = namespaces.Namespaces(self.folder, HERE / "init.sh")

    def start(self):
        """Starts it. What is in `files` by now is in its folder /srv/shop."""
        self.namespaces.start()
        eventually(lambda: self.runs_to_the_end("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"), 60, "systemd to have started")

    def stop(self):
        self.namespaces.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def runs_to_the_end(self, *command):
        enter = ["env", "HOME=/root", "DEBIAN_FRONTEND=noninteractive"]
        return subprocess.run(self.namespaces.command(*enter, *command), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def run(self, script):
        """What lines of shell print; they must all succeed."""
        done = self.runs_to_the_end("bash", "-euo", "pipefail", "-c", f"cd /srv/shop\n{script}")
        if done.returncode != 0:
            raise AssertionError(f"{script}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout
