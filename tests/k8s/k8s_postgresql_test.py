"""The overlay prod with its data in PostgreSQL, in a real cluster: tables by Jobs of their owners, and two pods of each service."""

import secrets

import cert_manager
import custom_resources
import manifests
from lab.cluster import Refused
from postgresql.two_users import STATEMENTS
from postgres_in_cluster import ADDRESS, Postgres
from shop_in_cluster import NAMESPACE, SERVICES, WORKLOADS, ProdClusterTest


class PostgresTest(ProdClusterTest):
    @classmethod
    def render(cls):
        return manifests.with_component("prod", "postgresql")

    @classmethod
    def apply_overlay(cls):
        cls.certificates = cert_manager.Issuer(cls.folder / "authority")
        cls.cluster.apply([d for d in cls.documents if d["kind"] == "Namespace"])
        cls.cluster.apply(cls.certificates.secrets(cls.documents))
        cls.postgres = Postgres(cls.cluster, secrets.token_hex(16))
        cls.cluster.apply([secret for service in SERVICES for secret in cls.database_of(service)])
        cls.cluster.apply(manifests.render_folder(manifests.K8S / "jobs/schema"))
        for service in SERVICES:
            cls.kubectl("wait", f"job/schema-{service}", "--for=condition=Complete", "--timeout=240s")
        cls.cluster.apply(custom_resources.without(cls.documents))

    @classmethod
    def database_of(cls, service):
        """Makes the two users and the database of a service; returns the Secrets by which they are found."""
        name, made = f"clustr_{service}", []
        cls.postgres.sql(STATEMENTS.replace("clustr_catalog", name))
        for user, secret in ((name, f"{service}-database"), (f"{name}_owner", f"{service}-schema-database")):
            password = secrets.token_hex(16)
            cls.postgres.sql(f"ALTER ROLE {user} PASSWORD '{password}'")
            made.append({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": secret, "namespace": NAMESPACE},
                "stringData": {"CLUSTR_DATABASE": f"postgresql://{user}@{ADDRESS}/{name}", "PGPASSWORD": password},
            })
        return made

    def test_the_servers_own_no_table_and_can_make_none(self):
        for service in SERVICES:
            name = f"clustr_{service}"
            owners = self.postgres.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", name)
            self.assertEqual(owners, f"{name}_owner")
            with self.assertRaisesRegex(Refused, "permission denied for schema public"):
                self.postgres.sql(f"SET ROLE {name}; CREATE TABLE extra (id int)", name)

    def test_each_service_has_two_pods_and_a_rolling_update_of_all_fails_no_call(self):
        for service in SERVICES:
            self.assertEqual(len(self.pods(service)), 2, service)
        with self.steady_calls(*self.files()) as calls:
            for workload in WORKLOADS:
                self.kubectl("rollout", "restart", workload)
                self.wait_for_rollouts([workload])
        self.assertEqual(calls.failed, {})
        self.assertGreater(calls.calls, 1000)
        self.assertEqual(self.verdict()["digest"], self.first["digest"])

    def test_a_second_eviction_of_a_store_is_refused(self):
        for service in ("catalog", "sales"):
            first, second = self.pods(service)
            self.evict(first)
            with self.assertRaisesRegex(Refused, "disruption budget"):
                self.evict(second)
            self.wait_for_rollouts()

    def test_all_pods_may_be_deleted(self):
        self.kubectl("delete", "pods", *[pod for service in SERVICES for pod in self.pods(service)], "--wait")
        self.wait_for_rollouts()
        self.assertEqual(self.verdict()["digest"], self.first["digest"])
        self.assertEqual(self.verdict()["difference_count"], "0")

    def test_the_jobs_may_be_run_again_while_servers_run(self):
        """By the lines of the page."""
        ((lines, _),) = manifests.blocks("postgresql")
        self.runs_lines(lines)
        for service in SERVICES:
            self.assertEqual(self.get("job", f"schema-{service}")["status"]["succeeded"], 1)
