"""Real servers as child processes, which can be started, drained, killed and restarted; each has its own log."""

import atexit
import functools
import itertools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import grpc

from harness import environment, pb
from harness.client import Client
from harness.postgres import LOG_STATEMENTS, Postgres
from postgresql.two_users import TwoUsers

START_SECONDS = 60
#: Runs at the same time, whose process ids are close, begin far apart.
_ports = itertools.count(18000 + os.getpid() * 397 % 12000)


def free_port():
    """Returns a port below the ephemeral range, so that no outgoing connection takes it while its server is down."""
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def eventually(condition, seconds, what):
    """Polls until `condition()` is true and returns its value. Fails after `seconds`, saying what it waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still waiting: {what() if callable(what) else what}")
        time.sleep(0.02)


@functools.cache
def shared_postgres():
    """The PostgreSQL that all tests of this run share, each in a database of its own. It logs every statement."""
    postgres = Postgres(free_port(), LOG_STATEMENTS)
    atexit.register(postgres.close)
    return postgres.start()


class Server:
    """One server on one database, a file if none is given. Its port stays the same across restarts, so that others find it."""

    def __init__(self, name, folder, upstreams=(), port=None, environ=None, flags=(), database_url=None):
        self.name = name
        self.binary = environment.binary(f"clustr-{name}")
        self.folder = pathlib.Path(folder)
        self.database = self.folder / f"{name}.db"
        self.database_url = database_url or f"sqlite:///{self.database}"
        self.log = self.folder / f"{name}.log"
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.upstreams = list(upstreams)
        self.environ = environ or {}
        self.flags = list(flags)
        self.process = None
        self._client = None

    def command(self):
        return [
            str(self.binary),
            f"--listen={self.address}",
            f"--port-file={self.folder / self.name}.port",
            f"--database={self.database_url}",
            *(f"--{upstream.name}={upstream.address}" for upstream in self.upstreams),
            *self.flags,
        ]

    def launch(self):
        """Starts the process without waiting; `wait` returns once it serves."""
        assert self.process is None, f"{self.name} is running"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environ},
            )
        return self

    def wait(self, service="", seconds=START_SECONDS):
        """Waits until the health service says SERVING for `service`."""

        def serving():
            if self.process.poll() is not None:
                code, self.process = self.process.returncode, None
                raise AssertionError(f"clustr-{self.name} ended with {code}\n{self.log_tail()}")
            return self.health(service) == pb.HealthCheckResponse.SERVING

        eventually(serving, seconds, lambda: f"clustr-{self.name} is not SERVING '{service}'\n{self.log_tail()}")
        return self

    def wait_for_upstreams(self, seconds=START_SECONDS):
        """Waits until the upstreams are connected. A server serves before that, and refuses what it has to ask them."""

        def missing():
            told = self.client.admin.GetStatus(pb.GetStatusRequest(), timeout=2)
            return [upstream.name for upstream in told.upstreams if not upstream.connected]

        eventually(lambda: not missing(), seconds, lambda: f"clustr-{self.name} has not reached {missing()}")

    def start(self):
        return self.launch().wait()

    def health(self, service=""):
        """Returns the ServingStatus, or None if there is no answer."""
        try:
            return self.client.health.Check(pb.HealthCheckRequest(service=service), timeout=2).status
        except grpc.RpcError:
            return None

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def client(self):
        if self._client is None:
            self._client = Client(self.address)
        return self._client

    def stop(self):
        """Sends SIGTERM and returns the exit code. A server still running after 30 s is killed and fails the test."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"clustr-{self.name} did not end within 30 s of SIGTERM\n{self.log_tail()}")

    def kill(self):
        """Sends SIGKILL, which leaves the server no time to act."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        """Ends the process, if it is running, and closes the channel, which survives restarts."""
        self.kill()
        if self._client is not None:
            self._client.close()
            self._client = None

    def log_tail(self, lines=30):
        text = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([f"--- end of {self.name}.log", *text[-lines:], "---"])


class Shop:
    """The three servers in a folder that close() removes. Use as a context manager, or start() and close(). With
    `postgres`, each has a database of its own there, and may only read and write rows there if `two_users`."""

    def __init__(self, postgres=None, two_users=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-e2e-"))

        def stored(name):
            if postgres is None:
                return {}
            if two_users:
                users = TwoUsers(postgres, name)
                users.make_tables()
                return users.settings()
            return {"database_url": postgres.new_database(), "environ": {"PGPASSFILE": str(postgres.passfile)}}

        self.catalog = Server("catalog", self.folder, **stored("catalog"))
        self.sales = Server("sales", self.folder, [self.catalog], **stored("sales"))
        # A model that is trained in the background would change answers while a test runs.
        self.bundles = Server("bundles", self.folder, [self.catalog, self.sales], **stored("bundles"))
        self.bundles.flags.append("--train=off")
        self.servers = [self.catalog, self.sales, self.bundles]

    def start(self):
        try:
            for server in self.servers:
                server.launch()
            for server in self.servers:
                server.wait()
            for server in self.servers:
                server.wait_for_upstreams()
        except BaseException:
            self.close()
            raise
        return self

    def close(self):
        """Ends the running servers, by pid, and removes the folder."""
        for server in reversed(self.servers):
            server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def logs(self):
        return "\n".join(server.log_tail() for server in self.servers)

    def ctl(self, *arguments, timeout=120):
        """Runs clustrctl against these servers and returns the completed process, with its output as text."""
        return subprocess.run(
            self._ctl_command(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start_ctl(self, *arguments):
        """Starts clustrctl against these servers and returns the running process, whose output is a pipe of text."""
        return subprocess.Popen(
            self._ctl_command(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _ctl_command(self, arguments):
        return [
            environment.binary("clustrctl"),
            f"--catalog={self.catalog.address}",
            f"--sales={self.sales.address}",
            f"--bundles={self.bundles.address}",
            *map(str, arguments),
        ]

    def revisions(self):
        """Returns the newest revisions of sales and catalog, as min_sales_revision and min_catalog_revision."""
        return {
            "min_sales_revision": self.sales.client.admin.GetStatus(pb.GetStatusRequest()).revision,
            "min_catalog_revision": self.catalog.client.admin.GetStatus(pb.GetStatusRequest()).revision,
        }
