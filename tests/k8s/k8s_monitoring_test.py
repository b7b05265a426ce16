"""Alerts and dashboard of the component monitoring: queries that a real Prometheus answers from real servers, metrics that these have,
a runbook for each alert."""

import concurrent.futures
import json
import math
import pathlib
import re
import subprocess
import unittest
import urllib.request

import grpc
import manifests
import prometheus_of
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
#: Panels that some server has no series for: catalog follows nobody.
NOT_OF_ALL = {"Seconds behind what is followed"}


def metrics_of(expressions):
    """The names of the metrics that each expression reads."""
    given = "".join(json.dumps(expression) + "\n" for expression in expressions)
    done = subprocess.run([manifests.programs() / "python", PARSER], input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.splitlines()[-1])
    return [json.loads(line) for line in done.stdout.splitlines()]


def monitored():
    """The spec of the alerts, and the dashboard."""
    documents = manifests.with_component("prod", "monitoring")
    (rules,) = [d for d in documents if d["kind"] == "PrometheusRule"]
    (dashboard,) = [d for d in documents if d["kind"] == "ConfigMap" and d["metadata"]["name"] == "dashboard"]
    return rules["spec"], json.loads(dashboard["data"]["clustr.json"])


def measured_shop(collector="127.0.0.1:9"):
    """A shop that is not started, whose servers have metrics, and their addresses by the names of pods. Some metrics are there only with
    an address for traces."""
    shop = servers.Shop()
    addresses = {f"{server.name}-0": f"127.0.0.1:{servers.free_port()}" for server in shop.servers}
    for server in shop.servers:
        server.flags += [f"--metrics-listen={addresses[f'{server.name}-0']}", f"--otlp-endpoint={collector}", "--trace-sample=1"]
    return shop, addresses


def no_collector():
    """A gRPC server that has no services, so that each span that it is sent is lost, and its address."""
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"


class MonitoringTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rules, dashboard = monitored()
        cls.alerts = [rule for group in rules["groups"] for rule in group["rules"]]
        cls.panels = dashboard["panels"]
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
        shop, addresses = measured_shop()
        self.addCleanup(shop.close)
        shop.start()
        self.assertEqual(shop.ctl("status").returncode, 0)
        scraped = "".join(urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode() for address in addresses.values())
        there = set(re.findall(r"(?m)^(\w+)", scraped))
        read = {name for names in metrics_of(self.expressions) for name in names}
        self.assertEqual(read - there - OF_OTHERS, set())


class ScrapeTest(unittest.TestCase):
    """What a real Prometheus answers that scrapes a shop in use."""

    @classmethod
    def setUpClass(cls):
        rules, dashboard = monitored()
        cls.alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
        cls.panels, cls.variables = dashboard["panels"], {variable["name"]: variable["query"] for variable in dashboard["templating"]["list"]}
        collector, address = no_collector()
        cls.addClassCleanup(collector.stop, None)
        shop, addresses = measured_shop(address)
        cls.addClassCleanup(shop.close)
        shop.start()
        cls.prometheus = cls.enterClassContext(prometheus_of.Prometheus(addresses, rules))
        # What happens before the first scrape is no increase of a counter, so calls and commits come after it.
        for command in (("generate", shop.folder / "shop", "--products=20", "--customers=20", "--baskets=100"), ("import", shop.folder / "shop"),
                        ("status", "--wait=60"), ("rules",)):
            done = shop.ctl(*map(str, command))
            if done.returncode != 0:
                raise AssertionError(f"{command[0]}: {done.stdout}{done.stderr}")
        servers.eventually(lambda: cls.prometheus.query('clustr_spans_total{result="failed"} > 0'), 60, "a lost span")
        cls.prometheus.wait_for_scrapes(3)

    def filled(self, expression):
        """An expression with the variables of the dashboard filled in, as Grafana does."""
        for name, value in self.variables.items():
            expression = expression.replace(f"${{{name}}}", value).replace(f"${name}", value)
        self.assertNotIn("$", expression, "a variable that the dashboard does not have")
        return expression

    def test_each_panel_shows_series_with_the_labels_of_its_legend(self):
        for panel in self.panels:
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    series = self.prometheus.query(self.filled(target["expr"]))
                    self.assertTrue([value for _, value in series if not math.isnan(value)], target["expr"])
                    for labels, _ in series:
                        self.assertLessEqual(set(re.findall(r"{{\s*(\w+)\s*}}", target["legendFormat"])), set(labels))

    def test_each_panel_by_pod_shows_all_servers(self):
        for panel in self.panels:
            for target in panel["targets"]:
                if "{{pod}}" in target["legendFormat"] and panel["title"] not in NOT_OF_ALL:
                    with self.subTest(panel["title"]):
                        pods = {labels["pod"] for labels, _ in self.prometheus.query(self.filled(target["expr"]))}
                        self.assertEqual(pods, set(self.prometheus.targets))

    def test_each_alert_is_evaluated_without_an_error(self):
        def evaluated():
            found = {rule["name"]: rule for group in self.prometheus.get("rules")["groups"] for rule in group["rules"]}
            return found if all(rule["health"] != "unknown" for rule in found.values()) else None

        rules = servers.eventually(evaluated, 60, "the first evaluation of all alerts")
        self.assertEqual(set(rules), self.alerts)
        self.assertEqual({name: rule.get("lastError") for name, rule in rules.items() if rule["health"] != "ok"}, {})

    def test_a_query_that_is_wrong_or_reads_nothing_is_noticed(self):
        with self.assertRaisesRegex(ValueError, "parse error"):
            self.prometheus.query("sum by (pod")
        self.assertEqual(self.prometheus.query("sum by (pod) (clustr_no_such_metric)"), [])
        # The test above could not see these: they parse, and their metric is there.
        self.assertEqual(self.prometheus.query('clustr_queue_refused_calls_total{class="no such class"}'), [])
        self.assertTrue(math.isnan(self.prometheus.query("histogram_quantile(0.9, sum by (le) (rate(rpc_server_call_duration_seconds_bucket[5m]) * 0))")[0][1]))
