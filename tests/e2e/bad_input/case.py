"""One row of the table of bad input: what is sent, and how it must end."""

from typing import NamedTuple

from grpc import StatusCode

MAX_ID = (1 << 53) - 1
#: Codes and reasons of specification section 2, as the third and fourth column of a row.
INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
FILTER = (StatusCode.INVALID_ARGUMENT, "FILTER_INVALID")
TOKEN = (StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
REUSED = (StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
UNKNOWN = (StatusCode.FAILED_PRECONDITION, "REFERENCE_MISSING")
STALE = (StatusCode.ABORTED, "REVISION_MISMATCH")
RESUME = (StatusCode.OUT_OF_RANGE, "RESUME_REFUSED")
LATE = (StatusCode.DEADLINE_EXCEEDED, "NOT_YET_VISIBLE")
#: The call is answered, and its summary refuses each row.
ROW_INVALID = (StatusCode.OK, "FIELD_INVALID")
ROW_UNKNOWN = (StatusCode.OK, "REFERENCE_MISSING")
#: What gRPC refuses before a handler has no reason.
UNDECODABLE = (StatusCode.UNIMPLEMENTED, "")
TOO_LARGE = (StatusCode.RESOURCE_EXHAUSTED, "")


def not_found(resource):
    return (StatusCode.NOT_FOUND, f"{resource}_NOT_FOUND")


def exists(reason):
    return (StatusCode.ALREADY_EXISTS, reason)


class Bad(NamedTuple):
    #: What is bad about it; distinct in the whole table.
    name: str
    #: Service.Method.
    rpc: str
    #: A message or its bytes; a list of them for a client stream; or a function of the test's Held that makes one.
    request: object
    code: StatusCode
    #: Of ErrorInfo, or of the row's violation where the code is OK.
    reason: str
    #: Path of the violation that the details must list; empty where there is none.
    field: str = ""
    #: What the message must hold: the value and the remedy.
    says: str = ""


class Held(NamedTuple):
    """What a client got before it misbehaved."""

    #: next_page_token by Service.Method.
    tokens: dict
    #: store_id by name of the server.
    store_ids: dict
