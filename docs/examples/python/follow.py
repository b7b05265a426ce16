#!/usr/bin/python3
"""Follows the purchases of a shop: prints every basket that was recorded or changed, and goes on where it stopped.

  follow.py SALES POSITION_FILE [COUNT]     SALES as HOST:PORT; ends after COUNT baskets, or else never

The position is written after each batch that was printed. So this program may be stopped at any time, and the server
restarted: no basket is lost, and at most the last batch is printed again. Needs the same stubs as basket.py.
"""

import os
import sys
import time

import grpc
from clustr.sales.v1 import sales_stream_service_pb2, sales_stream_service_pb2_grpc
from connect import connect

PAUSE = 0.5  # Seconds before the next attempt after the connection was lost.


def load(path):
    """Returns the revision to resume from, and the history that it belongs to."""
    if not os.path.exists(path):
        return 0, ""
    with open(path, encoding="utf-8") as file:
        revision, store_id = file.read().split()
    return int(revision), store_id


def save(path, revision, store_id):
    """Replaces the file as a whole, so that a crash leaves the old position or the new one."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(f"{revision} {store_id}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def show(change):
    if change.deleted:
        return f"basket {change.transaction_id} was voided"
    lines = ", ".join(f"{quantity} x {sku}" for sku, quantity in zip(change.product_sku, change.quantity))
    return f"basket {change.transaction_id} of customer {change.customer_id}: {lines}"


def main(sales, path, count):
    # Without keepalive, a server whose machine has gone away would never be noticed.
    channel = connect(sales, ("grpc.keepalive_time_ms", 30_000), ("grpc.max_reconnect_backoff_ms", 1000))
    stub = sales_stream_service_pb2_grpc.SalesStreamServiceStub(channel)
    printed = 0
    while True:
        revision, store_id = load(path)
        request = sales_stream_service_pb2.StreamSalesRequest(after_revision=revision, store_id=store_id, follow=True)
        try:
            for answer in stub.StreamSales(request):  # No deadline: the stream never ends by itself.
                for change in answer.changes:
                    print(show(change), flush=True)
                save(path, answer.revision, answer.store_id)
                printed += len(answer.changes)
                if count and printed >= count:
                    return
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.OUT_OF_RANGE:
                # The server lost this history, for example by a restored backup: drop what was built, and begin anew.
                print("starting over:", error.details(), file=sys.stderr)
                os.remove(path)
            elif error.code() != grpc.StatusCode.UNAVAILABLE:
                sys.exit(error.details())
        time.sleep(PAUSE)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: follow.py SALES POSITION_FILE [COUNT]")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 0)
