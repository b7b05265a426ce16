"""deploy/spark on a real Spark: the rules of its job are those of the kernel, count by count. Skipped without PySpark."""

import math
import os
import pathlib
import re
import subprocess

from harness import environment, pb
from harness.case import ShopTest

SPARK = environment.ROOT / "deploy" / "spark"
EDGES = """
import json, math, random, sys
sys.path.insert(0, sys.argv[1])
from mine_rules import least_count, support_for
chance = random.Random(7)
for _ in range(20000):
    n = chance.choice([1, 2, 3, 7, 10, 97, 1000, 13795, 10**6, 10**9, chance.randint(1, 10**9)])
    c = chance.randint(1, n)
    assert least_count(c / n, n) == c, (n, c)
    assert math.ceil(support_for(c, n) * n) == c, (n, c)
    share = chance.random()
    least = least_count(share, n)
    assert least / n >= share and (least == 1 or (least - 1) / n < share), (share, n)
"""


class SparkTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.python = environment.spark_python()

    @property
    def environ(self):
        """Of a shell in which clustrctl finds these servers, and Spark its Python."""
        binaries = [pathlib.Path(self.python).parent, environment.BUILD / "bin"]
        return {
            **os.environ,
            "PATH": ":".join([*map(str, binaries), os.environ["PATH"]]),
            "CLUSTR_CATALOG": self.shop.catalog.address,
            "CLUSTR_SALES": self.shop.sales.address,
            "CLUSTR_BUNDLES": self.shop.bundles.address,
            "PYSPARK_PYTHON": self.python,
            "SPARK_LOCAL_IP": "127.0.0.1",
        }

    def mine(self, name, *flags):
        """Runs the job and imports its rules."""
        output = self.shop.folder / f"{name}.jsonl"
        submit = "--master local[2] --driver-memory 2g --driver-java-options -Xss64m --conf spark.ui.enabled=false"
        submit += " --conf spark.sql.shuffle.partitions=4"
        done = subprocess.run(
            [
                self.python, SPARK / "mine_rules.py", f"--baskets={self.shop.folder / 'export' / 'baskets'}",
                f"--output={output}", f"--name={name}", *flags,
            ],
            env={**self.environ, "PYSPARK_SUBMIT_ARGS": f"{submit} pyspark-shell"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1200, check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.ctl("import-rules", output)

    def listed(self, **fields):
        request = pb.ListAssociationRulesRequest(page_size=1000, view=pb.RULE_VIEW_FULL, order_by="rule_id", **fields)
        found = []
        while True:
            page = self.answer(self.bundles.rules.ListAssociationRules, request, timeout=60)
            found.extend(page.rules)
            request.page_token = page.next_page_token
            if not page.next_page_token:
                return found, page

    def check_equal(self, name, population=None, **thresholds):
        """The rules, counts, measures and names of the set are those of the live rules of the population."""
        ours, page = self.listed(thresholds=thresholds, population=population, **self.shop.revisions())
        theirs, imported = self.listed(rule_set=name)
        self.assertGreater(len(ours), 10)
        self.assertEqual(theirs, ours)
        source = imported.rule_set.source
        self.assertEqual((source.engine, source.sales_revision), ("spark", page.provenance.sales_revision))
        self.assertEqual(imported.rule_set.failed_count, 0)

    def test_online_retail_and_every_kind_of_threshold(self):
        self.ctl("import", environment.shared_data("online_retail"), timeout=600)
        self.ctl("rules", f"--min-sales-revision={self.shop.revisions()['min_sales_revision']}", "--limit=1")
        told = self.ctl("export", self.shop.folder / "export", "--format=baskets").stdout
        self.assertRegex(told, r"13,\d{3} baskets of \d+ months")
        self.assertRegex(self.ctl("export", self.shop.folder / "export", "--format=baskets", code=3).stderr, "is there already")
        self.check_readme()
        self.check_equal("all-years", min_support=0.01)
        self.ctl("import-rules", self.shop.folder / "readme" / "year.jsonl")
        self.check_equal("year-2011", {"start_date": "2011-01-01", "end_date": "2011-12-31"}, min_support=0.01)
        # Thresholds that counts meet exactly, and the ones right above.
        ours, _ = self.listed(thresholds={"min_support": 0.01})
        met = sorted(rule.support for rule in ours)[len(ours) // 2]
        confidence = sorted(rule.confidence for rule in ours)[len(ours) // 10]
        lift = sorted(rule.lift for rule in ours)[len(ours) // 10]
        for name, share in (("met", met), ("beyond", math.nextafter(met, 1))):
            flags = [f"--min-support={share!r}", f"--min-confidence={confidence!r}", f"--min-lift={lift!r}"]
            self.mine(name, *flags, "--max-consequents=1", "--max-items=3")
            self.check_equal(
                name, min_support=share, min_confidence=confidence, min_lift=lift, max_consequents=1, max_items=3
            )

    def check_readme(self):
        """Runs the lines of the README that need no cluster; the installation was done by whoever runs this."""
        folder = self.shop.folder / "readme"
        folder.mkdir()
        (folder / "mine_rules.py").symlink_to(SPARK / "mine_rules.py")
        blocks = re.findall(r"^```sh\n(.*?)^```", (SPARK / "README.md").read_text(encoding="utf-8"), re.M | re.S)
        self.assertGreater(len(blocks), 3)
        for block in blocks:
            with self.subTest(block):
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=self.environ, stdin=subprocess.DEVNULL,
                    capture_output=True, text=True, timeout=1200, check=False,
                )
                self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-4000:])

    def test_the_least_count_is_exact_at_every_edge(self):
        done = subprocess.run([self.python, "-c", EDGES, SPARK], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
