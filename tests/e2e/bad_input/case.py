"""One case of the table of bad input: the request, and the refusal that must follow."""

from typing import NamedTuple

from grpc import StatusCode

MAX_ID = (1 << 53) - 1
#: Codes with their reasons, as two consecutive fields of a case.
INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
FILTER = (StatusCode.INVALID_ARGUMENT, "FILTER_INVALID")
TOKEN = (StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
REUSED = (StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
UNKNOWN = (StatusCode.FAILED_PRECONDITION, "REFERENCE_MISSING")
STALE = (StatusCode.ABORTED, "REVISION_MISMATCH")
BACKUP = (StatusCode.FAILED_PRECONDITION, "BACKUP_REFUSED")
RESUME = (StatusCode.OUT_OF_RANGE, "RESUME_REFUSED")
LATE = (StatusCode.DEADLINE_EXCEEDED, "NOT_YET_VISIBLE")
#: The call succeeds, and its summary refuses each row.
ROW_INVALID = (StatusCode.OK, "FIELD_INVALID")
ROW_UNKNOWN = (StatusCode.OK, "REFERENCE_MISSING")
#: A request that gRPC refuses before it reaches a handler has no reason.
UNDECODABLE = (StatusCode.UNIMPLEMENTED, "")
TOO_LARGE = (StatusCode.RESOURCE_EXHAUSTED, "")


def not_found(resource):
    return (StatusCode.NOT_FOUND, f"{resource}_NOT_FOUND")


def exists(reason):
    return (StatusCode.ALREADY_EXISTS, reason)


class Bad(NamedTuple):
    #: What is wrong with the request; unique in the whole table.
    name: str
    #: Service.Method.
    rpc: str
    #: A message or its bytes, a list of these for a client stream, or a function that makes one from the test's Held.
    request: object
    code: StatusCode
    #: The reason in ErrorInfo, or in the violation of the row if the code is OK.
    reason: str
    #: Path of the violation that the details must list; empty if they list none.
    field: str = ""
    #: Text that the message must contain: the value and the remedy.
    says: str = ""


class Held(NamedTuple):
    """What a client received before it misbehaved."""

    #: next_page_token by Service.Method.
    tokens: dict
    #: store_id by the name of the server.
    store_ids: dict
