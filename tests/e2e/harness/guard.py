"""The guard in front of one server: nghttpx with the configuration of deploy/guard."""

import pathlib
import subprocess

from harness import environment, servers

CONFIGURATION = environment.ROOT / "deploy" / "guard" / "nghttpx.conf"


class Guard:
    """Runs nghttpx in front of a harness.servers.Server until close(). Skips the test if nghttpx is missing."""

    def __init__(self, server):
        self.port = servers.free_port()
        self.address = f"127.0.0.1:{self.port}"
        command = [
            environment.tool("nghttpx"),
            f"--conf={CONFIGURATION}",
            f"--frontend=127.0.0.1,{self.port};no-tls",
            f"--backend=127.0.0.1,{server.port};;proto=h2",
        ]
        self.log = server.folder / "guard.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        servers.eventually(self.listens, 20, lambda: self.log.read_text(errors="replace"))

    def listens(self):
        return f":{self.port:04X} " in pathlib.Path("/proc/net/tcp").read_text()

    @property
    def pids(self):
        """The process that supervises and the one that works."""
        task = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, task.read_text().split())]

    def close(self):
        self.process.terminate()
        self.process.wait(20)
