"""Checks objects of kinds that Kubernetes itself does not have, strictly, against the definitions that their projects publish."""

import json
import os
import pathlib
import subprocess
import tempfile

import manifests
import yaml
from harness import environment

#: API group -> Go module, and its files with definitions.
DEFINITIONS = {
    "cert-manager.io": ("github.com/cert-manager/cert-manager@v1.21.2", "deploy/crds/*.yaml"),
    "monitoring.coreos.com": ("github.com/prometheus-operator/prometheus-operator@v0.85.0", "example/prometheus-operator-crd/*.yaml"),
    "gateway.networking.k8s.io": ("sigs.k8s.io/gateway-api@v1.4.0", "config/crd/standard/*.yaml"),
}
#: Runs with the packages of manifests.programs(): documents and definitions on its input, findings on its output.
CHECK = pathlib.Path(__file__).with_name("strict_check.py")


class Loader(yaml.CSafeLoader):
    """Reads "=" as a text, which one definition has among its allowed values; to YAML 1.1 it is something of its own."""


Loader.add_constructor("tag:yaml.org,2002:value", Loader.construct_yaml_str)


def group_of(document):
    return document["apiVersion"].rpartition("/")[0]


def without(documents):
    """The documents that a Kubernetes without these definitions takes."""
    return [document for document in documents if group_of(document) not in DEFINITIONS]


def definitions(group):
    """The CustomResourceDefinitions of a group. Skips the test where the module cannot be fetched."""
    module, files = DEFINITIONS[group]
    kept = manifests.ROOT / "build/k8s-programs" / f"{group}-{module.rpartition('@')[2]}.json"
    if not kept.exists():
        go = environment.tool("go")
        with tempfile.TemporaryDirectory() as scratch:
            environ = {**os.environ, "GOFLAGS": "-modcacherw", "GOMODCACHE": scratch}
            done = subprocess.run([go, "mod", "download", "-json", module], cwd=scratch, env=environ, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                environment.missing(f"module {module} ({done.stderr[-300:]})", "kubernetes")
            found = [yaml.load_all(path.read_text(), Loader) for path in sorted(pathlib.Path(json.loads(done.stdout)["Dir"]).glob(files))]
            crds = [d for documents in found for d in documents if d and d["kind"] == "CustomResourceDefinition" and d["spec"]["group"] == group]
        kept.write_text(json.dumps(crds))
    return json.loads(kept.read_text())


def findings(documents):
    custom = [document for document in documents if group_of(document) in DEFINITIONS]
    known = [crd for group in sorted({group_of(document) for document in custom}) for crd in definitions(group)]
    if not custom:
        return []
    given = json.dumps({"documents": custom, "definitions": known})
    done = subprocess.run([manifests.programs() / "python", CHECK], input=given, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
