"""The two users of a database, one who owns the tables and one who serves them, as docs/postgresql.md makes them."""

import os
import re
import subprocess

from harness import environment

#: The statements of the page, for catalog.
STATEMENTS = re.search(
    r"## Two users\n.*?```sql\n(.*?)```", (environment.ROOT / "docs" / "postgresql.md").read_text(), re.DOTALL
).group(1)
PROTECT = "REVOKE INSERT, UPDATE, DELETE ON clustr_columns, clustr_identity FROM "


class TwoUsers:
    """A new database for a service. It has no tables yet."""

    def __init__(self, postgres, service):
        self.postgres = postgres
        self.service = service
        self.user = f"{postgres.new_name()}_{service}"  # also the name of the database
        self.owner = f"{self.user}_owner"
        postgres.sql(STATEMENTS.replace("clustr_catalog", self.user))
        self.passwords = [postgres.give_password(user) for user in (self.owner, self.user)]
        self.owner_address = postgres.address(self.user, self.owner)
        self.address = postgres.address(self.user, self.user)

    def make_tables(self):
        """Lets the owner make or upgrade the tables, and protect those that are only read. Returns what was written."""
        done = subprocess.run(
            [environment.binary(f"clustr-{self.service}"), "--schema=create-and-exit", f"--database={self.owner_address}"],
            env={**os.environ, "PGPASSFILE": str(self.postgres.passfile)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.sql(PROTECT + self.user)
        return done.stdout + done.stderr

    def sql(self, text):
        """Runs statements as the owner."""
        return self.postgres.sql(text, self.user, self.owner)

    def settings(self):
        """How a Server uses the tables as the user who serves."""
        return {
            "database_url": self.address,
            "environ": {"PGPASSFILE": str(self.postgres.passfile)},
            "flags": ["--schema=check"],
        }
