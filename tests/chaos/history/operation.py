"""What a client asked, and what became of it."""

import dataclasses
import enum
import threading
import time

import grpc

from harness.client import Refusal

#: Refusals with these codes come from a handler that did nothing, with or without a reason. INTERNAL is one of them: a
#: server that cannot say whether a write was stored must answer UNAVAILABLE with the reason OUTCOME_UNKNOWN.
NOT_STORED = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.INTERNAL,
}
#: Reasons of UNAVAILABLE and DEADLINE_EXCEEDED that promise the same.
REASONS_NOT_STORED = {
    "STARTING",
    "DRAINING",
    "UPSTREAM",
    "DATABASE_BUSY",
    "DATABASE_UNREACHABLE",
    "NOT_YET_VISIBLE",
}


class Outcome(enum.Enum):
    OK = "ok"  # Acknowledged, with an answer.
    FAILED = "failed"  # Refused; surely not stored.
    UNKNOWN = "unknown"  # The connection broke, the time ran out, or the server itself does not know.


@dataclasses.dataclass
class Attempt:
    """One call. Times are those of the monotonic clock."""

    start: float
    end: float
    outcome: Outcome
    answer: object = None
    refusal: str = ""
    code: object = None
    reason: str = ""


def attempt(call, request, timeout):
    """Makes one call and returns the Attempt."""
    start = time.monotonic()
    try:
        answer = call(request, timeout=timeout)
        return Attempt(start, time.monotonic(), Outcome.OK, answer)
    except grpc.RpcError as error:
        refusal = Refusal(error)
        sure = refusal.code in NOT_STORED or refusal.reason in REASONS_NOT_STORED
        outcome = Outcome.FAILED if sure else Outcome.UNKNOWN
        return Attempt(start, time.monotonic(), outcome, None, str(refusal), refusal.code, refusal.reason)


@dataclasses.dataclass
class Operation:
    """One write or read, with every attempt at it. All attempts at a write have the same request_id."""

    number: int
    service: str  # sales or catalog
    method: str  # such as transactions.RecordPurchase
    request: object
    attempts: list = dataclasses.field(default_factory=list)

    @property
    def outcome(self):
        """OK if any attempt was acknowledged; FAILED only if every attempt surely was not stored."""
        outcomes = {each.outcome for each in self.attempts}
        return next((each for each in (Outcome.OK, Outcome.UNKNOWN) if each in outcomes), Outcome.FAILED)

    @property
    def acknowledged(self):
        """The first attempt that was acknowledged, or None."""
        return next((each for each in self.attempts if each.outcome is Outcome.OK), None)

    @property
    def start(self):
        return self.attempts[0].start

    @property
    def end(self):
        return self.acknowledged.end

    def __str__(self):
        tried = ", ".join(f"{each.outcome.value} {each.refusal}".strip() for each in self.attempts[-3:])
        return f"operation {self.number} {self.method} ({len(self.attempts)} attempts, the last: {tried})"


class History:
    """All operations of all threads, in the order in which they ended. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._operations = []

    def add(self, operation):
        with self._lock:
            self._operations.append(operation)

    def all(self):
        with self._lock:
            return list(self._operations)

    def writes(self, service=None):
        return [each for each in self.all() if is_write(each) and service in (None, each.service)]

    def first_success_after(self, moment, service):
        """Returns the time of the first acknowledged write of a service after a moment, or None."""
        ends = [each.end for each in self.writes(service) if each.outcome is Outcome.OK and each.end > moment]
        return min(ends, default=None)


def is_write(operation):
    return not operation.method.split(".")[1].startswith(("Get", "List"))
