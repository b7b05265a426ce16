"""Settings of the programs in pods: each is a flag that the program has, and the services, ports and files that it names exist."""

import base64
import functools
import pathlib
import re
import subprocess

from harness import environment

#: Flag -> name of the container's port that a server opens by it.
PORTS = {"listen": "grpc", "health-listen": "health", "metrics-listen": "metrics"}
#: Services whose addresses are flags of the same name.
SERVICES = {"catalog", "sales", "bundles"}
#: Variables of the environment that no flag has: libpq reads it.
OF_LIBRARIES = {"PGPASSWORD"}
#: What cert-manager writes into the Secret of a Certificate.
OF_CERTIFICATES = {"ca.crt", "tls.crt", "tls.key"}


@functools.cache
def help_of(*command):
    done = subprocess.run([environment.binary(command[0]), *command[1:]], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def flags_of(program, arguments):
    """The flags of a program, or of the command of clustrctl that the arguments begin with."""
    text = help_of(program, "help", arguments[0]) if program == "clustrctl" and arguments else help_of(program, "--help")
    return set(re.findall(r"^  --([a-z-]+)\b", text, re.MULTILINE))


def variables_of(program):
    """Variable of the environment -> flag that it sets."""
    if program == "clustrctl":
        return {variable: variable.removeprefix("CLUSTR_").lower() for variable in re.findall(r"default \$(CLUSTR_\w+)", help_of(program, "--help"))}
    return {"CLUSTR_" + flag.upper().replace("-", "_"): flag for flag in flags_of(program, [])}


def made(documents, kind, name):
    """The texts in a ConfigMap or Secret by their keys, None if it is not made here."""
    for document in documents:
        if document["kind"] == kind and document["metadata"]["name"] == name:
            data = document.get("data", {})
            return data if kind == "ConfigMap" else {key: base64.b64decode(value).decode() for key, value in data.items()}
        if kind == "Secret" and document["kind"] == "Certificate" and document["spec"]["secretName"] == name:
            return dict.fromkeys(OF_CERTIFICATES, "")
    return None


def environment_of(container, documents):
    """The variables that the container gets, as far as they are made here."""
    variables = {}
    for source in container.get("envFrom", []):
        for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if key in source:
                variables.update(made(documents, kind, source[key]["name"]) or {})
    return {**variables, **{entry["name"]: entry.get("value") for entry in container.get("env", [])}}


def files_in(volume, documents):
    """The names of the files in a volume, None if any may be there."""
    source = volume.get("configMap") or volume.get("secret") or {}
    kind, name = ("ConfigMap", source.get("name")) if "configMap" in volume else ("Secret", source.get("secretName"))
    there = made(documents, kind, name)
    if there is not None and "items" in source:
        return {item["path"] for item in source["items"] if item["key"] in there}
    return there if there is None else set(there)


def path_finding(pod, container, path, documents):
    """What is wrong with a path: it lies in no volume, or in one that does not have this file."""
    volumes = {volume["name"]: volume for volume in pod.spec.get("volumes", [])}
    for mount in container.get("volumeMounts", []):
        if path == mount["mountPath"] or path.startswith(mount["mountPath"] + "/"):
            files, file = files_in(volumes.get(mount["name"], {}), documents), path[len(mount["mountPath"]) + 1:]
            return f"the volume {mount['name']} has no file {file}" if file and files is not None and file not in files else None
    return f"the path {path} lies in no volume"


def value_finding(pod, container, flag, value, documents):
    """What is wrong with the value of a flag."""
    host, _, port = value.rpartition(":")
    if flag in PORTS and pod.container_ports().get(PORTS[flag]) != int(port):
        return f"the container has no port {port} named {PORTS[flag]}"
    if flag in SERVICES:
        ports = {d["metadata"]["name"]: {p["port"] for p in d["spec"]["ports"]} for d in documents if d["kind"] == "Service"}
        if int(port) not in ports.get(host, ()):
            return f"no Service {host} has port {port}"
    path = value.removeprefix("sqlite:///")
    return path_finding(pod, container, path, documents) if path.startswith("/") else None


def container_findings(pod, container, documents):
    program, arguments = pathlib.Path(container["command"][0]).name, [*container["command"][1:], *container.get("args", [])]
    variables, flags, given = variables_of(program), flags_of(program, arguments), []
    if not flags:
        yield f"{pod}: {program} has no command {' '.join(arguments)}"
        return
    for name, value in environment_of(container, documents).items():
        if name not in variables.keys() | OF_LIBRARIES:
            yield f"{pod}: {program} reads no variable {name}"
        elif value is not None:
            given.append((name, variables.get(name), value))
    for argument in arguments:
        flag, _, value = argument.removeprefix("--").partition("=")
        if argument.startswith("--") and flag not in flags:
            yield f"{pod}: {program} has no flag --{flag}"
        given.append((argument, flag, value) if argument.startswith("--") else (argument, None, argument))
    for name, flag, value in given:
        wrong = value_finding(pod, container, flag, value, documents)
        if wrong:
            yield f"{pod}: {name}: {wrong}"


def findings(documents, pods):
    return [finding for pod in pods for container in pod.spec["containers"] for finding in container_findings(pod, container, documents)]
