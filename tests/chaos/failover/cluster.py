"""Three PostgreSQL servers that Debian's Patroni keeps as one database: a leader and two that take over."""

import atexit
import functools
import itertools
import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

from failover.node import Node
from harness.postgres import PROGRAMS, write_secret
from harness.servers import START_SECONDS, eventually, free_port

PATRONI, ETCD = pathlib.Path("/usr/bin/patroni"), pathlib.Path("/usr/bin/etcd")
NAMES = ("n1", "n2", "n3")
#: To copy the data of the leader, or to wind it back, on a machine under load.
SETTLED_SECONDS = 150


class Cluster:
    """Can stand for a harness.postgres.Postgres: addresses that it returns name all three nodes."""

    def __init__(self):
        for program in (PATRONI, ETCD):
            if not program.exists():
                raise unittest.SkipTest(f"{program} is missing; install the packages patroni and etcd-server")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-cluster-"))
        self.folder.chmod(0o755)
        self.passfile = self.folder / "passwords"
        self._names = itertools.count(1)
        self.etcd = None
        password = secrets.token_hex(16)
        write_secret(self.passfile, f"*:*:*:clustr:{password}\n")
        self.etcd_port, self.etcd_peers = free_port(), free_port()
        for name in NAMES:
            (self.folder / name).mkdir()
        self.nodes = [Node(name, self.folder / name, password, f"127.0.0.1:{self.etcd_port}") for name in NAMES]

    def start(self):
        url, peers = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.etcd_peers}"
        with open(self.folder / "etcd.log", "ab") as log:
            self.etcd = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", ETCD, f"--data-dir={self.folder / 'etcd'}"]
                + [f"--listen-client-urls={url}", f"--advertise-client-urls={url}"]
                + [f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"]
                + [f"--initial-cluster=default={peers}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        # Patroni ends at once if it does not find etcd.
        eventually(lambda: self._answers(f"{url}/health"), START_SECONDS, "etcd")
        for node in self.nodes:
            node.start()
        self.settle()
        return self

    @staticmethod
    def _answers(url):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except OSError:
            return False

    def leader(self):
        """The node that accepts writes, as all of them see it; None while there is none."""
        members = self.members()
        for member in members:
            if member["role"] == "leader" and member["state"] == "running":
                return next(node for node in self.nodes if node.name == member["name"])
        return None

    def members(self):
        for node in self.nodes:
            try:
                return node.api("/cluster")["members"]
            except (OSError, KeyError):
                continue  # This one is not there, or knows nothing of the others.
        return []

    def settle(self):
        """Waits until a leader has a node that would take over without loss, and the third one follows, too."""

        def settled():
            members = self.members()
            roles = sorted(member["role"] for member in members)
            running = all(member["state"] in ("running", "streaming") for member in members)
            return running and roles == ["leader", "replica", "sync_standby"] and self.leader() is not None

        eventually(settled, SETTLED_SECONDS, lambda: f"the cluster is not whole: {self.members()}\n{self.logs()}")

    def logs(self):
        tails = [f"--- {each.name}\n" + "\n".join(each.log.read_text().splitlines()[-40:]) for each in self.nodes]
        return "\n".join(tails)

    def close(self):
        for node in self.nodes:
            node.close()
        if self.etcd is not None:
            self.etcd.kill()
            self.etcd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hosts(self):
        return ",".join(node.clients.address for node in self.nodes)

    def sql(self, text, database="postgres"):
        """Runs a statement on the leader with psql and returns its rows as text."""
        url = f"postgresql://clustr@{self.hosts()}/{database}?target_session_attrs=read-write&connect_timeout=5"
        return self._psql(url, text).stdout.strip()

    def _psql(self, url, text, check=True):
        return subprocess.run(
            [PROGRAMS / "psql", url, "-Atqc", text],
            env={**os.environ, "PGPASSFILE": str(self.passfile)},
            capture_output=True,
            text=True,
            check=check,
        )

    def _knows(self, node, database):
        url = f"postgresql://clustr@{node.clients.address}/{database}"
        return self._psql(url, "SELECT 1", check=False).returncode == 0

    def new_database(self):
        """Makes an empty database and returns its address, without the password: that is in `passfile`."""
        name = f"shop{next(self._names)}"
        self.sql(f"CREATE DATABASE {name}")
        # libpq gives up where a node does not know the database, instead of trying the next one.
        for node in self.nodes:
            eventually(lambda: self._knows(node, name), SETTLED_SECONDS, f"a database on {node.name}")
        return f"postgresql://clustr@{self.hosts()}/{name}"


@functools.cache
def shared_cluster():
    """The cluster that all episodes of this run share."""
    cluster = Cluster()
    atexit.register(cluster.close)
    return cluster.start()
