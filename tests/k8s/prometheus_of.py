"""A real Prometheus on loopback that scrapes servers each second, as the ServiceMonitor has one do in a cluster."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import yaml
from harness import environment, servers


def program():
    """Debian's package of Prometheus has promtool as well, and CLUSTR_REQUIRE names it by that."""
    return shutil.which("prometheus") or environment.missing("prometheus", "promtool")


class Prometheus:
    """Scrapes `targets` (pod -> address), with the labels that the Prometheus Operator gives pods of the namespace clustr, and
    evaluates `rules`, the spec of a PrometheusRule. Use as a context manager."""

    def __init__(self, targets, rules):
        self.targets = targets
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-prometheus-"))
        self.address = f"127.0.0.1:{servers.free_port()}"
        pods = [{"targets": [address], "labels": {"namespace": "clustr", "pod": pod}} for pod, address in targets.items()]
        (self.folder / "rules.yaml").write_text(yaml.safe_dump(rules))
        (self.folder / "prometheus.yaml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "scrape_configs": [{"job_name": "clustr", "static_configs": pods}],
        }))

    def __enter__(self):
        command = [program(), "--config.file=prometheus.yaml", "--storage.tsdb.path=data", f"--web.listen-address={self.address}"]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_for_scrapes(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    def get(self, path, **parameters):
        """The data of an answer of its API; None as long as it does not listen. ValueError tells what it refused."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:
                return None
            raise ValueError(json.load(error)["error"]) from None
        except urllib.error.URLError:
            return None

    def query(self, expression):
        """The series of a query at this moment: pairs of labels and a number."""
        return [(series["metric"], float(series["value"][1])) for series in self.get("query", query=expression)["result"]]

    def wait_for_scrapes(self, number):
        """Waits until each target has answered `number` more scrapes."""
        def answered():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            counted = self.get("query", query="sum by (pod) (sum_over_time(up[1h]))")
            return {series["metric"]["pod"]: float(series["value"][1]) for series in counted["result"]} if counted else {}

        before = answered()
        servers.eventually(lambda: all(answered().get(pod, 0) >= before.get(pod, 0) + number for pod in self.targets), 120,
                           lambda: f"{number} scrapes of each of {sorted(self.targets)}; there were {answered()} after {before}")
