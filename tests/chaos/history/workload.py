"""Threads that write and read, one operation at a time each. Every value that is written is unique, so the value of a
row tells which operation wrote it."""

import itertools
import random
import threading

import grpc

from history.makers import CATALOG, SALES
from history.operation import Operation, Outcome, attempt

TIMEOUT_SECONDS = 3
PAUSE_SECONDS = 0.02


class Workload:
    """Writes to sales and catalog until stopped. `clients` maps sales and catalog to a Client, which may lead through a
    proxy; `services` names the one that each thread calls. A thread repeats an operation with the same request_id until it is acknowledged or refused for good."""

    def __init__(self, history, clients, seed, services):
        self.history = history
        self.clients = clients
        self.seed = seed
        self.services = services
        self.numbers = itertools.count(1)
        self.rows = {"sales": Rows(), "catalog": Rows()}
        self.reasons = set()  # Of all refusals so far.
        self.stopping = threading.Event()
        self.threads = []

    def start(self):
        self.stopping.clear()
        first = next(self.numbers)
        self.threads = [
            threading.Thread(target=self.work, args=(service, random.Random(f"{self.seed} {first} {place}")))
            for place, service in enumerate(self.services)
        ]
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Ends the threads; operations under way end first, within their timeout."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def work(self, service, chance):
        makers = SALES if service == "sales" else CATALOG
        own = self.rows[service]
        while not self.stopping.is_set():
            make = chance.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0]
            number = next(self.numbers)
            made = make(number, chance, own)
            if made is not None:
                operation = Operation(number, service, *made)
                self.run(operation)
                remember(operation, own)

    def run(self, operation):
        """Tries until the operation is acknowledged, is refused for good, or the workload stops."""
        while True:
            done = self.try_once(operation)
            if done or self.stopping.is_set():
                break
            self.stopping.wait(PAUSE_SECONDS)
        self.history.add(operation)

    def try_once(self, operation, timeout=TIMEOUT_SECONDS):
        """Makes one attempt. True if the outcome is final."""
        service, method = operation.method.split(".")
        call = getattr(getattr(self.clients[operation.service], service), method)
        tried = attempt(call, operation.request, timeout)
        operation.attempts.append(tried)
        self.reasons.add(tried.reason)
        final = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)
        return tried.outcome is Outcome.OK or (tried.outcome is Outcome.FAILED and tried.code in final)


class Rows:
    """Rows that the workload created and may change: (transaction id, sale id), or a product_sku. Thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, row):
        with self.lock:
            self.rows.append(row)

    def one(self, chance, default=None):
        with self.lock:
            return chance.choice(self.rows[-50:]) if self.rows else default

    def take(self, chance):
        """Removes and returns a row; None if there are few."""
        with self.lock:
            return self.rows.pop(chance.randrange(len(self.rows))) if len(self.rows) >= 5 else None


def remember(operation, own):
    """Adds the row that an operation created."""
    if operation.outcome is not Outcome.OK:
        return
    answer = operation.acknowledged.answer
    if operation.method == "transactions.RecordPurchase":
        own.add((answer.transaction.transaction_id, answer.sales[0].sale_id))
    elif operation.method == "products.CreateProduct":
        own.add(answer.product.product_sku)
