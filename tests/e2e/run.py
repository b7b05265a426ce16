#!/usr/bin/python3
"""Runs the end-to-end suites against the binaries of one build tree; and, by their names, the lint suites includes_test
and promises_test, and those in a real Kubernetes, k8s_cluster_test and k8s_postgresql_test.

  run.py [--build=DIR] [--filter=TEXT] [--totals=FILE] [--long] [--workers=N] [SUITE...]

Suites are named here, one module each; --filter keeps the tests whose name contains TEXT. With N workers, N suites run at
a time, each in a process of its own."""

import argparse
import os
import pathlib
import sys
import time
import unittest

import side_by_side

HERE = pathlib.Path(__file__).resolve().parent
SUITES = [
    "whole.first_minute_test",
    "stores.catalog_test",
    "stores.lists_test",
    "stores.sales_test",
    "stores.corrections_test",
    "stores.lines_test",
    "stores.days_test",
    "stores.analytics_test",
    "stores.figures_test",
    "stores.retries_test",
    "stores.external_ids_test",
    "stores.streams_test",
    "stores.golden_test",
    "stores.on_postgresql_test",
    "whole.postgresql_test",
    "postgresql.two_users_test",
    "postgresql.start_test",
    "postgresql.certificates_test",
    "postgresql.pooler_test",
    "postgresql.sql_subset_test",
    "recommending.populations_test",
    "whole.life_test",
    "commands.shell_test",
    "commands.daily_test",
    "commands.several_servers_test",
    "recommending.visibility_test",
    "recommending.population_values_test",
    "recommending.recommendations_test",
    "recommending.external_ids_test",
    "recommending.bundle_twin_test",
    "recommending.models_test",
    "recommending.bundle_model_test",
    "recommending.training_test",
    "recommending.intents_test",
    "recommending.many_test",
    "recommending.end_test",
    "recommending.truth_test",
    "recommending.bundles_restart_test",
    "recommending.rule_sets_test",
    "recommending.spark_test",
    "whole.connections_test",
    "whole.stderr_test",
    "whole.attacks_test",
    "whole.queues_test",
    "whole.deadlines_test",
    "whole.tls_test",
    "whole.access_test",
    "whole.metrics_test",
    "whole.log_test",
    "telemetry.otlp_test",
    "operating.limits_test",
    "operating.readiness_test",
    "whole.clock_test",
    "whole.ugly_input_test",
    "whole.bad_input_test",
    "whole.foreign_tools_test",
    "commands.export_baskets_test",
    "commands.mine_test",
    "commands.migrate_test",
    "whole.install_test",
    "commands.scripts_test",
    "whole.docs_test",
    "whole.operations_test",
    "commands.flat_test",
    "commands.flat_again_test",
    "commands.flat_cases_test",
    "commands.flat_online_retail_test",
    "commands.flat_replace_test",
    "commands.flat_stored_test",
    "whole.damage_test",
    "whole.upgrade_test",
    "whole.restore_test",
    "whole.backup_test",
    "whole.erasure_test",
    "whole.kill_test",
    "k8s_manifests_test",
    "k8s_image_test",
    "k8s_dockerfile_test",
    "k8s_chart_test",
    "k8s_alerts_test",
    "k8s_monitoring_test",
    "packages_test",
]
#: Suites that hold the time of an answer against a limit, so nothing runs beside them.
ALONE = {
    "operating.readiness_test",
    "recommending.end_test",
    "whole.attacks_test",
    "whole.clock_test",
    "whole.connections_test",
    "whole.deadlines_test",
    "whole.queues_test",
    "whole.stderr_test",
}


class Result(unittest.TextTestResult):
    """Prints one line per test: its outcome, its seconds, its name."""

    passed = 0

    def startTest(self, test):
        self.started = time.monotonic()
        unittest.TestResult.startTest(self, test)

    def line(self, fate, test):
        seconds = time.monotonic() - getattr(self, "started", time.monotonic())
        self.stream.writeln(f"{fate:8} {seconds:6.1f} s  {test.id() if hasattr(test, 'id') else test}")
        self.stream.flush()

    def addSuccess(self, test):
        unittest.TestResult.addSuccess(self, test)
        self.passed += 1
        self.line("ok", test)

    def addFailure(self, test, err):
        unittest.TestResult.addFailure(self, test, err)
        self.line("FAILED", test)

    def addError(self, test, err):
        unittest.TestResult.addError(self, test, err)
        self.line("ERROR", test)

    def addSubTest(self, test, subtest, err):
        unittest.TestResult.addSubTest(self, test, subtest, err)
        if err is not None:
            self.line("FAILED", subtest)

    def addSkip(self, test, reason):
        unittest.TestResult.addSkip(self, test, reason)
        self.line(reason if reason.startswith("skipped:") else f"skipped: {reason}", test)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def run_here(suites, text):
    """Runs the tests of `suites` whose name contains `text`. Returns the numbers of passed, failed and skipped ones."""
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    for name in suites:
        loaded = list(flatten(loader.loadTestsFromName(name)))
        if not loader.errors:  # a suite that cannot be loaded is never filtered away
            loaded = [test for test in loaded if text in test.id()]
        tests.addTests(loaded)
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=Result, verbosity=0).run(tests)
    failed = len({id(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors})
    return result.passed, failed, len(result.skipped)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", help="build tree with bin/clustr-* (default: build/test)")
    parser.add_argument("--filter", default="", help="only tests whose full name contains this text")
    parser.add_argument("--totals", help="file to which `passed failed skipped` is written")
    parser.add_argument(
        "--long", action="store_true", help="use many more moments and populations; the same as CLUSTR_LONG=1"
    )
    parser.add_argument("--workers", type=int, default=1, help="suites that run at a time (default: 1)")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"one of {', '.join(SUITES)}; default all")
    arguments = parser.parse_args()
    if arguments.build:
        os.environ["CLUSTR_BUILD"] = os.path.abspath(arguments.build)
    if arguments.long:
        os.environ["CLUSTR_LONG"] = "1"
    sys.path[:0] = [str(folder) for folder in (HERE, HERE.parent / "lint", HERE.parent / "k8s", HERE.parent / "packages")]

    suites = arguments.suites or SUITES
    if arguments.workers > 1:
        options = [f"--filter={arguments.filter}"]
        passed, failed, skipped = side_by_side.run(suites, ALONE, arguments.workers, options)
    else:
        passed, failed, skipped = run_here(suites, arguments.filter)
    if arguments.totals:
        pathlib.Path(arguments.totals).write_text(f"{passed} {failed} {skipped}\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
