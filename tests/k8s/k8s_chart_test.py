"""The Helm chart says what the overlays say."""

import hashlib
import itertools
import json
import pathlib
import re
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
FEATURES = ("backups", "scaling", "tls")


def renderer():
    """The program that stands in for `helm template`, built once from its sources."""
    sources = b"".join((RENDERER / name).read_bytes() for name in ("main.go", "go.mod", "go.sum"))
    program = manifests.programs().parent / f"chart-{hashlib.sha256(sources).hexdigest()[:16]}"
    if not program.exists():
        done = subprocess.run([environment.tool("go"), "build", "-o", program, "."], cwd=RENDERER, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            environment.missing(f"modules of {RENDERER} ({done.stderr[-300:]})", "kubernetes")
    return program


def merged(values, others):
    result = dict(values)
    for key, value in others.items():
        result[key] = merged(result.get(key, {}), value) if isinstance(value, dict) else value
    return result


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

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="clustr-chart-")
        cls.addClassCleanup(scratch.cleanup)
        done = subprocess.run([BUILD, f"--output={scratch.name}", f"--kubectl={manifests.programs() / 'kubectl'}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.chart = pathlib.Path(scratch.name) / "clustr"
        cls.values = yaml.safe_load((cls.chart / "values.yaml").read_text())
        cls.of_prod = yaml.safe_load((cls.chart / "values-prod.yaml").read_text())
        cls.program = renderer()

    def render(self, *changes, namespace="clustr"):
        values = self.values
        for change in changes:
            values = merged(values, change)
        given = {
            "templates": {path.name: path.read_text() for path in (self.chart / "templates").iterdir()},
            "values": values,
            "release": {"Name": "clustr", "Namespace": namespace},
        }
        done = subprocess.run([self.program], input=json.dumps(given), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [document for text in json.loads(done.stdout).values() for document in yaml.safe_load_all(text) if document]

    def test_the_default_values_are_the_overlay_dev(self):
        self.assertEqual(comparable(self.render()), comparable(manifests.render("dev")))

    def test_the_values_of_prod_are_the_overlay_prod(self):
        self.assertEqual(comparable(self.render(self.of_prod)), comparable(manifests.render("prod")))

    def test_every_choice_of_features_is_valid_and_keeps_the_rules(self):
        for size in range(len(FEATURES) + 1):
            for choice in itertools.combinations(FEATURES, size):
                with self.subTest(choice):
                    documents = self.render({feature: {"enabled": True} for feature in choice})
                    self.assertEqual(policy.findings(documents), [])
                    self.assertEqual(custom_resources.findings(documents), [])
        self.assertEqual(manifests.schema_findings(self.render(self.of_prod)), [])

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

    def test_a_changed_setting_replaces_the_pods(self):
        def annotation(documents):
            (document,) = [d for d in documents if d["kind"] == "Deployment"]
            return document["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]

        self.assertNotEqual(annotation(self.render()), annotation(self.render({"tls": {"enabled": True}})))
