"""What the checker finds."""

import dataclasses

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"


@dataclasses.dataclass(frozen=True)
class Violation:
    kind: str  # LOST, DOUBLED or WRONG
    text: str

    def __str__(self):
        return f"{self.kind}: {self.text}"
