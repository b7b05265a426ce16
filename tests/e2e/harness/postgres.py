"""A real PostgreSQL 15 from Debian as a child process on a loopback port, with its data in a temporary folder."""

import contextlib
import itertools
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 60
#: Settings that log every statement, in the file `statements`.
LOG_STATEMENTS = [
    "logging_collector=on",
    "log_destination=jsonlog",
    "log_filename=statements",
    "log_rotation_age=0",
    "log_rotation_size=0",
    "log_statement=all",
]


def user():
    """The user that runs PostgreSQL: as root the user `postgres`, which the package makes, since PostgreSQL refuses root."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def as_user():
    """Options of subprocess for a program that runs as that user."""
    return {"user": user(), "group": user(), "extra_groups": []} if os.geteuid() == 0 else {}


def write_secret(path, text):
    path.touch(mode=0o600)
    path.write_text(text)


class Postgres:
    """Forces each commit to disk and asks for a password, which only a file holds. Texts that name no collation sort by
    the rules of English. `settings` are lines of postgresql.conf beyond those."""

    def __init__(self, port, settings=()):
        assert (PROGRAMS / "postgres").exists(), "install the package postgresql-15"
        self.port = port
        self.settings = ["listen_addresses=127.0.0.1", "max_connections=200", *settings]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-postgres-"))
        self.passfile = self.folder / "passwords"
        self.log = self.folder / "postgres.log"
        self.statements = self.folder / "data" / "log" / "statements.json"
        self.process = None
        self._names = itertools.count(1)
        password = secrets.token_hex(16)
        write_secret(self.passfile, f"*:*:*:clustr:{password}\n")
        write_secret(self.folder / "password", password)
        if os.geteuid() == 0:
            shutil.chown(self.folder, user(), user())
            shutil.chown(self.folder / "password", user(), user())
        made = self._run(
            PROGRAMS / "initdb",
            f"--pgdata={self.folder / 'data'}",
            "--username=clustr",
            f"--pwfile={self.folder / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--no-sync",
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def _run(self, *command):
        return subprocess.run(
            list(map(str, command)), **as_user(), capture_output=True, text=True, check=False, cwd=self.folder
        )

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "QUIT"]  # it ends with this program, however that ends
                + [PROGRAMS / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(self.port)]
                + [argument for setting in self.settings for argument in ("-c", setting)],
                **as_user(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + START_SECONDS
        while self._run(PROGRAMS / "pg_isready", "-h", "127.0.0.1", "-p", self.port).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text(errors="replace")
            time.sleep(0.05)
        return self

    def crash(self):
        """Ends the server without a chance to write anything."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait()

    @contextlib.contextmanager
    def stopped(self):
        """No process of the server runs meanwhile. Those that are there are stopped; their parent makes no others."""
        pids = [self.process.pid]
        os.kill(self.process.pid, signal.SIGSTOP)
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(status.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    pids.append(int(status.parent.name))
        try:
            for pid in pids[1:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def close(self):
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, text, database="postgres", user="clustr"):
        """Runs a script with psql, which stops at the first error, and returns the completed process."""
        return subprocess.run(
            [PROGRAMS / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d", database, "-Atq"]
            + ["-v", "ON_ERROR_STOP=1", "-f", "-"],
            env={**os.environ, "PGPASSFILE": str(self.passfile)},
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )

    def sql(self, text, database="postgres", user="clustr"):
        """Runs statements that must succeed and returns their rows as text."""
        done = self.psql(text, database, user)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def new_name(self):
        return f"shop{next(self._names)}"

    def new_database(self):
        """Makes an empty database and returns its address, without the password: that is in `passfile`."""
        name = self.new_name()
        self.sql(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, database, user="clustr"):
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def give_password(self, user):
        """Gives a user a new password, which is in `passfile`, and returns it."""
        password = secrets.token_hex(16)
        self.sql(f"ALTER ROLE {user} PASSWORD '{password}'")
        with open(self.passfile, "a") as file:
            file.write(f"*:*:*:{user}:{password}\n")
        return password
