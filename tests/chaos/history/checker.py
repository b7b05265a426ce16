"""Compares a history of operations with what the servers hold in the end. README.md says what is checked and why that
suffices. Every write of the history must have been settled: acknowledged, or refused for good."""

import collections
import dataclasses

from history import scan as scans
from history.operation import Outcome, is_write

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"


@dataclasses.dataclass(frozen=True)
class Violation:
    kind: str  # LOST, DOUBLED or WRONG
    text: str

    def __str__(self):
        return f"{self.kind}: {self.text}"


def check(history, scan, before=None):
    """Returns the violations. `scan` is read after all operations; `before` holds rows that were there before them, as
    (table, id)."""
    acknowledged = [each for each in history.writes() if each.outcome is Outcome.OK]
    expected = Expected(acknowledged)
    return [
        *unsettled(history),
        *order(acknowledged, "sales"),
        *order(acknowledged, "catalog"),
        *requested_values(acknowledged),
        *expected.compare(scan),
        *invented(expected, scan, before or set()),
        *doubled(acknowledged, scan),
        *sums(scan),
        *reads(history, expected),
    ]


def unsettled(history):
    for operation in history.writes():
        if operation.outcome is Outcome.UNKNOWN:
            yield Violation(WRONG, f"{operation} was never settled")


def order(acknowledged, service):
    """Each write has a revision of its own, higher than those of all writes that had ended when it began."""
    writes = [each for each in acknowledged if each.service == service]
    by_revision = collections.defaultdict(list)
    for write in writes:
        by_revision[scans.revision_of(write)].append(write)
    for revision, same in by_revision.items():
        if len(same) > 1:
            yield Violation(WRONG, f"{service} revision {revision} was given to {' and '.join(map(str, same))}")
    ended = sorted(writes, key=lambda each: each.end)
    newest, place = None, 0
    for write in sorted(writes, key=lambda each: each.start):
        while place < len(ended) and ended[place].end < write.start:
            if newest is None or scans.revision_of(ended[place]) > scans.revision_of(newest):
                newest = ended[place]
            place += 1
        if newest is not None and scans.revision_of(newest) >= scans.revision_of(write):
            yield Violation(
                WRONG,
                f"{write} took {service} revision {scans.revision_of(write)}, not above "
                f"{scans.revision_of(newest)}, at which {newest} had ended before",
            )


def requested_values(acknowledged):
    """Each answer shows the values that were asked for."""
    for write in acknowledged:
        for table, key, row in scans.states_in(write, write.acknowledged.answer):
            wanted = requested(write, table, key)
            for field, value in wanted.ListFields() if row is not None and wanted is not None else ():
                if field.name not in ("sales", "revision") and getattr(row, field.name) != value:
                    got = getattr(row, field.name)
                    yield Violation(WRONG, f"{write} answered {field.name} {got} where {value} was asked for")


def requested(write, table, key):
    """Returns the row in a request that asks for the row `key` of its answer, or None."""
    method, request = write.method.split(".")[1], write.request
    if method == "RecordPurchase" and table == "lines":
        return request.sales[[line.sale_id for line in write.acknowledged.answer.sales].index(key)]
    return getattr(request, {"headers": "transaction", "lines": "sale", "products": "product"}[table], None)


class Expected:
    """The states that acknowledged writes gave to each row, by revision."""

    def __init__(self, acknowledged):
        self.states = collections.defaultdict(dict)  # (table, id) -> revision -> (row or None, write)
        self.touched = collections.defaultdict(dict)  # transaction_id -> revision of a change of its lines -> write
        self.removed_headers = set()
        for write in acknowledged:
            revision = scans.revision_of(write)
            for table, key, row in scans.states_in(write, write.acknowledged.answer):
                self.states[table, key][revision] = row, write
                if table == "lines":
                    self.touched[row.transaction_id][revision] = write
                elif table == "headers" and row is None:
                    self.removed_headers.add(key)

    def newest(self, table, key):
        """Returns (revision, row, write) of the last write of a row."""
        revision = max(self.states[table, key])
        return revision, *self.states[table, key][revision]

    def compare(self, scan):
        """Each row holds exactly what its last write answered."""
        for table, key in sorted(self.states):
            revision, wanted, write = self.newest(table, key)
            if table == "lines" and wanted.transaction_id in self.removed_headers:
                wanted, write = None, self.newest("headers", wanted.transaction_id)[2]
            got = scan.table(table).get(key)
            name = f"{table[:-1]} {key}"
            if wanted is None:
                if got is not None:
                    yield Violation(LOST, f"{name} is back, though {write} removed it at revision {revision}")
            elif got is None:
                yield Violation(LOST, f"{name} is missing; {write} stored it at revision {revision}")
            elif got.revision < revision:
                yield Violation(LOST, f"{name} is at revision {got.revision}; {write} changed it at {revision}")
            elif self.differs(table, key, got, wanted):
                yield Violation(WRONG, f"{name} is {flat(got)}, but {write} answered {flat(wanted)}")

    def differs(self, table, key, got, wanted):
        """True if a stored row is not the one that its last write answered. Changes of lines move a header on."""
        if table != "headers":
            return got != wanted
        moved = type(wanted)()
        moved.CopyFrom(wanted)
        moved.lines_total = got.lines_total  # sums() checks it.
        moved.revision = max(wanted.revision, *self.touched[key], 0, 0)
        return got != moved


def flat(row):
    return " ".join(str(row).split())


def invented(expected, scan, before):
    """Each row was written by an acknowledged operation."""
    for table in ("headers", "lines", "products"):
        for key, row in scan.table(table).items():
            if (table, key) not in expected.states and (table, key) not in before:
                yield Violation(WRONG, f"{table[:-1]} {key} is stored, but no acknowledged write made it: {flat(row)}")


def doubled(acknowledged, scan):
    """No write has left its unique values in two rows, and each return counts once."""
    yield from returns(acknowledged, scan)
    amounts = collections.Counter(row.transaction_amount for row in scan.headers.values())
    names = collections.Counter(row.product_name for row in scan.products.values())
    lines = collections.Counter(map(added_line, scan.lines.values()))
    for write in acknowledged:
        method = write.method.split(".")[1]
        if method == "RecordPurchase":
            count = amounts[write.request.transaction.transaction_amount]
        elif method == "CreateProduct":
            count = names[write.request.product.product_name]
        elif method == "CreateSale":
            count = lines[added_line(write.request.sale)]
        else:
            continue
        if count > 1:
            yield Violation(DOUBLED, f"{write} is stored {count} times")


def added_line(line):
    return line.transaction_id, line.product_sku, line.unit_price, line.quantity


def returns(acknowledged, scan):
    asked = collections.Counter()
    for write in acknowledged:
        if write.method == "sales.ReturnSale":
            asked[write.request.sale_id] += write.request.quantity
    for key, line in scan.lines.items():
        if line.returned_quantity != asked[key]:
            kind = DOUBLED if line.returned_quantity > asked[key] else LOST
            yield Violation(
                kind, f"line {key} has {line.returned_quantity} returned units, {asked[key]} were acknowledged"
            )


def cents(amount):
    return round(amount * 100)


def sums(scan):
    """Each header has the exact sum of its lines, and each line has a header and a total that follows from it."""
    totals, newest = collections.Counter(), collections.Counter()
    for line in scan.lines.values():
        totals[line.transaction_id] += cents(line.line_total)
        newest[line.transaction_id] = max(newest[line.transaction_id], line.revision)
        if cents(line.line_total) != line.quantity * cents(line.unit_price):
            yield Violation(WRONG, f"line {line.sale_id} has the total {line.line_total}: {flat(line)}")
        if line.transaction_id not in scan.headers:
            yield Violation(WRONG, f"line {line.sale_id} has no header {line.transaction_id}")
    for key, header in scan.headers.items():
        if cents(header.lines_total) != totals[key]:
            yield Violation(WRONG, f"header {key} has lines_total {header.lines_total}, its lines {totals[key] / 100}")
        if header.revision < newest[key]:
            yield Violation(WRONG, f"header {key} is at revision {header.revision}, a line of it at {newest[key]}")


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
