"""The servers of an earlier version of Clustr, from a build tree of their own, with which an episode begins."""

import os
import pathlib
import subprocess
import unittest


def require():
    """Skips the test if CLUSTR_OLD_BUILD names no build tree."""
    if not os.environ.get("CLUSTR_OLD_BUILD"):
        raise unittest.SkipTest("--old-build names no servers of an earlier version")


class OldBuild:
    """Lets the servers, which do not run yet, be those of the build tree that CLUSTR_OLD_BUILD names."""

    def __init__(self, servers):
        self.folder = pathlib.Path(os.environ["CLUSTR_OLD_BUILD"]).resolve()
        self.present = {server.name: (server.binary, server.flags) for server in servers}
        for server in servers:
            self.take_back(server)

    def take_back(self, server):
        """Lets a server be the earlier one, with those of its flags that this one knows."""
        server.binary = self.folder / "bin" / f"clustr-{server.name}"
        known = subprocess.run([server.binary, "--help"], capture_output=True, text=True, check=True).stdout
        server.flags = [flag for flag in self.present[server.name][1] if flag.split("=")[0] in known]

    def replace(self, server):
        """Lets a server be the present one."""
        server.binary, server.flags = self.present[server.name]

    def replaced(self, server):
        return server.binary == self.present[server.name][0]
