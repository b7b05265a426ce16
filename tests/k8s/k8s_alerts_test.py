"""The alerts of the component monitoring, as Prometheus evaluates them: each fires under the series of alerts_test.yaml, and only then."""

import pathlib
import subprocess
import tempfile
import unittest

import manifests
import yaml
from harness import environment

CASES = pathlib.Path(__file__).with_name("alerts_test.yaml")


class AlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (cls.rules,) = [d for d in manifests.with_component("prod", "monitoring") if d["kind"] == "PrometheusRule"]

    def promtool(self, *arguments):
        return subprocess.run([environment.tool("promtool"), *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)

    def test_each_alert_has_a_case_in_which_it_fires(self):
        fired = {
            test["alertname"]
            for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]
            for test in case["alert_rule_test"]
            if test["exp_alerts"]
        }
        self.assertEqual(fired, {rule["alert"] for group in self.rules["spec"]["groups"] for rule in group["rules"]})

    def test_the_alerts_fire_where_they_should(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "rules.yaml").write_text(yaml.safe_dump(self.rules["spec"]), encoding="utf-8")
        cases = CASES.read_text(encoding="utf-8")
        (folder / "cases.yaml").write_text(cases, encoding="utf-8")
        done = self.promtool("test", "rules", folder / "cases.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # A case that is wrong must be noticed.
        (folder / "cases.yaml").write_text(cases.replace('values: "2x8"', 'values: "0x8"'), encoding="utf-8")
        self.assertNotEqual(self.promtool("test", "rules", folder / "cases.yaml").returncode, 0)


if __name__ == "__main__":
    unittest.main()
