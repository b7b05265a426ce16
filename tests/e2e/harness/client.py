"""A client of one server, and the contents of a refusal."""

import grpc

from harness import pb

CHANNEL = [
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 200),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_retries", 0),
    ("grpc.max_send_message_length", 64 << 20),
]


class Method:
    """A method of a stub, called directly or, by `future`, without waiting. Its deadline is 30 s unless one is given."""

    def __init__(self, method):
        self._method = method

    def __call__(self, request, timeout=30, **options):
        return self._method(request, timeout=timeout, **options)

    def future(self, request, timeout=30, **options):
        return self._method.future(request, timeout=timeout, **options)


class Stub:
    """A generated stub."""

    def __init__(self, stub):
        self._stub = stub

    def __getattr__(self, name):
        return Method(getattr(self._stub, name))


class Client:
    """All stubs over one channel; a server implements only those of its own services. Thread-safe."""

    def __init__(self, address, options=CHANNEL, credentials=None):
        if credentials is None:
            self.channel = grpc.insecure_channel(address, options=options)
        else:
            self.channel = grpc.secure_channel(address, credentials, options=options)
        self.products = Stub(pb.ProductServiceStub(self.channel))
        self.customers = Stub(pb.CustomerServiceStub(self.channel))
        self.timeframes = Stub(pb.TimeframeServiceStub(self.channel))
        self.changes = Stub(pb.CatalogStreamServiceStub(self.channel))
        self.transactions = Stub(pb.TransactionServiceStub(self.channel))
        self.sales = Stub(pb.SaleServiceStub(self.channel))
        self.analytics = Stub(pb.AnalyticsServiceStub(self.channel))
        self.baskets = Stub(pb.SalesStreamServiceStub(self.channel))
        self.rules = Stub(pb.AssociationRuleServiceStub(self.channel))
        self.recommendations = Stub(pb.RecommendationServiceStub(self.channel))
        self.models = Stub(pb.ModelServiceStub(self.channel))
        self.admin = Stub(pb.AdminServiceStub(self.channel))
        self.health = Stub(pb.HealthStub(self.channel))
        self.reflection = Stub(pb.ServerReflectionStub(self.channel))

    def raw(self, method, kind="unary_unary"):
        """Returns the method with the full name `/package.Service/Method`, which takes and returns bytes."""
        return getattr(self.channel, kind)(method)

    def reflect(self, **request):
        """Returns one answer of the reflection service."""
        return next(self.reflection.ServerReflectionInfo(iter([pb.ServerReflectionRequest(**request)])))

    def close(self):
        self.channel.close()


class Refusal:
    """The error of a failed call: code, message, and the google.rpc details in its trailing metadata."""

    def __init__(self, error):
        self.code = error.code()
        self.message = error.details()
        self.violations = []
        self.info = None
        self.retry_info = None
        metadata = {key: value for key, value in error.trailing_metadata() or ()}
        packed = metadata.get("grpc-status-details-bin")
        self.status = pb.Status.FromString(packed) if packed else None
        for detail in self.status.details if self.status else ():
            for kind, name in ((pb.BadRequest, "bad"), (pb.ErrorInfo, "info"), (pb.RetryInfo, "retry_info")):
                if detail.Is(kind.DESCRIPTOR):
                    message = kind()
                    detail.Unpack(message)
                    if name == "bad":
                        self.violations.extend(message.field_violations)
                    else:
                        setattr(self, name, message)

    @property
    def reason(self):
        return self.info.reason if self.info else ""

    @property
    def by_the_client(self):
        """True if the client's own deadline ended the call. A server answers 20 ms before the deadline and says what it
        waited for; on a busy machine it may be too late for that, but not if the call is repeated."""
        return self.code == grpc.StatusCode.DEADLINE_EXCEEDED and not self.reason

    @property
    def fields(self):
        return [violation.field for violation in self.violations]

    def __str__(self):
        return f"{self.code.name} {self.reason or '(no reason)'} {self.fields}: {self.message}"


def outcome(call, *args, **options):
    """Returns the answer, a list of answers for a stream, or a Refusal."""
    try:
        answer = call(*args, **options)
        return list(answer) if hasattr(answer, "__next__") else answer
    except grpc.RpcError as error:
        return Refusal(error)
