"""Checks what the reads of a history saw."""

from history import scan as scans
from history.operation import Outcome, is_write
from history.violation import LOST, WRONG, Violation


def reads(history, expected):
    """Each read saw a state that was acknowledged, and none older than a write that had ended when it began."""
    for read in history.all():
        if is_write(read):
            continue
        if read.outcome is not Outcome.OK:
            yield from missing(read, expected)
            continue
        for table, key, row in scans.states_in(read, read.acknowledged.answer):
            states = expected.states.get((table, key))
            if states is None or table == "headers":
                continue  # A row of before, or one whose revision moves with its lines.
            if row.revision not in states:
                if table != "products" or row.revision >= min(states):
                    yield Violation(WRONG, f"{read} saw {flat(row)}, which no acknowledged write stored")
                continue
            if states[row.revision][0] != row:
                yield Violation(WRONG, f"{read} saw {flat(row)}, but it was {flat(states[row.revision][0])}")
            if states[row.revision][1].start > read.end:
                yield Violation(WRONG, f"{read} saw revision {row.revision} before its write began")
            newer = [revision for revision, (_, write) in states.items() if write.end < read.start]
            if newer and max(newer) > row.revision:
                yield Violation(WRONG, f"{read} saw revision {row.revision} after {max(newer)} was acknowledged")


def missing(read, expected):
    """A row that a read did not find was removed by a write that had begun."""
    last = read.attempts[-1]
    if last.code is None or last.code.name != "NOT_FOUND":
        return
    table = "headers" if read.method == "transactions.GetTransaction" else "products"
    key = read.request.transaction_id if table == "headers" else read.request.product_sku
    states = expected.states.get((table, key), {})
    stored = any(row is not None and write.end < last.start for row, write in states.values())
    removed = any(row is None and write.start < last.end for row, write in states.values())
    if stored and not removed:
        yield Violation(LOST, f"{read} did not find {table[:-1]} {key}, which no write removed")
