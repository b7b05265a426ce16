"""The values of the chart: which they are, what they are by default, and where they stand in the objects."""

import copy
import re

import yaml

FEATURES = ("backups", "scaling", "tls")
SERVICES = ("catalog", "sales", "bundles")
WORKLOADS = ("StatefulSet", "Deployment")
HEADER = """# Values of the chart clustr. Those below are the overlay dev of deploy/k8s; add `--values values-prod.yaml` for prod.
# image: where the cluster finds the image. createNamespace: has the templates include
# the namespace, for `helm template`; give false to `helm install`, which needs the namespace before.
# tls: mutual TLS, with certificates by cert-manager. backups: three CronJobs and a volume. scaling: replicas of bundles by their CPU.
# SERVICE.resources, SERVICE.storage and SERVICE.storageClass: their sizes; "" is the cluster's default class.
"""


def mark(expression):
    """A text that stands for a value until the templates are written."""
    return f"<<{expression}>>"


def find(documents, kind, name):
    return next(d for d in documents if d["kind"] == kind and d["metadata"]["name"] == name)


def workload(documents, service):
    return next(d for d in documents if d["kind"] in WORKLOADS and d["metadata"]["name"] == service)


def container(document):
    return document["spec"]["template"]["spec"]["containers"][0]


def of(plain, full):
    """The default values: what is there without any feature, and the sizes of features."""
    image, _, tag = container(workload(plain, "catalog"))["image"].rpartition(":")
    scaler = find(full, "HorizontalPodAutoscaler", "bundles")["spec"]
    result = {
        "image": {"repository": image, "tag": tag},
        "createNamespace": True,
        "tls": {"enabled": False},
        "backups": {"enabled": False, "storage": find(full, "PersistentVolumeClaim", "backups")["spec"]["resources"]["requests"]["storage"], "storageClass": ""},
        "scaling": {"enabled": False, "minReplicas": scaler["minReplicas"], "maxReplicas": scaler["maxReplicas"]},
    }
    for service in SERVICES:
        document = workload(plain, service)
        result[service] = {"resources": container(document)["resources"]}
        for claim in document["spec"].get("volumeClaimTemplates", []):
            result[service].update(storage=claim["spec"]["resources"]["requests"]["storage"], storageClass="")
    return result


def of_prod(full):
    """What differs in prod."""
    return {**{feature: {"enabled": True} for feature in FEATURES}, "bundles": {"resources": container(workload(full, "bundles"))["resources"]}}


def text(defaults):
    return HEADER + yaml.safe_dump(defaults, sort_keys=False)


def claim_of(spec, values):
    spec["resources"]["requests"]["storage"] = mark(f"{values}.storage")
    spec["storageClassName"] = mark(f"{values}.storageClass")


def replaced(document):
    """The document with marks in place of values, and without the hashes by which kustomize names ConfigMaps."""
    document = copy.deepcopy(document)
    kind, name = document["kind"], re.sub(r"-[a-z0-9]{10}$", "", document["metadata"]["name"])
    if kind in ("ConfigMap", "Secret"):
        document["metadata"]["name"] = name
    if kind in WORKLOADS:
        values = f".Values.{name}"
        container(document)["resources"] = mark(f"{values}.resources")
        settings, database = container(document)["envFrom"]
        settings["configMapRef"]["name"], database["secretRef"]["name"] = name, f"{name}-database"
        # A changed setting replaces the pods, as a changed name does with kustomize.
        document["spec"]["template"]["metadata"]["annotations"] = {
            f"checksum/{what}": mark(f'include (print $.Template.BasePath "/{file}.yaml") . | sha256sum')
            for what, file in (("database", f"secret-{name}-database"), ("settings", f"configmap-{name}"))}
        for claim in document["spec"].get("volumeClaimTemplates", []):
            claim_of(claim["spec"], values)
    if kind == "PersistentVolumeClaim":
        claim_of(document["spec"], ".Values.backups")
    if kind == "HorizontalPodAutoscaler":
        document["spec"].update(minReplicas=mark(".Values.scaling.minReplicas"), maxReplicas=mark(".Values.scaling.maxReplicas"))
    return everywhere(document, kind)


def everywhere(node, kind):
    """Puts the image and the namespace in all texts below `node`."""
    if isinstance(node, dict):
        return {key: namespace() if key == "namespace" else everywhere(value, kind) for key, value in node.items()}
    if isinstance(node, list):
        return [everywhere(value, kind) for value in node]
    if isinstance(node, str) and re.fullmatch(r"localhost/clustr:[\d.]+", node):
        return mark(".Values.image.repository") + ":" + mark(".Values.image.tag")
    if isinstance(node, str) and kind == "Certificate":
        return re.sub(r"(?<=\.)clustr(?=\.|$)|(?<=/ns/)clustr(?=/)", namespace(), node)
    if kind == "Namespace" and node == "clustr":
        return namespace()
    return node


def namespace():
    return mark(".Release.Namespace")
