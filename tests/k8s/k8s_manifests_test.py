"""Checks every overlay of deploy/k8s without a cluster, and that the check finds planted faults."""

import copy
import json
import pathlib
import re
import subprocess
import unittest

import custom_resources
import manifests
import policy
import settings_of
import workloads
import yaml
from harness import environment


def document(documents, kind, name):
    return next(d for d in documents if d["kind"] == kind and d["metadata"]["name"].split("-")[0] == name.split("-")[0] or
                d["kind"] == kind and d["metadata"]["name"] == name)


def pod_of(documents, kind, name):
    return document(documents, kind, name)["spec"]["template"]["spec"]


def cron_pod(documents):
    return next(d for d in documents if d["kind"] == "CronJob" and d["metadata"]["name"] == "backup-night")["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def container_of(documents, kind, name):
    return pod_of(documents, kind, name)["containers"][0]


def policy_of(documents, name):
    return next(d for d in documents if d["kind"] == "NetworkPolicy" and d["metadata"]["name"] == name)["spec"]


SERVERS = (("StatefulSet", "catalog"), ("StatefulSet", "sales"), ("Deployment", "bundles"))
#: Words of the finding -> what plants the fault.
FAULTS = {
    "a misspelt field": ("replica", lambda d: document(d, "Deployment", "bundles")["spec"].update(replica=2)),
    "a wrong type": ("replicas", lambda d: document(d, "StatefulSet", "sales")["spec"].update(replicas="one")),
    "a selector that misses": ("chooses no pod", lambda d: document(d, "Service", "catalog")["spec"]["selector"].update({"app.kubernetes.io/name": "katalog"})),
    "a workload that misses its pods": ("does not choose its own pods", lambda d: document(d, "StatefulSet", "sales")["spec"]["selector"]["matchLabels"].update({"app.kubernetes.io/name": "sale"})),
    "no probe": ("has no readinessProbe", lambda d: container_of(d, "Deployment", "bundles").pop("readinessProbe")),
    "a probe of a closed port": ("asks port 50099", lambda d: container_of(d, "StatefulSet", "catalog")["livenessProbe"]["grpc"].update(port=50099)),
    "liveness by readiness": ("asks for readiness", lambda d: container_of(d, "Deployment", "bundles")["livenessProbe"]["grpc"].pop("service")),
    "root": ("runs as root", lambda d: pod_of(d, "StatefulSet", "sales")["securityContext"].update(runAsUser=0)),
    "privileges": ("may gain privileges", lambda d: container_of(d, "StatefulSet", "sales")["securityContext"].update(allowPrivilegeEscalation=True)),
    "a capability": ("has capabilities", lambda d: container_of(d, "Deployment", "bundles")["securityContext"]["capabilities"].update(add=["NET_ADMIN"])),
    "a writable image": ("may write to its image", lambda d: container_of(d, "Deployment", "bundles")["securityContext"].update(readOnlyRootFilesystem=False)),
    "a token": ("is given a token", lambda d: pod_of(d, "Deployment", "bundles").update(automountServiceAccountToken=True)),
    "no limits": ("no limit of memory", lambda d: container_of(d, "StatefulSet", "catalog")["resources"].pop("limits")),
    "an unknown ConfigMap": ("the ConfigMap settings does not exist", lambda d: container_of(d, "StatefulSet", "catalog")["envFrom"][0]["configMapRef"].update(name="settings")),
    "an unknown ConfigMap key": ("clustr-catalog reads no variable CLUSTR_LISTENN", lambda d: document(d, "ConfigMap", "catalog")["data"].update(CLUSTR_LISTENN="0.0.0.0:50051")),
    "an unknown Secret": ("the Secret database does not exist", lambda d: container_of(d, "StatefulSet", "catalog")["envFrom"][1]["secretRef"].update(name="database")),
    "an unknown volume": ("the volume files does not exist", lambda d: container_of(d, "StatefulSet", "catalog")["volumeMounts"][0].update(name="files")),
    "an unknown account": ("service account nobody", lambda d: pod_of(d, "StatefulSet", "catalog").update(serviceAccountName="nobody")),
    "a wrong port": ("opens no port 50059", lambda d: document(d, "Service", "sales")["spec"]["ports"][0].update(targetPort=50059)),
    "open egress": ("denies Egress by default", lambda d: policy_of(d, "default-deny").update(policyTypes=["Ingress"])),
    "ingress for everybody": ("is open to everybody", lambda d: policy_of(d, "sales")["ingress"][0].pop("from")),
    "egress to the world": ("the whole network", lambda d: policy_of(d, "bundles")["egress"][0].update(to=[{"ipBlock": {"cidr": "0.0.0.0/0"}}])),
    "a policy for a wrong port": ("which its peer does not open", lambda d: policy_of(d, "sales")["egress"][0]["ports"][0].update(port=50053)),
    "two writers": ("would write one SQLite file each", lambda d: document(d, "StatefulSet", "catalog")["spec"].update(replicas=2)),
    "a shared volume": ("use ReadWriteOncePod", lambda d: document(d, "StatefulSet", "catalog")["spec"]["volumeClaimTemplates"][0]["spec"].update(accessModes=["ReadWriteMany"])),
    "no time to drain": ("killed before it has drained", lambda d: pod_of(d, "StatefulSet", "sales").update(terminationGracePeriodSeconds=2)),
    "a gap in a rollout": ("maxUnavailable: 0", lambda d: document(d, "Deployment", "bundles")["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
    "the newest image": ("has no fixed tag", lambda d: container_of(d, "StatefulSet", "sales").update(image="localhost/clustr:latest")),
    "no namespace": ("is in no namespace", lambda d: document(d, "NetworkPolicy", "sales")["metadata"].pop("namespace")),
    "an open namespace": ("Pod Security is not enforced", lambda d: document(d, "Namespace", "clustr")["metadata"]["labels"].clear()),
}


def whole():
    """Name -> documents of everything that can be applied: overlays, also with each component, and Jobs beside theirs."""
    overlays = {overlay: manifests.render(overlay) for overlay in manifests.OVERLAYS}
    return {
        **overlays,
        **{job: overlays[overlay] + manifests.render_folder(manifests.K8S / "jobs" / job) for job, overlay in manifests.JOBS.items()},
        "prod with monitoring": manifests.with_component("prod", "monitoring"),
        "prod with gateway": manifests.with_component("prod", "gateway"),
        "prod with tracing": manifests.with_component("prod", "tracing"),
        "prod with postgresql": manifests.with_component("prod", "postgresql") + manifests.render_folder(manifests.K8S / "jobs/schema"),
    }


class OverlaysTest(unittest.TestCase):
    def test_every_overlay_is_valid_and_keeps_the_rules(self):
        for name, documents in whole().items():
            with self.subTest(name):
                self.assertEqual(manifests.schema_findings(documents), [])
                self.assertEqual(custom_resources.findings(documents), [])
                self.assertEqual(policy.findings(documents), [])

    def test_faults_in_custom_resources_are_found(self):
        sound = manifests.with_component("prod", "monitoring", "gateway")
        for words, kind, change in (
            ("'secretname' was unexpected", "Certificate", {"secretname": "x"}),
            ("is not of type 'array'", "Certificate", {"dnsNames": "catalog"}),
            ("'endpoint' was unexpected", "ServiceMonitor", {"endpoint": []}),
            ("'rule' was unexpected", "PrometheusRule", {"groups": [{"name": "x", "rule": []}]}),
            ("'hostname' was unexpected", "GRPCRoute", {"hostname": "x"}),
            ("'hostname' is a required property", "BackendTLSPolicy", {"validation": {}}),
        ):
            with self.subTest(words):
                documents = copy.deepcopy(sound)
                next(d for d in documents if d["kind"] == kind)["spec"].update(change)
                self.assertIn(words, " ".join(custom_resources.findings(documents)))

    def test_each_planted_fault_is_found(self):
        sound = manifests.render("dev")
        for name, (words, plant) in FAULTS.items():
            with self.subTest(name):
                documents = copy.deepcopy(sound)
                plant(documents)
                found = policy.findings(documents)
                if not any(words in finding for finding in found):
                    found += manifests.schema_findings(documents)
                self.assertTrue(any(words in finding for finding in found), f"{words!r} not in {found}")

    def test_an_unknown_secret_and_an_idle_autoscaler_are_found(self):
        sound = manifests.render("prod")
        for words, plant in (
            ("the Secret other-tls does not exist", lambda d: next(v for v in pod_of(d, "Deployment", "bundles")["volumes"] if v["name"] == "tls")["secret"].update(secretName="other-tls")),
            ("says that port 50053 speaks plaintext", lambda d: document(d, "Service", "bundles")["spec"]["ports"][0].update(appProtocol="kubernetes.io/h2c")),
            ("the claim backup does not exist", lambda d: next(v for v in cron_pod(d)["volumes"] if v["name"] == "backups")["persistentVolumeClaim"].update(claimName="backup")),
            ("CronJob backup-night: lacks the label clustr.io/client", lambda d: next(x for x in d if x["metadata"]["name"] == "backup-night")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"].pop("clustr.io/client")),
            ("there is no Deployment bundle", lambda d: document(d, "HorizontalPodAutoscaler", "bundles")["spec"]["scaleTargetRef"].update(name="bundle")),
            ("PodDisruptionBudget bundles: its selector chooses no pod", lambda d: document(d, "PodDisruptionBudget", "bundles")["spec"]["selector"].update(matchLabels={"app": "x"})),
        ):
            with self.subTest(words):
                documents = copy.deepcopy(sound)
                plant(documents)
                self.assertIn(words, " ".join(policy.findings(documents)))


class AuthorizationTest(unittest.TestCase):
    def test_the_policy_names_those_who_are_given_certificates(self):
        documents = manifests.render("prod")
        grants = json.loads(document(documents, "ConfigMap", "policy")["data"]["policy.json"])["grants"]
        bearers = {uri for d in documents if d["kind"] == "Certificate" for uri in d["spec"].get("uris", [])}
        # Catalog calls nobody.
        self.assertEqual({name for grant in grants for name in grant["principals"]}, bearers - {"spiffe://clustr/ns/clustr/sa/catalog"})


    def test_each_server_of_prod_has_the_policy(self):
        for name in ("catalog", "sales", "bundles"):
            self.assertEqual(document(manifests.render("prod"), "ConfigMap", name)["data"]["CLUSTR_POLICY"], "/policy/policy.json")


class PageTest(unittest.TestCase):
    """docs/kubernetes.md: what its overlays are, and who runs its lines."""

    #: Kind of a block -> the test that runs it.
    RUN_BY = {"cluster": "k8s_cluster_test", "backup": "k8s_cluster_test", "postgresql": "k8s_postgresql_test", "helm": "k8s_chart_test", "yaml": "k8s_manifests_test"}

    def test_each_block_is_run_by_a_test_or_says_that_none_does(self):
        parts = re.split(r"(?m)^```(.*)\n((?s:.*?))^```$", manifests.PAGE.read_text(encoding="utf-8"))
        self.assertGreater(len(parts), 20)
        for before, kind, lines in zip(parts[::3], parts[1::3], parts[2::3]):
            with self.subTest(lines):
                if kind in self.RUN_BY:
                    test = pathlib.Path(__file__).with_name(f"{self.RUN_BY[kind]}.py").read_text(encoding="utf-8")
                    self.assertIn(f'blocks("{kind}")', test)
                elif kind != "output":
                    self.assertIn("No test runs", before.strip().split("\n\n")[-1])

    def test_its_overlays_are_valid_and_keep_the_rules(self):
        (first, _), (second, _) = manifests.blocks("yaml")
        documents = manifests.render_settings(yaml.safe_load(first.replace("clustr/deploy/k8s/", "../../")))
        self.assertEqual(manifests.schema_findings(documents) + policy.findings(documents), [])
        self.assertEqual({c["image"] for pod in workloads.of(documents) for c in pod.spec["containers"]}, {"registry.shop.example/clustr:0.1.0"})
        self.assertEqual(document(documents, "ConfigMap", "sales")["data"]["CLUSTR_TRACE_SAMPLE"], "0.1")

        grants = json.loads((manifests.K8S / "components/authorization/policy.json").read_text(encoding="utf-8"))
        grants["grants"].append({"principals": ["dns:checkout.shop.example"], "roles": ["writer"]})
        settings = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": ["../prod"], **yaml.safe_load(second)}
        documents = manifests.render_settings(settings, **{"policy.json": json.dumps(grants)})
        self.assertEqual(policy.findings(documents), [])
        self.assertEqual(json.loads(document(documents, "ConfigMap", "policy")["data"]["policy.json"]), grants)
        self.assertIn("policy", {d["metadata"]["name"] for d in documents if d["kind"] == "ConfigMap"}, "a new policy needs no new pods")


class ProgramsTest(unittest.TestCase):
    def test_images_have_the_version_of_the_programs_and_one_line_names_others(self):
        version = subprocess.run([environment.binary("clustrctl"), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        for name, documents in whole().items():
            images = {container["image"] for pod in workloads.of(documents) for container in pod.spec["containers"]}
            self.assertEqual(images, {f"localhost/clustr:{version}"}, name)
        other = {"images": [{"name": "localhost/clustr", "newName": "registry.shop.example/clustr", "newTag": "1.2.3"}]}
        images = {c["image"] for pod in workloads.of(manifests.with_component("prod", **other)) for c in pod.spec["containers"]}
        self.assertEqual(images, {"registry.shop.example/clustr:1.2.3"})

    def test_plaintext_is_for_dev_alone_and_each_server_has_a_file_of_its_own(self):
        for overlay in manifests.OVERLAYS:
            documents = manifests.render(overlay)
            for pod in filter(lambda pod: pod.serves, workloads.of(documents)):
                with self.subTest(overlay=overlay, pod=str(pod)):
                    config = settings_of.environment_of(pod.spec["containers"][0], documents)
                    self.assertEqual(config["CLUSTR_DATABASE"], f"sqlite:////data/{pod.name}.db")
                    self.assertEqual("CLUSTR_INSECURE" in config, overlay == "dev", "plaintext is for dev alone")


class SettingsTest(unittest.TestCase):
    """Settings of overlays, components, Jobs and CronJobs; that all of those are sound is a matter of OverlaysTest."""

    @classmethod
    def setUpClass(cls):
        cls.sound = manifests.with_component("prod", "monitoring", "postgresql", "tracing")
        cls.sound += manifests.render_folder(manifests.K8S / "jobs/schema") + manifests.render_folder(manifests.K8S / "jobs/import-tls")

    def assert_found(self, faults):
        self.assertEqual(policy.findings(self.sound), [])
        for words, plant in faults:
            with self.subTest(words):
                documents = copy.deepcopy(self.sound)
                plant(documents)
                self.assertIn(words, " ".join(policy.findings(documents)))

    def test_unknown_settings_are_found_wherever_they_are(self):
        def rename(service, name):
            def plant(documents):
                data = document(documents, "ConfigMap", service)["data"]
                data[name + "X"] = data.pop(name)
            return plant

        self.assert_found([
            *((f"reads no variable {name}X", rename("sales", name)) for name in document(self.sound, "ConfigMap", "sales")["data"]),
            ("clustr-catalog reads no variable CLUSTR_SALES", lambda d: document(d, "ConfigMap", "catalog")["data"].update(CLUSTR_SALES="sales:50052")),
            ("Job import: clustrctl reads no variable CLUSTR_STORE", lambda d: container_of(d, "Job", "import")["env"][0].update(name="CLUSTR_STORE")),
            ("Job import: clustrctl has no command imports /shop", lambda d: container_of(d, "Job", "import").update(args=["imports", "/shop"])),
            ("Job schema-bundles: clustr-bundles has no flag --scheme", lambda d: container_of(d, "Job", "schema-bundles").update(args=["--scheme=create-and-exit"])),
            ("CronJob backup-night: clustrctl has no flag --forced", lambda d: cron_pod(d)["containers"][0]["args"].append("--forced")),
            ("CronJob backup-night: clustrctl reads no variable CLUSTR_TLS_CA", lambda d: cron_pod(d)["containers"][0]["env"][-3].update(name="CLUSTR_TLS_CA")),
        ])

    def test_values_that_name_what_is_not_there_are_found(self):
        def setting(service, name, value):
            return lambda documents: document(documents, "ConfigMap", service)["data"].update({name: value})

        self.assert_found([
            ("no Service catalog has port 50059", setting("sales", "CLUSTR_CATALOG", "catalog:50059")),
            ("no Service sale has port 50052", lambda d: cron_pod(d)["containers"][0]["env"][1].update(value="sale:50052")),
            ("no port 50059 named grpc", setting("bundles", "CLUSTR_LISTEN", "0.0.0.0:50059")),
            ("no port 9465 named metrics", setting("bundles", "CLUSTR_METRICS_LISTEN", "0.0.0.0:9465")),
            ("the volume policy has no file rules.json", setting("sales", "CLUSTR_POLICY", "/policy/rules.json")),
            ("the volume collector has no file tls.crt", setting("catalog", "CLUSTR_OTLP_CA", "/collector/tls.crt")),
            ("the path /certificates/tls.key lies in no volume", setting("catalog", "CLUSTR_TLS_KEY", "/certificates/tls.key")),
            ("the path /backup/night.backup lies in no volume", lambda d: cron_pod(d)["containers"][0].update(args=["backup", "/backup/night.backup"])),
        ])

    def test_expressions_of_selectors_are_evaluated(self):
        def select(name, operator, *values):
            expression = {"key": "app.kubernetes.io/name", "operator": operator, **({"values": [*values]} if values else {})}
            return lambda d: policy_of(d, name).update(podSelector={"matchExpressions": [expression]})

        def peer(name, where, **expression):
            key = {"ingress": "from", "egress": "to"}[where]
            return lambda d: policy_of(d, name)[where][0].update({key: [{"podSelector": {"matchExpressions": [expression]}}]})

        def close_metrics(documents):
            for server in SERVERS:
                container_of(documents, *server)["ports"].pop()

        app = "app.kubernetes.io/name"
        self.assert_found([
            ("NetworkPolicy tracing: its selector chooses no pod", select("tracing", "In", "catalogue")),
            ("NetworkPolicy tracing: its selector chooses no pod", select("tracing", "DoesNotExist")),
            ("NetworkPolicy monitoring: admits to port 9464, which no chosen pod opens", lambda d: (select("monitoring", "NotIn", "backup")(d), close_metrics(d))),
            ("NetworkPolicy clients: goes to port 50051, which its peer does not open", peer("clients", "egress", key=app, operator="In", values=["sales"])),
            ("NetworkPolicy clients: goes to port 50051, which its peer does not open", peer("clients", "egress", key="clustr.io/none", operator="Exists")),
            ("NetworkPolicy sales: a peer is not named", peer("sales", "ingress", key=app, operator="NotIn", values=["catalog"])),
            ("NetworkPolicy sales: a peer is not named", peer("sales", "ingress", key="clustr.io/client", operator="DoesNotExist")),
            ("ServiceMonitor clustr: no Service that it chooses has a port metrics",
             lambda d: document(d, "ServiceMonitor", "clustr")["spec"]["selector"].update(matchExpressions=[{"key": app, "operator": "In", "values": ["sale"]}])),
        ])
