"""What the runs of each fault came to, as a table."""

import collections
import statistics

from history.checker import DOUBLED, LOST, WRONG

COLUMNS = ["fault", "runs", "operations", LOST, DOUBLED, WRONG, "crashed", "recovery median", "recovery max"]


class Row:
    """The runs of one fault."""

    def __init__(self, fault):
        self.fault = fault
        self.runs = self.operations = self.crashed = 0
        self.violations = collections.Counter()
        self.recoveries = []  # Seconds; None where the fault never ended well.

    @property
    def failed(self):
        return bool(self.crashed or self.violations.total() or None in self.recoveries)

    def cells(self):
        times = [each if each is not None else float("inf") for each in self.recoveries]
        recovery = [f"{function(times):.2f} s" if times else "" for function in (statistics.median, max)]
        counts = [self.runs, self.operations, *(self.violations[kind] for kind in (LOST, DOUBLED, WRONG)), self.crashed]
        return [self.fault, *map(str, counts), *recovery]


def table(rows):
    lines = [COLUMNS, ["---"] * len(COLUMNS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
