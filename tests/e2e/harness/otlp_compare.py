"""Compares messages, as a FileDescriptorSet of protoc, with the definition of the protocol in the package opentelemetry-proto, and
prints each difference that another reader would see.

  otlp_compare.py DESCRIPTOR_SET"""

import sys

from google.protobuf import descriptor_pb2, descriptor_pool
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2  # noqa: F401
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2  # noqa: F401

pool = descriptor_pool.Default()
compared = 0


def check(what, ours, theirs):
    global compared
    compared += 1
    if ours != theirs:
        print(f"{what}: {ours} here, {theirs} in the definition")


def check_message(name, message):
    theirs = pool.FindMessageTypeByName(name)
    published = descriptor_pb2.DescriptorProto()
    theirs.CopyToProto(published)
    fields = {field.name: field for field in published.field}
    for field in message.field:
        other = fields.get(field.name)
        check(f"{name}.{field.name}", (field.number, field.label, field.type, field.type_name),
              other and (other.number, other.label, other.type, other.type_name))
    for nested in message.nested_type:
        check_message(f"{name}.{nested.name}", nested)
    for enum in message.enum_type:
        check_enum(f"{name}.{enum.name}", enum)


def check_enum(name, enum):
    theirs = pool.FindEnumTypeByName(name).values_by_name
    for value in enum.value:
        check(f"{name}.{value.name}", value.number, theirs[value.name].number if value.name in theirs else None)


files = descriptor_pb2.FileDescriptorSet()
with open(sys.argv[1], "rb") as content:
    files.ParseFromString(content.read())
for file in files.file:
    for message in file.message_type:
        check_message(f"{file.package}.{message.name}", message)
    for enum in file.enum_type:
        check_enum(f"{file.package}.{enum.name}", enum)
    for service in file.service:
        theirs = pool.FindServiceByName(f"{file.package}.{service.name}").methods_by_name
        for method in service.method:
            other = theirs.get(method.name)
            check(f"{service.name}/{method.name}", (method.input_type, method.output_type, method.client_streaming, method.server_streaming),
                  other and (f".{other.input_type.full_name}", f".{other.output_type.full_name}", other.client_streaming, other.server_streaming))
print(f"{compared} compared")
