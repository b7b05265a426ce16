"""Settles every write whose outcome is unknown, by sending it again with the same request_id."""

import time

from history.checker import DOUBLED, LOST, WRONG, Violation
from history.operation import Outcome

PATIENCE_SECONDS = 30


def settle(history, workload, before):
    """Repeats unknown writes until each is acknowledged or refused for good. `before` is a scan of what was stored when
    no call was under way. Returns the violations: an answer says by `replayed` whether the write was stored before, and
    that must agree with the scan."""
    marks = Marks(before)
    violations = []
    for operation in history.writes():
        if operation.outcome is not Outcome.UNKNOWN:
            continue
        was_stored = marks.holds(operation)
        end = time.monotonic() + PATIENCE_SECONDS
        while not workload.try_once(operation, timeout=10) and time.monotonic() < end:
            time.sleep(0.05)
        last = operation.attempts[-1]
        if last.outcome is Outcome.FAILED:
            # Attempts of the past were cut off before they did anything, or the server would have repeated its answer.
            for attempt in operation.attempts:
                attempt.outcome = Outcome.FAILED
            if was_stored:
                violations.append(Violation(WRONG, f"{operation} was refused, but it is stored"))
        elif last.outcome is Outcome.OK and was_stored is not None and was_stored != last.answer.replayed:
            kind, what = (LOST, "replayed, but it was not") if last.answer.replayed else (DOUBLED, "new, but it was")
            violations.append(Violation(kind, f"{operation} was answered as {what} stored before"))
    return violations


class Marks:
    """The unique values of a scan."""

    def __init__(self, scan):
        self.amounts = {row.transaction_amount for row in scan.headers.values()}
        self.names = {row.product_name for row in scan.products.values()}
        self.lines = {(row.transaction_id, row.unit_price) for row in scan.lines.values() if row.quantity == 1000}

    def holds(self, operation):
        """True or False for a write that creates a row; None for others, whose values may have been overwritten."""
        method, request = operation.method.split(".")[1], operation.request
        if method == "RecordPurchase":
            return request.transaction.transaction_amount in self.amounts
        if method == "CreateProduct":
            return request.product.product_name in self.names
        if method == "CreateSale":
            return (request.sale.transaction_id, request.sale.unit_price) in self.lines
        return None
