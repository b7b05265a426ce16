"""Follows a stream as a replica does: keeps the newest state of each row, resumes where a stream broke off, and checks
the promises that each message makes."""

import datetime
import threading
import time

import grpc

from harness import pb
from harness.client import Refusal
from history.checker import WRONG, Violation


class Follower:
    """One thread on one stream. `open_stream` takes after_revision and store_id. `apply` changes `rows` by one change
    and returns the revision of its row, or None if the stream does not tell it."""

    def __init__(self, name, open_stream, apply):
        self.name = name
        self.open_stream = open_stream
        self.apply = apply
        self.rows = {}
        self.revision = self.head = self.row_revision = self.streams = 0
        self.complete = False  # True while `rows` is the state at `revision`.
        self.store_id = ""
        self.violations = []
        self.stopping = threading.Event()
        self.call = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopping.is_set():
            try:
                self.call = self.open_stream(self.revision, self.store_id)
                self.streams += 1
                self.row_revision = self.revision + 1 if self.revision else 0
                for message in self.call:
                    self.take(message)
            except grpc.RpcError as error:
                refusal = Refusal(error)
                if refusal.reason == "RESUME_REFUSED":
                    self.blame(f"refused to resume: {refusal}")
                    return
            self.stopping.wait(0.05)

    def take(self, message):
        if message.revision < self.revision:
            self.blame(f"went back from revision {self.revision} to {message.revision}")
        if message.head_revision < max(self.head, message.revision):
            self.blame(f"has the head {message.head_revision} after {self.head} and revision {message.revision}")
        for change in message.changes:
            revision = self.apply(self.rows, change)
            if revision is not None and not self.row_revision <= revision <= message.head_revision:
                self.blame(f"sent a row of revision {revision} after {self.row_revision}, at {message.head_revision}")
            self.row_revision = revision or self.row_revision
        self.revision, self.head, self.store_id = message.revision, message.head_revision, message.store_id
        self.complete = self.revision == self.head

    def blame(self, text):
        self.violations.append(Violation(WRONG, f"the stream of {self.name} {text}"))

    def reach(self, revision, seconds=20):
        """Waits until the whole state at `revision` has arrived. False if it does not."""
        end = time.monotonic() + seconds
        while not (self.complete and self.revision >= revision) and time.monotonic() < end:
            time.sleep(0.01)
        return self.complete and self.revision >= revision

    def stop(self):
        self.stopping.set()
        if self.call is not None:
            self.call.cancel()
        self.thread.join(5)


def follow_sales(client):
    def open_stream(after, store_id):
        request = pb.StreamSalesRequest(after_revision=after, follow=True, store_id=store_id)
        return client.baskets.StreamSales(request, timeout=3600)

    def apply(baskets, change):
        if change.deleted:
            baskets.pop(change.transaction_id, None)
        else:
            baskets[change.transaction_id] = change

    return Follower("sales", open_stream, apply)


def follow_catalog(client):
    def open_stream(after, store_id):
        request = pb.StreamCatalogRequest(after_revision=after, follow=True, store_id=store_id)
        return client.changes.StreamCatalog(request, timeout=3600)

    def apply(products, change):
        kind = change.WhichOneof("row")
        if kind == "product":
            products[change.product.product_sku] = change.product
        elif kind == "deleted_product_sku":
            products.pop(change.deleted_product_sku, None)
        return None if kind.startswith("deleted") else getattr(change, kind).revision

    return Follower("catalog", open_stream, apply)


def compare(sales, catalog, scan):
    """Returns the violations of two followers that have reached the state of the scan."""
    wanted = {key: basket(header) for key, header in scan.headers.items()}
    for _, line in sorted(scan.lines.items()):
        kept = line.quantity - line.returned_quantity
        if kept > 0 and line.transaction_id in wanted:
            change = wanted[line.transaction_id]
            change.product_sku.append(line.product_sku)
            change.quantity.append(kept)
            change.unit_price_cents.append(round(line.unit_price * 100))
    yield from differences("sales", sales, wanted)
    yield from differences("catalog", catalog, scan.products)


def basket(header):
    return pb.BasketChange(
        transaction_id=header.transaction_id,
        customer_id=header.customer_id,
        time_id=header.time_id,
        epoch_day=(datetime.date.fromisoformat(header.purchase_date) - datetime.date(1970, 1, 1)).days,
        channel=header.channel,
        payment_type=header.payment_type,
    )


def differences(name, got, wanted):
    for key in sorted(got.keys() | wanted.keys()):
        if got.get(key) != wanted.get(key):
            shown = [" ".join(str(rows.get(key)).split()) for rows in (got, wanted)]
            yield Violation(WRONG, f"the stream of {name} gave row {key} as {shown[0]}, a scan as {shown[1]}")
