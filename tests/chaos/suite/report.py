"""What the runs of each fault came to, as a table."""

import collections
import statistics

from history.checker import DOUBLED, LOST, WRONG
from history.operation import Outcome

COLUMNS = ["fault", "runs", *(outcome.value for outcome in Outcome), LOST, DOUBLED, WRONG, "crashed", "median", "max"]


class Row:
    """The runs of one fault."""

    def __init__(self, fault):
        self.fault = fault
        self.runs = self.crashed = 0
        self.skipped = False
        self.calls = collections.Counter()  # By outcome.
        self.violations = collections.Counter()
        self.recoveries = []  # Seconds; None where the fault never ended well.

    def add_history(self, history):
        self.calls.update(attempt.outcome for operation in history.all() for attempt in operation.attempts)

    @property
    def failed(self):
        return bool(self.crashed or self.violations.total() or None in self.recoveries)

    def cells(self):
        times = [each if each is not None else float("inf") for each in self.recoveries]
        recovery = [f"{function(times):.2f} s" if times else "" for function in (statistics.median, max)]
        found = [self.violations[kind] for kind in (LOST, DOUBLED, WRONG)]
        counts = [self.runs, *(self.calls[outcome] for outcome in Outcome), *found, self.crashed]
        return [self.fault, *map(str, counts), *recovery]


def table(rows):
    return "\n".join(map(line, [COLUMNS, ["---"] * len(COLUMNS), *(row.cells() for row in rows)]))


def line(cells):
    return f"| {' | '.join(cells)} |"
