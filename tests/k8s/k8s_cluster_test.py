"""The overlays in a real cluster: what Kubernetes refuses, what survives, and what clients notice of it."""

import subprocess
import time

import manifests
from harness import environment
from harness.servers import eventually
from lab.cluster import Refused
from shop_in_cluster import NAMESPACE, SERVICES, WORKLOADS, ClusterTest, LabTest, ProdClusterTest, client_pod

PORTS = {"catalog": 50051, "sales": 50052, "bundles": 50053}
UPDATES, CALLS = 6, 15_000


class PageTest(LabTest):
    def test_from_nothing_to_a_shop_that_answers(self):
        self.assertEqual(len(manifests.blocks("cluster")), 3)
        for lines, expected in manifests.blocks("cluster"):
            printed = self.runs_lines(lines)
            for line in expected.splitlines():
                self.assertIn(line, printed, lines)


class DevTest(ClusterTest):
    """The overlay dev, with a shop in it."""

    overlay = "dev"

    @classmethod
    def prepare(cls):
        cls.import_shop()
        cls.first = cls.verdict()

    def assert_same_shop(self):
        verdict = self.verdict()
        self.assertEqual(verdict["difference_count"], "0")
        self.assertEqual(verdict["digest"], self.first["digest"])
        self.assertEqual(verdict["sales_revision"], self.first["sales_revision"])

    def test_the_imported_shop_answers(self):
        self.assertGreater(int(self.first["served_rule_count"]), 50)
        self.assertEqual(self.first["difference_count"], "0")
        self.assertIn("LIFT", self.runs("rules", "--limit=5"))
        self.assertIn("BUNDLE", self.runs("recommend", "--limit=5"))

    def test_a_pod_that_breaks_the_rules_of_the_namespace_is_refused(self):
        for words, change in (
            ("runAsNonRoot", {"securityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}}}),
            ("hostNetwork", {"hostNetwork": True}),
            ("hostPath", {"volumes": [{"name": "machine", "hostPath": {"path": "/"}}]}),
        ):
            with self.subTest(words):
                pod = client_pod("bad", {})
                pod["spec"].update(change)
                with self.assertRaisesRegex(Refused, f'violates PodSecurity "restricted:latest".*{words}'):
                    self.cluster.apply([pod])

    def test_killed_servers_come_back_with_the_same_rules(self):
        for service in SERVICES:
            before = self.restarts(service)
            self.assertEqual(self.cluster.inside("pkill", "-KILL", "-f", f"^/usr/bin/clustr-{service}").returncode, 0)
            eventually(lambda: self.restarts(service) > before, 180, f"{service} to be started again")  # noqa: B023
        self.wait_for_rollouts()
        self.assert_same_shop()

    def restarts(self, service):
        (pod,) = self.get("pods", f"--selector=app.kubernetes.io/name={service}")["items"]
        return pod["status"]["containerStatuses"][0]["restartCount"]

    def test_deleted_pods_come_back_with_the_data_of_their_volumes(self):
        claims = {claim["metadata"]["name"]: claim["spec"]["volumeName"] for claim in self.get("persistentvolumeclaims")["items"]}
        self.assertLessEqual({"data-catalog-0", "data-sales-0"}, set(claims))
        self.kubectl("delete", "pods", *[pod for service in SERVICES for pod in self.pods(service)], "--wait")
        self.wait_for_rollouts()
        self.assert_same_shop()
        after = {claim["metadata"]["name"]: claim["spec"]["volumeName"] for claim in self.get("persistentvolumeclaims")["items"]}
        self.assertEqual(after, claims)

    def test_a_pod_without_the_label_reaches_nothing(self):
        self.add_client("stranger", {})
        for service, port in PORTS.items():
            with self.subTest(service):
                self.assertFalse(self.connects("stranger", service, port))
                self.assertTrue(self.connects("client", service, port))
        self.assertFalse(self.connects("client", "catalog", 50050), "the port for health is the kubelet's alone")

    def test_another_namespace_needs_the_label_as_well(self):
        self.cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "backend"}}])
        self.add_client("elsewhere", {"clustr.io/client": "true"}, "backend")
        self.assertFalse(self.connects("elsewhere", "bundles", 50053))
        self.cluster.kubectl("label", "namespace", "backend", "clustr.io/client=true")
        eventually(lambda: self.connects("elsewhere", "bundles", 50053), 60, "the policy to admit the namespace")
        self.assertEqual(self.clustrctl("status", client="elsewhere").returncode, 0)

    def connects(self, client, service, port):
        script = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)"
        command = self.command_of(client, "/usr/bin/python3", "-c", script, f"{service}.{NAMESPACE}", port)
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def test_pods_run_as_they_promise_and_log(self):
        for service, workload in zip(SERVICES, WORKLOADS):
            with self.subTest(service):
                self.assertIn("serving", self.kubectl("logs", workload))
                self.assertRegex(self.kubectl("exec", workload, "--", "/usr/bin/clustrctl", "--version"), r"^clustrctl \d+\.\d+")
                (line,) = self.cluster.inside("pgrep", "-a", "-u", "65532", "-f", f"^/usr/bin/clustr-{service}").stdout.splitlines()
                process = line.split()[0]
                status = self.cluster.inside("cat", f"/proc/{process}/status").stdout
                self.assertIn("CapEff:\t0000000000000000", status)
                self.assertIn("NoNewPrivs:\t1", status)
                self.assertIn("Seccomp:\t2", status)
                mounts = self.cluster.inside("cat", f"/proc/{process}/mounts").stdout
                self.assertNotIn("serviceaccount", mounts)


class ProdTest(ProdClusterTest):
    @classmethod
    def render(cls):
        return manifests.with_component("prod", "monitoring")

    def test_only_a_client_with_a_certificate_gets_an_answer(self):
        self.assertEqual(self.first["difference_count"], "0")
        ca, certificate, key = self.files()
        for flags in ([], [f"--ca={ca}"]):
            with self.subTest(flags):
                command = self.command_of("client", environment.binary("clustrctl"), f"--catalog=catalog.{NAMESPACE}:50051", *flags,
                                          "list", "products", "--timeout=5")
                self.assertEqual(subprocess.run(command, capture_output=True, check=False).returncode, 3)
        self.assertIn("PRODUCT SKU", self.runs("list", "products"))

    def test_rolling_updates_fail_no_call(self):
        with self.steady_calls(*self.files()) as calls:
            for _ in range(UPDATES):
                before = self.pods("bundles")
                self.kubectl("rollout", "restart", "deployment/bundles")
                self.wait_for_rollouts(["deployment/bundles"])
                self.assertFalse(set(before) & set(self.pods("bundles")))
        self.assertEqual(calls.failed, {})
        self.assertGreaterEqual(calls.calls, CALLS)

    def test_a_bad_image_stalls_and_fails_no_call(self):
        before = self.pods("bundles")
        with self.steady_calls(*self.files()) as calls:
            self.kubectl("set", "image", "deployment/bundles", "bundles=localhost/clustr:none")
            with self.assertRaises(Refused):
                self.kubectl("rollout", "status", "deployment/bundles", "--timeout=15s")
            self.assertLessEqual(set(before), set(self.pods("bundles")), "the old replicas stay")
            self.kubectl("rollout", "undo", "deployment/bundles")
            self.wait_for_rollouts(["deployment/bundles"])
        self.assertEqual(calls.failed, {})

    def test_a_second_eviction_is_refused(self):
        first, second = self.pods("bundles")
        self.evict(first)
        with self.assertRaisesRegex(Refused, "disruption budget"):
            self.evict(second)

    def test_a_new_certificate_is_in_force_without_a_restart_or_a_failed_call(self):
        (wanted,) = [d for d in self.documents if d["kind"] == "Certificate" and d["metadata"]["name"] == "bundles"]
        pods, before = self.pods("bundles"), self.serials()
        with self.steady_calls(*self.files()) as calls:
            self.cluster.apply([self.certificates.issue(wanted)])
            eventually(lambda: not self.serials() & before, 180, "the new certificate")
            time.sleep(1)
        self.assertEqual(calls.failed, {})
        self.assertEqual(self.pods("bundles"), pods)
        self.assertIn("bundles", self.runs("status"))

    def serials(self):
        """The serial numbers of the certificates that the replicas of bundles show."""
        serials = set()
        for pod in self.pods("bundles"):
            address = self.get("pod", pod)["status"]["podIP"]
            show = f"openssl s_client -connect {address}:50053 -alpn h2 < /dev/null 2> /dev/null | openssl x509 -noout -serial"
            serials.add(subprocess.run(self.command_of("client", "bash", "-c", show), capture_output=True, text=True, check=True).stdout)
        return serials

    def test_prometheus_alone_reads_the_metrics(self):
        self.cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "monitoring", "labels": {"clustr.io/monitoring": "true"}}}])
        self.add_client("prometheus", {"app.kubernetes.io/name": "prometheus"}, "monitoring")
        for service in SERVICES:
            with self.subTest(service):
                read = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"
                command = ["/usr/bin/python3", "-c", read, f"http://{service}.{NAMESPACE}:9464/metrics"]
                eventually(lambda: subprocess.run(self.command_of("prometheus", *command), capture_output=True, check=False).returncode == 0, 60, "a scrape")  # noqa: B023
                scraped = subprocess.run(self.command_of("prometheus", *command), capture_output=True, text=True, check=True).stdout
                self.assertIn("clustr_revision", scraped)  # A new replica has no call to tell of.
                self.assertNotEqual(subprocess.run(self.command_of("client", *command), capture_output=True, check=False).returncode, 0)

    def test_a_job_whose_files_are_wrong_is_not_tried_again(self):
        job = next(d for d in manifests.render_folder(manifests.K8S / "jobs/import-tls") if d["kind"] == "Job")
        job["metadata"]["name"] = "import-nothing"
        job["spec"]["template"]["spec"]["containers"][0]["args"] = ["import", "/shop/none"]
        self.cluster.apply([job])
        self.kubectl("wait", "job/import-nothing", "--for=condition=Failed", "--timeout=180s")
        self.assertEqual(self.get("job", "import-nothing")["status"]["failed"], 1)

    def test_backups_are_made_and_whole(self):
        ((lines, _),) = manifests.blocks("backup")
        self.runs_lines(lines)
        (backup,) = (self.cluster.folder / "volumes").glob("*/night.backup")
        self.assertIn("sales", subprocess.run([environment.binary("clustrctl"), "restore", "--check", backup], capture_output=True, text=True, check=True).stdout)

    def test_the_stores_come_back_after_all_pods_are_deleted(self):
        self.kubectl("delete", "pods", *[pod for service in SERVICES for pod in self.pods(service)], "--wait")
        self.wait_for_rollouts()
        eventually(lambda: self.replicas() == 2, 240, "two replicas of bundles")
        self.assertEqual(self.verdict()["digest"], self.first["digest"])
