"""Namespaces and cgroups of the lab's own, in which it may do what it likes: they end, with all that runs in them, with one
process, and that with this one."""

import os
import pathlib
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
PREFIX = "clustr-lab-"


def hierarchies():
    """The folder of this process's cgroup in each hierarchy of cgroup version 1."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers:
            yield pathlib.Path("/sys/fs/cgroup") / controllers.removeprefix("name=") / path.lstrip("/")


def remove_cgroup(cgroup):
    """Removes a cgroup and those below it, once their last processes have gone."""
    end = time.monotonic() + 10
    while cgroup.exists() and time.monotonic() < end:
        for path in sorted((path for path in cgroup.rglob("*") if path.is_dir()), reverse=True):
            try:
                path.rmdir()
            except OSError:
                pass
        try:
            cgroup.rmdir()
        except OSError:
            time.sleep(0.1)


class Namespaces:
    """`init` is a script that is given `folder`, sets up what it wants there, touches FOLDER/ready, and becomes the first process."""

    def __init__(self, folder, init):
        self.folder, self.init_script = pathlib.Path(folder), init
        self.cgroup = f"{PREFIX}{os.getpid()}"
        self.process = None

    def start(self):
        self._remove_cgroups_of_the_dead()
        for hierarchy in hierarchies():
            cgroup = hierarchy / self.cgroup
            cgroup.mkdir(exist_ok=True)
            for file in ("cpuset.cpus", "cpuset.mems"):
                if (cgroup / file).exists():
                    (cgroup / file).write_text((hierarchy / file).read_text())
        unshare = ["unshare", "--cgroup", "--net", "--mount", "--pid", "--uts", "--ipc", "--mount-proc", "--fork", "--kill-child"]
        with open(self.folder / "init.log", "wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", HERE / "join.sh", self.cgroup, *unshare, self.init_script, self.folder],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 20
        while not (self.folder / "ready").exists():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"the namespaces of the lab did not come up:\n{(self.folder / 'init.log').read_text()}")
            time.sleep(0.05)
        self.init = int(pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])

    def command(self, *command):
        """A command line that runs `command` in all of the namespaces and cgroups."""
        inside = ["nsenter", "--target", self.init, "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--"]
        return [str(word) for word in (HERE / "join.sh", self.cgroup, *inside, *command)]

    def on_the_network(self, *command):
        """A command line that runs `command` on the network of the lab, and otherwise where it is."""
        return [str(word) for word in ("nsenter", "--target", self.init, "--net", "--", *command)]

    def stop(self):
        if self.process is not None:
            self.process.kill()  # unshare, which takes the first process with it, and that takes all others.
            self.process.wait()
        for hierarchy in hierarchies():
            remove_cgroup(hierarchy / self.cgroup)

    @staticmethod
    def _remove_cgroups_of_the_dead():
        for hierarchy in hierarchies():
            for left in hierarchy.glob(f"{PREFIX}*"):
                if not pathlib.Path("/proc", left.name.removeprefix(PREFIX)).exists():
                    remove_cgroup(left)
