"""One machine of a cluster: a PostgreSQL that Patroni starts, promotes and demotes, with a disk and links of its own."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import unittest
import urllib.request

from harness.postgres import PROGRAMS, as_user, user, write_secret
from harness.servers import free_port
from network.proxy import DROP, PASS, Proxy

#: Seconds. A leader that is gone is noticed when its key in etcd expires. Patroni's own defaults are 30, 10 and 10.
TIMES = {"ttl": 10, "loop_wait": 1, "retry_timeout": 3}
SETTINGS = {
    **TIMES,
    # A commit is confirmed once a second machine has it on its disk, and only that machine may be promoted.
    "synchronous_mode": True,
    # A PostgreSQL that has crashed is not started again where another machine can take over.
    "primary_start_timeout": 0,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {"max_connections": 200, "wal_keep_size": "128MB", "min_wal_size": "32MB", "shared_buffers": "32MB"},
    },
}
#: Of a node's own file system.
DISK_BYTES = 768 << 20


class Node:
    """`folder` belongs to the user that runs PostgreSQL, and is a file system of its own if this process may mount one.
    Everything reaches this node, and this node reaches etcd, through a proxy: `clients` for those who use the database,
    the others for the rest of the cluster."""

    def __init__(self, name, folder, password, etcd_address):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.has_disk = mount(self.folder)
        self.data = self.folder / "data"
        self.log = self.folder / "patroni.log"
        self.process = None
        database, rest = free_port(), free_port()
        self.clients = Proxy(f"127.0.0.1:{database}")
        self.database = Proxy(f"127.0.0.1:{database}")
        self.rest = Proxy(f"127.0.0.1:{rest}")
        self.etcd = Proxy(etcd_address)
        self.rest_url = f"http://127.0.0.1:{rest}"
        user = {"username": "clustr", "password": password}
        everyone = "all all 127.0.0.1/32 scram-sha-256"
        self.settings = {
            "scope": "shop",
            "name": name,
            "restapi": {"listen": f"127.0.0.1:{rest}", "connect_address": self.rest.address},
            "etcd3": {"hosts": [self.etcd.address], "use_proxies": True},  # Asks etcd for no other address.
            "bootstrap": {
                "dcs": SETTINGS,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{database}",
                "connect_address": self.database.address,
                "data_dir": str(self.data),
                "bin_dir": str(PROGRAMS),
                "pgpass": str(self.folder / "pgpass"),
                "authentication": {"superuser": user, "replication": user, "rewind": user},
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": [f"host {everyone}", f"host replication {everyone.removeprefix('all ')}"],
            },
        }

    def start(self):
        """Starts Patroni, which starts PostgreSQL, with a copy of the leader's data where this node has none."""
        assert self.process is None, f"{self.name} is running"
        settings = self.folder / "patroni.json"  # Each JSON text is one of YAML, too.
        write_secret(settings, json.dumps(self.settings))
        shutil.chown(settings, user())
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "/usr/bin/patroni", settings],
                **as_user(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def postmaster(self):
        """Returns the pid of PostgreSQL's first process, or None."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    def crash_postgres(self):
        """Ends PostgreSQL without a chance to write anything. Patroni goes on."""
        pid = self.postmaster()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def crash(self):
        """The machine fails: Patroni and PostgreSQL end at once."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
        self.crash_postgres()

    def isolate(self, from_clients=True):
        """Cuts this node off from etcd and the other nodes, whatever it sends, until rejoin()."""
        for each in (self.database, self.rest, self.etcd, *([self.clients] if from_clients else [])):
            each.set(DROP)

    def rejoin(self):
        for each in self.proxies():
            each.set(PASS)

    def proxies(self):
        return (self.database, self.rest, self.etcd, self.clients)

    @contextlib.contextmanager
    def full_disk(self):
        """Meanwhile nothing can be written to the disk of this node."""
        if not self.has_disk:
            raise unittest.SkipTest("no right to mount a file system")
        filler = self.folder / "filler"
        try:
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                while True:
                    file.write(bytes(1 << 20))
            yield
        finally:
            filler.unlink()

    def close(self):
        self.crash()
        for each in self.proxies():
            each.close()
        if self.has_disk:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def api(self, path, body=None):
        """Returns what Patroni's REST interface answers: parsed JSON, or a text. Raises OSError if it refuses."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.rest_url + path, data), timeout=60) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def ask(self, path, body):
        """Asks Patroni for a change. True if it says that it was made."""
        try:
            self.api(path, body)
            return True
        except OSError:
            return False


def mount(folder):
    """Makes a folder, if this process may, a file system of its own, and gives it to the user that runs PostgreSQL."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    shutil.chown(folder, user())
    folder.chmod(0o700)
    return mounted
