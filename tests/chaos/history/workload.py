"""Threads that write and read, one operation at a time each. Every value that is written is unique, so the value of a
row tells which operation wrote it."""

import itertools
import random
import threading

import grpc

from harness import pb, rows
from history.operation import Operation, Outcome, attempt

PRODUCTS = 20  # Never deleted; purchases refer to them.
CUSTOMERS = 10
DAYS = 28
TIMEOUT_SECONDS = 3
PAUSE_SECONDS = 0.02


class Workload:
    """Writes to sales and catalog until stopped. `addresses` maps sales and catalog to a Client, which may lead through
    a proxy. A thread repeats an operation with the same request_id until it is acknowledged or refused for good."""

    def __init__(self, history, clients, seed, services=("sales", "sales", "sales", "catalog", "catalog")):
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


def mark(number):
    """A price that no other operation writes, below 100,000."""
    return number / 100


# Makers: each returns the method and the request of a new operation, or None if there is nothing to do it to.


def record(number, chance, own):
    request = rows.purchase(
        chance.randint(1, CUSTOMERS),
        [],
        time_id=chance.randint(1, DAYS),
        transaction_amount=mark(number),
        channel=f"Channel {number}",
        request_id=f"record-{number}",
    )
    for sku in chance.sample(range(1, PRODUCTS + 1), chance.randint(1, 5)):
        request.sales.add(product_sku=sku, quantity=chance.randint(1, 9), unit_price=round(sku * 1e5 + mark(number), 2))
    return "transactions.RecordPurchase", request


def correct_header(number, chance, own):
    row = own.one(chance)
    return row and (
        "transactions.UpdateTransaction",
        pb.UpdateTransactionRequest(
            transaction=pb.Transaction(transaction_id=row[0], channel=f"Channel {number}"),
            request_id=f"header-{number}",
        ),
    )


def add_line(number, chance, own):
    row = own.one(chance)
    if row is None:
        return None
    line = pb.Sale(
        transaction_id=row[0],
        product_sku=chance.randint(1, PRODUCTS),
        quantity=1000,
        unit_price=mark(number),
    )
    return "sales.CreateSale", pb.CreateSaleRequest(sale=line, request_id=f"line-{number}")


def correct_line(number, chance, own):
    row = own.one(chance)
    if row is None:
        return None
    line = pb.Sale(sale_id=row[1], unit_price=mark(number))
    return "sales.UpdateSale", pb.UpdateSaleRequest(sale=line, request_id=f"price-{number}")


def give_back(number, chance, own):
    row = own.one(chance)
    return row and (
        "sales.ReturnSale",
        pb.ReturnSaleRequest(sale_id=row[1], quantity=1, request_id=f"return-{number}"),
    )


def void(number, chance, own):
    row = own.take(chance)
    return row and (
        "transactions.DeleteTransaction",
        pb.DeleteTransactionRequest(transaction_id=row[0], allow_missing=True),
    )


def read_header(number, chance, own):
    row = own.one(chance)
    return row and (
        "transactions.GetTransaction",
        pb.GetTransactionRequest(transaction_id=row[0], include_sales=True),
    )


def create_product(number, chance, own):
    product = pb.Product(product_name=f"Created {number}", price=mark(number), in_stock=True)
    return "products.CreateProduct", pb.CreateProductRequest(product=product, request_id=f"product-{number}")


def change_product(number, chance, own):
    sku = own.one(chance, chance.randint(1, PRODUCTS))
    product = pb.Product(product_sku=sku, price=mark(number), in_stock=chance.random() < 0.7)
    return "products.UpdateProduct", pb.UpdateProductRequest(product=product, request_id=f"change-{number}")


def remove_product(number, chance, own):
    sku = own.take(chance)
    return sku and ("products.DeleteProduct", pb.DeleteProductRequest(product_sku=sku, allow_missing=True))


def read_product(number, chance, own):
    return "products.GetProduct", pb.GetProductRequest(product_sku=own.one(chance, chance.randint(1, PRODUCTS)))


SALES = [
    (record, 8),
    (correct_header, 1),
    (add_line, 2),
    (correct_line, 2),
    (give_back, 2),
    (void, 1),
    (read_header, 3),
]
CATALOG = [(create_product, 2), (change_product, 5), (remove_product, 1), (read_product, 3)]
