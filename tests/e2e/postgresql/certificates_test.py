"""TLS between the servers and PostgreSQL, by the parameters of libpq."""

import os
import pathlib
import shutil
import tempfile
import time
import unittest

from grpc import StatusCode

from harness import pb, postgres, rows
from harness.certificates import Authority
from harness.client import Refusal, outcome
from harness.servers import Server, eventually, free_port

#: Nobody comes in without TLS, and the user `certified` only by a certificate.
ACCESS = """\
hostssl all certified 127.0.0.1/32 cert
hostssl all all 127.0.0.1/32 scram-sha-256
"""


class CertificatesTest(unittest.TestCase):
    """A PostgreSQL with a certificate for localhost and 127.0.0.1."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="clustr-certificates-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.authority, cls.stranger = Authority(cls.folder / "ours"), Authority(cls.folder / "others")
        port = free_port()
        cls.postgres = postgres.Postgres(port)
        cls.addClassCleanup(cls.postgres.close)
        data = cls.postgres.folder / "data"
        (data / "pg_hba.conf").write_text(ACCESS)
        shutil.copy(cls.authority.certificate, data / "authority.crt")
        cls.present(cls.authority)
        for path in ("pg_hba.conf", "authority.crt"):
            cls.give(data / path)
        cls.postgres.settings += ["ssl=on", "ssl_ca_file=authority.crt"]
        cls.postgres.start()

    @staticmethod
    def give(path):
        path.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(path, postgres.user(), postgres.user())

    @classmethod
    def present(cls, authority):
        """Lets PostgreSQL show a certificate of this authority to whoever connects from its next reload on."""
        data = cls.postgres.folder / "data"
        for made, name in zip(authority.issue("database"), ("server.crt", "server.key")):
            shutil.copy(made, data / name)
            cls.give(data / name)

    def server(self, address, **environ):
        folder = self.folder / self.id()
        folder.mkdir(exist_ok=True)
        environ = {"PGPASSFILE": str(self.postgres.passfile), **environ}
        server = Server("catalog", folder, environ=environ, database_url=address)
        self.addCleanup(server.close)
        return server

    def refusal_of(self, server):
        """The last line of a server that must not start."""
        server.launch()
        self.addCleanup(server.kill)
        self.assertEqual(server.process.wait(30), 2)
        server.process = None
        return server.log.read_text(errors="replace").splitlines()[-1]

    def test_the_certificate_of_postgresql_is_verified(self):
        address = self.postgres.new_database()
        verified = f"{address}?sslmode=verify-full&sslrootcert={self.authority.certificate}"
        server = self.server(verified).start()
        rows.import_rows(server.client, rows.products(20))
        database = address.rpartition("/")[2]
        sessions = self.postgres.sql(
            f"SELECT ssl, count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = '{database}' "
            "AND application_name = 'clustr' GROUP BY ssl"
        )
        self.assertRegex(sessions, r"^t\|[0-9]+$")
        # By the environment, as anything else that libpq knows.
        self.server(address, PGSSLMODE="verify-full", PGSSLROOTCERT=str(self.authority.certificate)).start()
        wrong = f"{address}?sslmode=verify-full&sslrootcert={self.stranger.certificate}"
        self.assertRegex(self.refusal_of(self.server(wrong)), "cannot use postgresql://127.0.0.1.*certificate verify failed")
        other_name = f"{verified}&hostaddr=127.0.0.1".replace("@127.0.0.1", "@db.example")
        self.assertRegex(self.refusal_of(self.server(other_name)), 'does not match host name "db.example"')
        self.assertRegex(self.refusal_of(self.server(f"{address}?sslmode=disable")), "no encryption")

    def test_a_server_tries_again_until_the_certificate_is_right(self):
        address = self.postgres.new_database()
        server = self.server(f"{address}?sslmode=verify-full&sslrootcert={self.authority.certificate}").start()
        create = pb.CreateProductRequest(product=pb.Product(product_name="Cap", price=1))

        def end_sessions():
            self.postgres.sql(
                "SELECT pg_reload_conf(); SELECT pg_sleep(0.2); SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'clustr'"
            )

        self.present(self.stranger)
        end_sessions()
        refused = outcome(server.client.products.CreateProduct, create)
        self.assertIsInstance(refused, Refusal)
        self.assertEqual((refused.code, refused.reason), (StatusCode.UNAVAILABLE, "DATABASE_UNREACHABLE"))

        def problems():
            return "\n".join(server.client.admin.GetStatus(pb.GetStatusRequest()).problems)

        eventually(lambda: "certificate verify failed" in problems(), 20, problems)
        time.sleep(1)
        self.present(self.authority)
        self.postgres.sql("SELECT pg_reload_conf()")
        eventually(lambda: not isinstance(outcome(server.client.products.CreateProduct, create), Refusal), 20, problems)
        eventually(lambda: not problems(), 20, problems)

    def test_a_client_certificate_stands_for_a_password(self):
        self.postgres.sql("CREATE ROLE certified LOGIN; CREATE DATABASE certified OWNER certified")
        certificate, key = self.authority.issue("certified")
        key.chmod(0o600)
        address = self.postgres.address("certified", "certified")
        address += f"?sslmode=verify-full&sslrootcert={self.authority.certificate}"
        server = self.server(f"{address}&sslcert={certificate}&sslkey={key}", PGPASSFILE="/nonexistent").start()
        rows.import_rows(server.client, rows.products(20))
        self.assertRegex(self.refusal_of(self.server(address)), "requires a valid client certificate")
        other, other_key = self.authority.issue("somebody")
        other_key.chmod(0o600)
        self.assertRegex(
            self.refusal_of(self.server(f"{address}&sslcert={other}&sslkey={other_key}")),
            "certificate authentication failed",
        )
