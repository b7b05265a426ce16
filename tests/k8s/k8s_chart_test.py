"""The Helm chart, as Helm's own packages load and render it, says what the overlays say."""

import hashlib
import itertools
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import custom_resources
import manifests
import policy
import yaml
from harness import environment

BUILD = manifests.ROOT / "deploy/helm/build"
RENDERER = pathlib.Path(__file__).with_name("chart")
FEATURES = ("backups", "scaling", "tls", "postgresql", "authorization", "monitoring", "tracing")
NEED_TLS = {"authorization", "tracing"}
#: Feature -> component, for those that prod lacks.
OPTIONAL = {"postgresql": "postgresql", "monitoring": "monitoring", "tracing": "tracing"}


def renderer():
    """The program of Helm's packages that stands in for `helm`, built once from its sources: 80 s of CPU time without a cache."""
    sources = b"".join((RENDERER / name).read_bytes() for name in ("main.go", "go.mod", "go.sum"))
    program = manifests.programs().parent / f"chart-{hashlib.sha256(sources).hexdigest()[:16]}"
    if not program.exists():
        # At a low priority: Helm needs Kubernetes' client, 500 packages.
        done = subprocess.run(["nice", environment.tool("go"), "build", "-o", program, "."], cwd=RENDERER, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            environment.missing(f"modules of {RENDERER} ({done.stderr[-300:]})", "kubernetes")
    return program


def merged(values, others):
    result = dict(values)
    for key, value in others.items():
        result[key] = merged(result.get(key, {}), value) if isinstance(value, dict) else value
    return result


def enabled(*features):
    return {feature: {"enabled": True} for feature in features}


def schema_job():
    return manifests.render_folder(manifests.K8S / "jobs/schema")


def comparable(documents):
    """Kind and name -> document, without what the chart does otherwise: a changed setting replaces pods by an annotation, and not by
    a new name of the ConfigMap."""
    result = {}
    for document in documents:
        text = json.dumps(document, sort_keys=True)
        text = re.sub(r'"((?:catalog|sales|bundles)(?:-database)?)-[a-z0-9]{10}"', r'"\1"', text)
        text = re.sub(r'"annotations": {"checksum/database": "[0-9a-f]{64}", "checksum/settings": "[0-9a-f]{64}"}, ', "", text)
        document = json.loads(text)
        # Lists whose order means nothing.
        for name in ("volumes", "containers", "env", "volumeMounts"):
            sort_below(document, name)
        result[document["kind"], document["metadata"]["name"]] = document
    return result


def sort_below(node, name):
    if isinstance(node, dict):
        for key, value in node.items():
            sort_below(value, name)
            if key == name and isinstance(value, list):
                value.sort(key=lambda item: item["name"])
    elif isinstance(node, list):
        for value in node:
            sort_below(value, name)


class ChartTest(unittest.TestCase):
    maxDiff = 4000

    def assert_same(self, rendered, wanted):
        rendered, wanted = comparable(rendered), comparable(wanted)
        self.assertEqual(sorted(rendered), sorted(wanted))
        for key, document in wanted.items():
            self.assertEqual(rendered[key], document)

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="clustr-chart-")
        cls.addClassCleanup(scratch.cleanup)
        done = subprocess.run([BUILD, f"--output={scratch.name}", f"--kubectl={manifests.programs() / 'kubectl'}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.chart = pathlib.Path(scratch.name) / "clustr"
        cls.of_prod = yaml.safe_load((cls.chart / "values-prod.yaml").read_text())
        cls.program = renderer()

    def render(self, *changes, namespace="clustr"):
        """The objects of `helm template` with these changes of the values."""
        values = {}
        for change in changes:
            values = merged(values, change)
        return self.helm("template", "clustr", self.chart, f"--namespace={namespace}", "--values=/dev/stdin", given=json.dumps(values))

    def helm(self, *arguments, given="", cwd=None):
        command = [self.program, *arguments, f"--kube-version={manifests.VERSION}"]
        done = subprocess.run(command, input=given, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ValueError(done.stderr)
        return [document for document in yaml.load_all(done.stdout, yaml.CSafeLoader) if document]

    def test_the_default_values_are_the_overlay_dev(self):
        self.assert_same(self.render(), manifests.render("dev"))

    def test_the_values_of_prod_are_the_overlay_prod(self):
        self.assert_same(self.render(self.of_prod), manifests.render("prod"))

    def test_prod_with_every_component_is_that_overlay(self):
        for features in (*((feature,) for feature in OPTIONAL), tuple(OPTIONAL), ("monitoring", "tracing")):
            with self.subTest(features):
                wanted = manifests.with_component("prod", *(OPTIONAL[feature] for feature in features))
                wanted += schema_job() if "postgresql" in features else []
                self.assert_same(self.render(self.of_prod, enabled(*features)), wanted)

    def test_every_choice_of_features_is_valid_and_keeps_the_rules(self):
        for size in range(len(FEATURES) + 1):
            for choice in itertools.combinations(FEATURES, size):
                if NEED_TLS & set(choice) and "tls" not in choice:
                    continue
                with self.subTest(choice):
                    self.assertEqual(policy.findings(self.render(enabled(*choice))), [])
        for documents in (self.render(self.of_prod), self.render(enabled(*FEATURES))):
            self.assertEqual(manifests.schema_findings(documents), [])
            self.assertEqual(custom_resources.findings(documents), [])

    def test_what_needs_certificates_says_so(self):
        for feature in NEED_TLS:
            with self.assertRaisesRegex(ValueError, f"{feature} needs tls"):
                self.render(enabled(feature))

    def test_the_lines_of_the_page_install_dev_and_prod(self):
        ((lines, _),) = manifests.blocks("helm")
        wanted, namespaces = [manifests.render("dev"), manifests.render("prod")], []
        with tempfile.TemporaryDirectory() as scratch:
            (pathlib.Path(scratch) / "deploy").symlink_to(manifests.ROOT / "deploy")
            environ = {**os.environ, "PATH": f"{manifests.programs()}:{os.environ['PATH']}"}
            for program, *arguments in map(shlex.split, lines.splitlines()):
                if program == "helm":
                    namespaces += [d for d in wanted[0] if d["kind"] == "Namespace"]
                    self.assert_same(self.helm(*arguments, cwd=scratch), [d for d in wanted.pop(0) if d["kind"] != "Namespace"])
                elif program == "kubectl":
                    (file,) = [argument.removeprefix("--filename=") for argument in arguments if argument.startswith("--filename=")]
                    self.assertEqual(arguments, ["apply", "--server-side", f"--filename={file}"])
                    namespace = yaml.safe_load((pathlib.Path(scratch) / file).read_text(encoding="utf-8"))
                else:
                    subprocess.run([program, *arguments], cwd=scratch, env=environ, check=True, capture_output=True)
        self.assertEqual(wanted, [])
        for of_overlay in namespaces:  # It has one more label, that of the application.
            self.assertEqual(of_overlay["metadata"]["name"], namespace["metadata"]["name"])
            self.assertLessEqual(namespace["metadata"]["labels"].items(), of_overlay["metadata"]["labels"].items())

    def test_helm_refuses_a_chart_that_is_wrong(self):
        for words, file, change in (
            ("chart.metadata.version is required", "Chart.yaml", lambda text: text.replace("version: ", "versions: ", 1)),
            ("the chart is for Kubernetes >=99", "Chart.yaml", lambda text: text.replace(">=1.29", ">=99.0")),
            ("values.yaml", "values.yaml", lambda text: text + "tls: [\n"),
            ('function "toToml2" not defined', "templates/service-sales.yaml", lambda text: text + "{{ toToml2 . }}"),
            ("nil pointer", "templates/service-sales.yaml", lambda text: text + "{{ .Values.nobody.port }}"),
        ):
            with self.subTest(words), tempfile.TemporaryDirectory() as scratch:
                broken = pathlib.Path(scratch) / "clustr"
                shutil.copytree(self.chart, broken)
                (broken / file).write_text(change((broken / file).read_text()))
                with self.assertRaisesRegex(ValueError, re.escape(words)):
                    self.helm("template", "clustr", broken)

    def test_values_reach_the_objects(self):
        documents = comparable(self.render(self.of_prod, {
            "image": {"repository": "registry.shop.example/clustr", "tag": "1.2.3"},
            "createNamespace": False,
            "sales": {"storage": "77Gi", "storageClass": "fast", "resources": {"requests": {"cpu": "3", "memory": "5Gi"}, "limits": {"memory": "6Gi"}}},
            "backups": {"storage": "99Gi"},
            "scaling": {"maxReplicas": 9},
        }, namespace="shop"))
        sales = documents["StatefulSet", "sales"]["spec"]
        self.assertEqual(sales["template"]["spec"]["containers"][0]["image"], "registry.shop.example/clustr:1.2.3")
        self.assertEqual(sales["template"]["spec"]["containers"][0]["resources"]["limits"], {"memory": "6Gi"})
        claim = sales["volumeClaimTemplates"][0]["spec"]
        self.assertEqual((claim["resources"]["requests"]["storage"], claim["storageClassName"]), ("77Gi", "fast"))
        self.assertNotIn("storageClassName", documents["StatefulSet", "catalog"]["spec"]["volumeClaimTemplates"][0]["spec"])
        self.assertEqual(documents["PersistentVolumeClaim", "backups"]["spec"]["resources"]["requests"]["storage"], "99Gi")
        self.assertEqual(documents["HorizontalPodAutoscaler", "bundles"]["spec"]["maxReplicas"], 9)
        self.assertNotIn("Namespace", {kind for kind, _ in documents})
        self.assertEqual({document["metadata"]["namespace"] for document in documents.values()}, {"shop"})
        self.assertIn("sales.shop.svc", documents["Certificate", "sales"]["spec"]["dnsNames"])
        self.assertEqual(documents["Certificate", "sales"]["spec"]["uris"], ["spiffe://clustr/ns/shop/sa/sales"])

    def test_values_of_the_components_reach_the_objects(self):
        documents = comparable(self.render(enabled(*FEATURES), {
            "postgresql": {"replicas": 3, "secrets": {"sales": "orders"}, "schemaSecrets": {"sales": "orders-owner"}, "peers": [{"ipBlock": {"cidr": "10.1.2.3/32"}}]},
            "authorization": {"grants": [{"principals": ["dns:checkout.shop.example"], "roles": ["writer"]}]},
            "monitoring": {"interval": "5s", "labels": {"release": "prometheus"}},
            "tracing": {"endpoint": "tempo.observe:4317", "caSecret": "tempo-ca", "sample": 0.5, "metricsSeconds": 15},
        }, namespace="shop"))
        sales = documents["StatefulSet", "sales"]["spec"]
        self.assertEqual(sales["replicas"], 3)
        self.assertEqual(sales["template"]["spec"]["containers"][0]["envFrom"][1], {"secretRef": {"name": "orders"}})
        self.assertIn({"name": "collector", "secret": {"secretName": "tempo-ca", "defaultMode": 0o440, "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                      sales["template"]["spec"]["volumes"])
        self.assertNotIn(("Secret", "sales-database"), documents)
        (container,) = documents["Job", "schema-sales"]["spec"]["template"]["spec"]["containers"]
        self.assertEqual(container["envFrom"], [{"secretRef": {"name": "orders-owner"}}])
        for name in ("database", "schema"):
            self.assertEqual(documents["NetworkPolicy", name]["spec"]["egress"][0]["to"], [{"ipBlock": {"cidr": "10.1.2.3/32"}}])
        grants = json.loads(documents["ConfigMap", "policy"]["data"]["policy.json"])["grants"]
        self.assertEqual(grants[0]["principals"], ["spiffe://clustr/ns/shop/sa/sales"])
        self.assertEqual(grants[-1], {"principals": ["dns:checkout.shop.example"], "roles": ["writer"]})
        for kind in ("ServiceMonitor", "PrometheusRule"):
            self.assertEqual(documents[kind, "clustr"]["metadata"]["labels"], {"release": "prometheus"})
        self.assertEqual(documents["ServiceMonitor", "clustr"]["spec"]["endpoints"][0]["interval"], "5s")
        rules = documents["PrometheusRule", "clustr"]["spec"]["groups"][0]["rules"]
        self.assertEqual(rules[0]["expr"], 'up{namespace="shop"} == 0')
        self.assertEqual(rules[0]["annotations"]["summary"], "{{ $labels.pod }} does not answer.")
        settings = documents["ConfigMap", "sales"]["data"]
        self.assertEqual([settings[f"CLUSTR_{name}"] for name in ("OTLP_ENDPOINT", "TRACE_SAMPLE", "OTLP_METRICS_SECONDS", "SCHEMA")],
                         ["tempo.observe:4317", "0.5", "15", "check"])

    def test_a_changed_setting_replaces_the_pods(self):
        def annotation(documents):
            (document,) = [d for d in documents if d["kind"] == "Deployment"]
            return document["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]

        self.assertNotEqual(annotation(self.render()), annotation(self.render({"tls": {"enabled": True}})))
