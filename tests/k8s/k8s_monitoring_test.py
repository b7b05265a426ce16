"""Alerts and dashboard of the component monitoring: PromQL that parses, metrics that the servers have, a runbook for each alert."""

import json
import pathlib
import re
import subprocess
import unittest
import urllib.request

import manifests
from harness import environment, servers

PAGE = environment.ROOT / "docs/kubernetes.md"
PARSER = pathlib.Path(__file__).with_name("metrics_of.py")
#: Metrics of Prometheus itself and of kube-state-metrics.
OF_OTHERS = {
    "up",
    "kube_pod_container_resource_limits",
    "kube_cronjob_status_last_successful_time",
    "kube_cronjob_created",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_ready",
}


def metrics_of(expressions):
    """The names of the metrics that each expression reads."""
    given = "".join(json.dumps(expression) + "\n" for expression in expressions)
    done = subprocess.run([manifests.programs() / "python", PARSER], input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.splitlines()[-1])
    return [json.loads(line) for line in done.stdout.splitlines()]


class MonitoringTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        documents = manifests.with_component("prod", "monitoring")
        (rules,) = [d for d in documents if d["kind"] == "PrometheusRule"]
        (dashboard,) = [d for d in documents if d["kind"] == "ConfigMap" and d["metadata"]["name"] == "dashboard"]
        cls.alerts = [rule for group in rules["spec"]["groups"] for rule in group["rules"]]
        cls.panels = json.loads(dashboard["data"]["clustr.json"])["panels"]
        cls.expressions = [alert["expr"] for alert in cls.alerts] + [target["expr"] for panel in cls.panels for target in panel["targets"]]

    def test_each_alert_has_a_runbook(self):
        headings = set(re.findall(r"(?m)^### (\w+)$", PAGE.read_text(encoding="utf-8")))
        self.assertEqual({alert["alert"] for alert in self.alerts}, headings)
        for alert in self.alerts:
            self.assertEqual(alert["annotations"]["runbook_url"], f"docs/kubernetes.md#{alert['alert'].lower()}")

    def test_every_expression_is_promql_and_reads_something(self):
        for expression, names in zip(self.expressions, metrics_of(self.expressions), strict=True):
            self.assertTrue(names, expression)
        self.assertEqual(metrics_of(["histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) > b / on (c) d"]), [["a_bucket", "b", "d"]])
        with self.assertRaises(ValueError):
            metrics_of(["sum by (pod"])

    def test_the_servers_have_every_metric_that_is_read(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        ports = [servers.free_port() for _ in shop.servers]
        for server, port in zip(shop.servers, ports):
            # Some metrics are there only with an address for traces; nothing listens at this one.
            server.flags += [f"--metrics-listen=127.0.0.1:{port}", "--otlp-endpoint=127.0.0.1:9"]
        shop.start()
        self.assertEqual(shop.ctl("status").returncode, 0)
        scraped = "".join(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode() for port in ports)
        there = set(re.findall(r"(?m)^(\w+)", scraped))
        read = {name for names in metrics_of(self.expressions) for name in names}
        self.assertEqual(read - there - OF_OTHERS, set())
