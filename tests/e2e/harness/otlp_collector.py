"""A collector of OpenTelemetry, as a program of its own: it writes each request that it gets as a line of JSON.

  otlp_collector.py FOLDER PORT BEHAVIOUR [CERTIFICATE KEY CLIENT_CA]

FOLDER has the generated code of the protocol; "" takes that of the package opentelemetry-proto. BEHAVIOUR is how it answers:
`take`, `refuse` (INVALID_ARGUMENT), `busy` (UNAVAILABLE), `hang`, or `partly` (refuses the first span or point of each request)."""

import concurrent.futures
import json
import sys
import threading
import time

import grpc

folder, port, behaviour, *tls = sys.argv[1:]
if folder:
    sys.path.insert(0, folder)

from google.protobuf import json_format  # noqa: E402
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc  # noqa: E402
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc  # noqa: E402

lock = threading.Lock()


def answer(request, context, response, refused):
    line = json.dumps({"kind": type(request).__name__, "request": json_format.MessageToDict(request, preserving_proto_field_name=True)})
    with lock:
        print(line, flush=True)
    if behaviour == "refuse":
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused")
    if behaviour == "busy":
        context.abort(grpc.StatusCode.UNAVAILABLE, "busy")
    if behaviour == "hang":
        while context.is_active():
            time.sleep(0.05)
    if behaviour == "partly":
        setattr(response.partial_success, refused, 1)
    return response


class Traces(trace_service_pb2_grpc.TraceServiceServicer):
    def Export(self, request, context):
        return answer(request, context, trace_service_pb2.ExportTraceServiceResponse(), "rejected_spans")


class Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
    def Export(self, request, context):
        return answer(request, context, metrics_service_pb2.ExportMetricsServiceResponse(), "rejected_data_points")


server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Traces(), server)
metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)
if tls:
    certificate, key, client_ca = (open(path, "rb").read() for path in tls)
    server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([(key, certificate)], client_ca, True))
else:
    server.add_insecure_port(f"127.0.0.1:{port}")
server.start()
print(json.dumps({"kind": "ready"}), flush=True)
server.wait_for_termination()
