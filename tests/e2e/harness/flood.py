"""Keeps many calls of one kind in flight against a server, as a process of its own:

  python -m harness.flood ADDRESS KIND IN_FLIGHT

It ends when its standard input closes, and then prints what became of the calls, as JSON."""

import itertools
import json
import subprocess
import sys
import threading
import time

from harness import environment, pb
from harness.client import Client, Refusal

#: Makes the n-th request of a kind and names its method. No two requests of one kind are alike, so none is in a cache.
KINDS = {
    "scans": lambda client, n: (client.sales.ListSales, pb.ListSalesRequest(filter=f"unit_price > {900_000_000 + n}")),
    "figures": lambda client, n: (client.analytics.VerifySalesFigures, pb.VerifySalesFiguresRequest()),
    "rules": lambda client, n: (
        client.rules.ListAssociationRules,
        pb.ListAssociationRulesRequest(thresholds=pb.RuleThresholds(min_support=0.001 + n * 1e-9)),
    ),
    "bundles": lambda client, n: (
        client.recommendations.RecommendBundles,
        pb.RecommendBundlesRequest(constraints=pb.BundleConstraints(max_items=4, min_support=0.0005 + n * 1e-9)),
    ),
}
#: A refused client waits as long as RetryInfo says, at least this long.
PAUSE_SECONDS = 0.5


class Flood:
    """A running flood. Use as a context manager; `counts` is there afterwards."""

    def __init__(self, address, kind, in_flight):
        self._command = [sys.executable, "-m", "harness.flood", address, kind, str(in_flight)]
        self.counts = None

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command,
            cwd=environment.ROOT / "tests" / "e2e",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._process.stdout.readline()  # It says when all calls are in flight.
        return self

    def __exit__(self, *_):
        out, _ = self._process.communicate(timeout=60)
        self.counts = json.loads(out)


def main():
    address, kind, in_flight = sys.argv[1], sys.argv[2], int(sys.argv[3])
    client = Client(address)
    numbers = itertools.count()
    lock = threading.Lock()
    counts = {"OK": 0}
    ending = threading.Event()

    def count(name):
        with lock:
            counts[name] = counts.get(name, 0) + 1

    def finished(call):
        if call.cancelled() or ending.is_set():
            return
        error = call.exception()
        if error is None:
            count("OK")
            return start()
        refusal = Refusal(error)
        count(refusal.reason or refusal.code.name)
        if refusal.reason == "QUOTA" and refusal.retry_info is not None:
            count("QUOTA with RetryInfo")
        threading.Timer(PAUSE_SECONDS, start).start()

    def start():
        if ending.is_set():
            return
        method, request = KINDS[kind](client, next(numbers))
        method.future(request, timeout=60).add_done_callback(finished)

    for _ in range(in_flight):
        start()
    time.sleep(0.5)
    print("started", flush=True)
    sys.stdin.read()
    ending.set()
    with lock:
        print(json.dumps(counts), flush=True)
    client.close()


if __name__ == "__main__":
    main()
