"""The values of the chart: which they are, what they are by default, and where they stand in the objects."""

import copy
import itertools
import re

import yaml

FEATURES = ("backups", "scaling", "tls", "postgresql", "authorization", "monitoring", "tracing")
PROD = ("backups", "scaling", "tls", "authorization")
#: Feature -> another one that it cannot be without.
NEEDS = {"authorization": "tls", "tracing": "tls"}
SERVICES = ("catalog", "sales", "bundles")
WORKLOADS = ("StatefulSet", "Deployment")
HEADER = """# Values of the chart clustr. Those below are the overlay dev of deploy/k8s; add `--values values-prod.yaml` for prod.
# image: where the cluster finds the image. createNamespace: has the templates include
# the namespace, for `helm template`; give false to `helm install`, which needs the namespace before.
# tls: mutual TLS, with certificates by cert-manager. backups: three CronJobs and a volume. scaling: replicas of bundles by their CPU.
# postgresql: the data there. Your Secrets `secrets` hold CLUSTR_DATABASE and PGPASSWORD of the servers, `schemaSecrets` those of the users
# who own the tables, which Jobs make before each installation and upgrade; `peers` are who may be reached at port 5432.
# authorization: who may do what; `grants` are added to those of the services. With tls and without it, every certificate may do everything.
# monitoring: for the Prometheus Operator, with `labels` by which it chooses. tracing: traces and metrics over OTLP; caSecret: whose
# ca.crt signed the collector's certificate; "" is the services' own.
# SERVICE.resources, SERVICE.storage and SERVICE.storageClass: their sizes; "" is the cluster's default class.
"""
#: Variable of the environment -> the value that sets it.
SETTINGS = {"CLUSTR_OTLP_ENDPOINT": ".Values.tracing.endpoint", "CLUSTR_TRACE_SAMPLE": ".Values.tracing.sample",
            "CLUSTR_OTLP_METRICS_SECONDS": ".Values.tracing.metricsSeconds"}


def mark(expression):
    """What stands in a text for a value until the templates are written."""
    return f"<<{expression}>>"


def bare(expression):
    """The same for a value that is no text."""
    return f"<<!{expression}>>"


def optional(expression):
    """The same for one that is left out, with its key, if it is empty."""
    return f"<<?{expression}>>"


def with_needs(features):
    return frozenset(features) | {NEEDS[feature] for feature in features if feature in NEEDS}


def choices():
    """The choices of features that the chart is made from: none, one, two, with what they need, and all. No part of a document depends on
    more than two features, so these tell all parts from each other."""
    few = [with_needs(names) for size in range(3) for names in itertools.combinations(FEATURES, size)]
    return list(dict.fromkeys([*few, frozenset(FEATURES)]))


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
        "postgresql": {
            "enabled": False,
            "replicas": workload(full, "catalog")["spec"]["replicas"],
            "secrets": {service: f"{service}-database" for service in SERVICES},
            "schemaSecrets": {service: f"{service}-schema-database" for service in SERVICES},
            "peers": find(full, "NetworkPolicy", "database")["spec"]["egress"][0]["to"],
        },
        "authorization": {"enabled": False, "grants": []},
        "monitoring": {"enabled": False, "interval": find(full, "ServiceMonitor", "clustr")["spec"]["endpoints"][0]["interval"], "labels": {}},
        "tracing": {"enabled": False, "caSecret": "", **of_tracing(full)},
    }
    for service in SERVICES:
        document = workload(plain, service)
        result[service] = {"resources": container(document)["resources"]}
        for claim in document["spec"].get("volumeClaimTemplates", []):
            result[service].update(storage=claim["spec"]["resources"]["requests"]["storage"], storageClass="")
    return result


def of_tracing(full):
    data = next(d for d in full if d["kind"] == "ConfigMap" and "CLUSTR_OTLP_ENDPOINT" in d["data"])["data"]
    return {expression.rpartition(".")[2]: data[name] for name, expression in SETTINGS.items()}


def of_prod(full):
    """What differs in prod."""
    return {**{feature: {"enabled": True} for feature in PROD}, "bundles": {"resources": container(workload(full, "bundles"))["resources"]}}


def text(defaults):
    return HEADER + yaml.safe_dump(defaults, sort_keys=False)


def claim_of(spec, values):
    spec["resources"]["requests"]["storage"] = mark(f"{values}.storage")
    spec["storageClassName"] = optional(f"{values}.storageClass")


def without_hash(name):
    """The name of a ConfigMap or Secret without the hash that kustomize gave it."""
    return re.sub(r"-[a-z0-9]{10}$", "", name) if re.search(r"-(?=[a-z]*\d)[a-z0-9]{10}$", name) else name


def replaced(document):
    """The document with marks in place of values, and without the hashes by which kustomize names ConfigMaps."""
    document = copy.deepcopy(document)
    kind, name, spec = document["kind"], without_hash(document["metadata"]["name"]), document.get("spec")
    if kind in ("ConfigMap", "Secret"):
        document["metadata"]["name"] = name
    if kind == "ConfigMap":
        document["data"].update({setting: mark(value) for setting, value in SETTINGS.items() if setting in document["data"]})
    if kind in WORKLOADS:
        of_workload(document, name)
    if kind == "PersistentVolumeClaim":
        claim_of(spec, ".Values.backups")
    if kind == "HorizontalPodAutoscaler":
        spec.update(minReplicas=bare(".Values.scaling.minReplicas"), maxReplicas=bare(".Values.scaling.maxReplicas"))
    if kind == "Job":
        service = name.removeprefix("schema-")
        container(document)["envFrom"][0]["secretRef"]["name"] = mark(f".Values.postgresql.schemaSecrets.{service}")
    if kind == "NetworkPolicy" and name in ("database", "schema"):
        spec["egress"][0]["to"] = bare("toJson .Values.postgresql.peers")
    if kind in ("ServiceMonitor", "PrometheusRule"):
        document["metadata"]["labels"] = optional(".Values.monitoring.labels")
    if kind == "ServiceMonitor":
        spec["endpoints"][0]["interval"] = mark(".Values.monitoring.interval")
    if name == "policy":
        others = f"{mark('range .Values.authorization.grants')},\n    {mark('toJson .')}{mark('end')}"
        document["data"]["policy.json"] = document["data"]["policy.json"].replace("\n  ]\n", f"{others}\n  ]\n")
    return everywhere(document, kind)


def of_workload(document, name):
    values, pod = f".Values.{name}", document["spec"]["template"]
    container(document)["resources"] = bare(f"toJson {values}.resources")
    settings, database = container(document)["envFrom"]
    settings["configMapRef"]["name"] = name
    # kustomize names a Secret of its own by a hash; one of the operator's has none.
    made = without_hash(database["secretRef"]["name"]) != database["secretRef"]["name"]
    database["secretRef"]["name"] = f"{name}-database" if made else mark(f".Values.postgresql.secrets.{name}")
    # A changed setting replaces the pods, as a changed name does with kustomize.
    pod["metadata"]["annotations"] = {
        f"checksum/{what}": bare(f'include (print $.Template.BasePath "/{file}.yaml") . | sha256sum')
        for what, file in (("database", f"secret-{name}-database"), ("settings", f"configmap-{name}"))}
    claims = document["spec"].get("volumeClaimTemplates", [])
    for claim in claims:
        claim_of(claim["spec"], values)
    if document["kind"] == "StatefulSet" and not claims:
        document["spec"]["replicas"] = bare(".Values.postgresql.replicas")
    for volume in pod["spec"].get("volumes", []):
        if volume["name"] == "collector":
            volume["secret"]["secretName"] = mark(f'.Values.tracing.caSecret | default "{name}-tls"')


def everywhere(node, kind):
    """Puts the image and the namespace in all texts below `node`."""
    if isinstance(node, dict):
        return {key: namespace() if key == "namespace" else everywhere(value, kind) for key, value in node.items()}
    if isinstance(node, list):
        return [everywhere(value, kind) for value in node]
    if isinstance(node, str) and re.fullmatch(r"localhost/clustr:[\d.]+", node):
        return mark(".Values.image.repository") + ":" + mark(".Values.image.tag")
    if isinstance(node, str) and kind == "Certificate":
        node = re.sub(r"(?<=\.)clustr(?=\.|$)", namespace(), node)
    if isinstance(node, str) and kind in ("Certificate", "ConfigMap"):
        return re.sub(r"(?<=/ns/)clustr(?=/)", namespace(), node)
    if isinstance(node, str) and kind == "PrometheusRule":
        return node.replace('namespace="clustr"', f'namespace="{namespace()}"')
    if kind == "Namespace" and node == "clustr":
        return namespace()
    return node


def namespace():
    return mark(".Release.Namespace")
