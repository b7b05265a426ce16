"""Everything in the contract by its short name: pb.Product, pb.RULE_VIEW_FULL, pb.ProductServiceStub.

protoc and grpc_python_plugin generate the Python code into <build>/python whenever a .proto file has changed."""

import fcntl
import hashlib
import importlib
import os
import pathlib
import shutil
import subprocess
import sys

from google.protobuf import descriptor_pool, symbol_database

from harness import environment

GOOGLEAPIS = pathlib.Path("/usr/share/gocode/src/github.com/gogo/googleapis")
GRPC_PROTO = pathlib.Path("/usr/share/grpc-proto")
FOREIGN = [
    "google/rpc/status.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "grpc/health/v1/health.proto",
    "grpc/reflection/v1alpha/reflection.proto",
]
OUT = environment.BUILD / "python"


def contract_files():
    root = environment.ROOT / "proto"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.proto"))


def generate():
    """Generates the stubs unless those of exactly these .proto files exist; safe to run from several processes."""
    OUT.mkdir(parents=True, exist_ok=True)
    files = contract_files()
    contents = hashlib.sha256()
    for name in files:
        contents.update(name.encode() + (environment.ROOT / "proto" / name).read_bytes())
    with open(OUT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = OUT / "stamp"
        if stamp.exists() and stamp.read_text() == contents.hexdigest():
            return
        for package in ("clustr", "google", "grpc"):
            shutil.rmtree(OUT / package, ignore_errors=True)
        plugin = shutil.which("grpc_python_plugin")
        subprocess.run(
            [
                "protoc",
                f"--plugin=protoc-gen-grpc_python={plugin}",
                f"--python_out={OUT}",
                f"--grpc_python_out={OUT}",
                "-I",
                str(environment.ROOT / "proto"),
                "-I",
                str(GOOGLEAPIS),
                "-I",
                str(GRPC_PROTO),
                *files,
                *FOREIGN,
            ],
            check=True,
        )
        stamp.write_text(contents.hexdigest())


generate()
sys.path.insert(0, str(OUT))
# An idle channel reads from its connection only at this interval. At the default of 5 s, it would take that long to
# notice that a server drains or has restarted.
os.environ.setdefault("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50")
import grpc  # noqa: E402  (its package is extended, so that grpc.health of the stubs is found along with Debian's grpc)

grpc.__path__.append(str(OUT / "grpc"))

#: Modules of the contract by .proto file.
modules = {}
for _file in contract_files() + FOREIGN:
    _name = _file[: -len(".proto")].replace("/", ".")
    _module = importlib.import_module(_name + "_pb2")
    modules[_file] = _module
    if _file.startswith("clustr/"):
        for _key in list(_module.DESCRIPTOR.message_types_by_name) + list(_module.DESCRIPTOR.enum_types_by_name):
            globals()[_key] = getattr(_module, _key)
        for _enum in _module.DESCRIPTOR.enum_types_by_name.values():
            globals().update({value.name: value.number for value in _enum.values})
    for _service in _module.DESCRIPTOR.services_by_name:
        globals()[_service + "Stub"] = getattr(importlib.import_module(_name + "_pb2_grpc"), _service + "Stub")

Status = modules["google/rpc/status.proto"].Status
BadRequest = modules["google/rpc/error_details.proto"].BadRequest
ErrorInfo = modules["google/rpc/error_details.proto"].ErrorInfo
RetryInfo = modules["google/rpc/error_details.proto"].RetryInfo
HealthCheckRequest = modules["grpc/health/v1/health.proto"].HealthCheckRequest
HealthCheckResponse = modules["grpc/health/v1/health.proto"].HealthCheckResponse
ServerReflectionRequest = modules["grpc/reflection/v1alpha/reflection.proto"].ServerReflectionRequest


def service(full_name):
    """Returns the descriptor of a service by its full name."""
    return descriptor_pool.Default().FindServiceByName(full_name)


def message(full_name):
    """Returns the class of a message by its full name."""
    return symbol_database.Default().GetSymbol(full_name)


def services(folder):
    """Returns the descriptors of the services in one folder of proto/clustr, for example `catalog`."""
    return [
        service
        for name, module in sorted(modules.items())
        if name.startswith(f"clustr/{folder}/")
        for service in module.DESCRIPTOR.services_by_name.values()
    ]


def metadata_of(reason):
    """Returns the names that ErrorInfo.metadata always has for a reason, and those that it may have besides."""
    value = ErrorReason.DESCRIPTOR.values_by_name[f"ERROR_REASON_{reason}"]
    options = value.GetOptions().Extensions[modules["clustr/options/v1/options.proto"].reason]
    return set(options.metadata), set(options.metadata_if_known)
