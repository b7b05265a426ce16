"""Runs suites in processes of their own, several at a time."""

import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
import time

RUN = pathlib.Path(__file__).resolve().parent / "run.py"


def run_suite(suite, options):
    """Runs one suite, prints what it printed once it has ended, and returns (passed, failed, skipped). A suite that ends
    without totals counts as one failure."""
    start = time.monotonic()
    with tempfile.NamedTemporaryFile("r") as totals:
        command = [sys.executable, RUN, *options, f"--totals={totals.name}", suite]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        counts = totals.read().split()
    text = f"-- {suite}, {time.monotonic() - start:.0f} s\n" + done.stdout.decode(errors="replace")
    print(text, end="", flush=True)
    return tuple(map(int, counts)) if len(counts) == 3 else (0, 1, 0)


def run(suites, alone, workers, options):
    """Runs `suites`, `workers` at a time, in the order given, and then those of them that are in `alone`, one by one.
    `options` go to each run.py. Returns the sums of passed, failed and skipped tests."""
    shared = [suite for suite in suites if suite not in alone]
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        counts = list(pool.map(lambda suite: run_suite(suite, options), shared))
    counts += [run_suite(suite, options) for suite in suites if suite in alone]
    return tuple(map(sum, zip((0, 0, 0), *counts)))
