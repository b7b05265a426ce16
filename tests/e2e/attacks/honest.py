"""The honest client beside an attack: prints one line per call, `KIND BEGIN MILLISECONDS OUTCOME`, until it is ended.

  python3 honest.py HOST:PORT

KIND is read, write, health, new (a call over a new connection) or stream (an open StreamSales broke)."""

import os
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import grpc  # noqa: E402

from harness import pb  # noqa: E402
from harness.client import Client  # noqa: E402

#: What clients have by default, among it 20 s for connecting.
PATIENT = [("grpc.use_local_subchannel_pool", 1)]
_print_lock = threading.Lock()


def report(kind, begin, outcome):
    with _print_lock:
        print(f"{kind} {begin:.4f} {(time.monotonic() - begin) * 1000:.1f} {outcome}", flush=True)


def timed(kind, call):
    begin = time.monotonic()
    try:
        call()
        outcome = "OK"
    except grpc.RpcError as error:
        outcome = error.code().name
    report(kind, begin, outcome)


def repeat(kind, period, call):
    """Calls again and again, with a pause of `period` seconds."""
    while True:
        timed(kind, call)
        time.sleep(period)


def over_a_new_connection(address):
    with grpc.insecure_channel(address, options=PATIENT) as channel:
        pb.HealthStub(channel).Check(pb.HealthCheckRequest(), timeout=5)


def follow(client):
    while True:
        begin = time.monotonic()
        try:
            for _ in client.baskets.StreamSales(pb.StreamSalesRequest(follow=True), timeout=3600):
                pass
            outcome = "OK"
        except grpc.RpcError as error:
            outcome = error.code().name
        report("stream", begin, outcome)
        time.sleep(0.2)


def main():
    address = sys.argv[1]
    client = Client(address, PATIENT)
    purchase = pb.RecordPurchaseRequest(
        transaction={"customer_id": 1, "purchase_date": "2024-03-01"}, sales=[{"product_sku": 1001, "quantity": 1}]
    )
    read = pb.GetTransactionRequest(transaction_id=1)
    work = [
        ("read", 0.02, lambda: client.transactions.GetTransaction(read, timeout=5)),
        ("write", 0.1, lambda: client.transactions.RecordPurchase(purchase, timeout=5)),
        ("health", 0.05, lambda: client.health.Check(pb.HealthCheckRequest(), timeout=5)),
        ("new", 0.5, lambda: over_a_new_connection(address)),
    ]
    for kind, period, call in work:
        threading.Thread(target=repeat, args=(kind, period, call), daemon=True).start()
    threading.Thread(target=follow, args=(client,), daemon=True).start()
    sys.stdin.read()  # Until the other side closes it.
    with _print_lock:  # Not in the middle of a line.
        os._exit(0)


if __name__ == "__main__":
    main()
