#!/usr/bin/python3
"""Calls bundles without a pause and without retries, from several threads, until its input ends; then prints a line of JSON: calls,
and the messages of those that failed. The channel is the one that docs/kubernetes.md tells clients to use.

  steady_calls.py TARGET [CA CERT KEY]"""

import collections
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import grpc  # noqa: E402
from harness import pb  # noqa: E402
from harness.client import Client  # noqa: E402

THREADS = 3
SERVICE_CONFIG = {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}
CHANNEL = [
    ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.dns_min_time_between_resolutions_ms", 1000),
]


def main():
    target, files = sys.argv[1], [pathlib.Path(name).read_bytes() for name in sys.argv[2:]]
    ca, certificate, key = files or (None, None, None)
    client = Client(target, CHANNEL, grpc.ssl_channel_credentials(ca, key, certificate) if ca else None)
    stop, failed, calls = threading.Event(), collections.Counter(), [0] * THREADS
    client.rules.ListAssociationRules(pb.ListAssociationRulesRequest(page_size=1), wait_for_ready=True, timeout=60)
    print("calling", flush=True)

    def call(thread):
        while not stop.is_set():
            try:
                client.recommendations.RecommendProducts(pb.RecommendProductsRequest(basket_skus=[1001, 1002]), timeout=10)
            except grpc.RpcError as error:
                failed[f"{error.code().name}: {error.details()}"] += 1
            calls[thread] += 1

    threads = [threading.Thread(target=call, args=[thread]) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps({"calls": sum(calls), "failed": failed}))


if __name__ == "__main__":
    main()
