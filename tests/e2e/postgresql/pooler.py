"""A real PgBouncer from Debian in front of a PostgreSQL, as a child process on a loopback port."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from harness.postgres import as_user, user, write_secret
from harness.servers import eventually, free_port

#: PgBouncer logs in to PostgreSQL as the client does, so it needs to know the password.
CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={database_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
logfile = {folder}/log
{settings}
"""


class Pooler:
    """`program` is the path of pgbouncer; `settings` are lines of its configuration, such as pool_mode."""

    def __init__(self, program, postgres, *settings):
        self.postgres = postgres
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-pooler-"))
        password = postgres.passfile.read_text().splitlines()[0].rpartition(":")[2]
        write_secret(self.folder / "users", f'"clustr" "{password}"\n')
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text(
            CONFIGURATION.format(
                database_port=postgres.port, port=self.port, folder=self.folder, settings="\n".join(settings)
            )
        )
        if os.geteuid() == 0:
            for path in (self.folder, configuration, self.folder / "users"):
                shutil.chown(path, user(), user())
        self.command = ["setpriv", "--pdeathsig", "KILL", program, str(configuration)]
        self.process = None

    def _answers(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def start(self):
        self.process = subprocess.Popen(
            self.command, **as_user(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self._answers, 10, "PgBouncer")
        return self

    def kill(self):
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()

    def address(self, database):
        return f"postgresql://clustr@127.0.0.1:{self.port}/{database}"

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
