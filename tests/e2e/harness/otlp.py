"""Collectors of OpenTelemetry for tests, and what they were sent."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys

from harness import environment, servers

HERE = pathlib.Path(__file__).resolve().parent
PROTO = environment.ROOT / "common/rpc/otlp/proto"
#: The definition of the protocol that the project of OpenTelemetry publishes.
PACKAGES = ["opentelemetry-proto==1.45.2", "grpcio==1.85.3", "protobuf==7.36.2"]


def proto_files():
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))


def generated(folder):
    """Generates Python code from the messages that the servers send, into `folder`, and returns it."""
    plugin = shutil.which("grpc_python_plugin")
    subprocess.run(
        ["protoc", f"--plugin=protoc-gen-grpc_python={plugin}", f"--python_out={folder}", f"--grpc_python_out={folder}", "-I", PROTO, *proto_files()],
        check=True,
    )
    return folder


def published():
    """Installs PACKAGES, once, and returns the Python that has them. Skips the test where the Python package index cannot be
    reached."""
    folder = environment.ROOT / "build/otlp-packages"
    installed = folder / "installed"
    if not installed.exists() or installed.read_text() != " ".join(PACKAGES):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            environment.missing(f"{' and '.join(PACKAGES)} of the Python package index ({done.stderr[-300:]})", "opentelemetry")
        installed.write_text(" ".join(PACKAGES))
    return folder / "bin/python"


class Collector:
    """A collector in a process of its own, which can be stopped and started again with another behaviour."""

    def __init__(self, folder, published_python=None):
        self.folder = pathlib.Path(folder)
        self.python, self.code = published_python or sys.executable, ""
        if published_python is None:
            self.code = self.folder / "otlp"
            self.code.mkdir(exist_ok=True)
            generated(self.code)
        self.port = servers.free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.lines = self.folder / "collector.jsonl"
        self.process = None

    def start(self, behaviour="take", tls=()):
        command = [self.python, HERE / "otlp_collector.py", self.code, str(self.port), behaviour, *tls]
        ready = self.count("ready")
        with open(self.lines, "ab") as lines:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=lines)
        servers.eventually(lambda: self.count("ready") > ready, 60, "the collector")
        return self

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def received(self):
        text = self.lines.read_text(encoding="utf-8") if self.lines.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def count(self, kind):
        return sum(line["kind"] == kind for line in self.received())

    def spans(self):
        """Every span that was sent, with its service as `service`, its attributes as a dict, and its ids in hexadecimal digits."""
        spans = []
        for line in self.received():
            for resource in line.get("request", {}).get("resource_spans", []):
                process = attributes(resource["resource"])
                for scope in resource["scope_spans"]:
                    spans += [readable(span, process) for span in scope["spans"]]
        return spans

    def metrics(self, service):
        """The metrics of a service by name, each export a dict, in the order of their arrival."""
        exports = []
        for line in self.received():
            for resource in line.get("request", {}).get("resource_metrics", []):
                if attributes(resource["resource"])["service.name"] == service:
                    exports.append({metric["name"]: metric for scope in resource["scope_metrics"] for metric in scope["metrics"]})
        return exports


def attributes(owner):
    values = {}
    for attribute in owner.get("attributes", []):
        value = attribute["value"]
        values[attribute["key"]] = int(value["int_value"]) if "int_value" in value else value["string_value"]
    return values


def readable(span, process):
    ids = {name: base64.b64decode(span.get(name, "")).hex() for name in ("trace_id", "span_id", "parent_span_id")}
    return {**span, **ids, "service": process["service.name"], "process": process, "attributes": attributes(span)}
