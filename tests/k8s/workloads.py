"""Rules for the pods of Deployments, StatefulSets, Jobs and CronJobs."""

import dataclasses

MIN_GRACE_SECONDS = 15  # Lame duck, drain and flush of a server, with some to spare.


@dataclasses.dataclass
class Pod:
    kind: str
    name: str
    template: dict
    workload: dict
    claims: dict

    def __str__(self):
        return f"{self.kind} {self.name}"

    @property
    def spec(self):
        return self.template["spec"]

    @property
    def labels(self):
        return self.template["metadata"].get("labels", {})

    @property
    def serves(self):
        return self.kind in ("Deployment", "StatefulSet")

    @property
    def makes_tables(self):
        """Whether it calls the database alone."""
        return any("--schema=create-and-exit" in container.get("args", []) for container in self.spec["containers"])

    @property
    def writes_sqlite_volume(self):
        return bool(self.claims)

    @property
    def has_certificate(self):
        return any(volume["name"] == "tls" for volume in self.spec.get("volumes", []))

    def container_ports(self):
        return {port.get("name"): port["containerPort"] for c in self.spec["containers"] for port in c.get("ports", [])}


def of(documents):
    pods = []
    for document in documents:
        kind, spec = document["kind"], document.get("spec", {})
        if kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if kind in ("Deployment", "StatefulSet", "Job", "CronJob"):
            claims = {claim["metadata"]["name"]: claim for claim in spec.get("volumeClaimTemplates", [])}
            pods.append(Pod(kind, document["metadata"]["name"], spec["template"], spec, claims))
    return pods


def security_findings(pod):
    context = pod.spec.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser", 0) == 0:
        yield f"{pod}: runs as root"
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield f"{pod}: has no seccomp profile"
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield f"{pod}: is given a token of its service account"
    if pod.spec.get("hostNetwork") or pod.spec.get("hostPID"):
        yield f"{pod}: shares a namespace with its node"
    for container in pod.spec["containers"]:
        inner = container.get("securityContext", {})
        if inner.get("allowPrivilegeEscalation") is not False:
            yield f"{pod}: may gain privileges"
        if inner.get("readOnlyRootFilesystem") is not True:
            yield f"{pod}: may write to its image"
        if inner.get("capabilities", {}).get("drop") != ["ALL"] or inner.get("capabilities", {}).get("add"):
            yield f"{pod}: has capabilities"


def container_findings(pod):
    for container in pod.spec["containers"]:
        resources = container.get("resources", {})
        if "memory" not in resources.get("limits", {}):
            yield f"{pod}: has no limit of memory"
        if not {"cpu", "memory"} <= set(resources.get("requests", {})):
            yield f"{pod}: requests no CPU or memory"
        image = container["image"]
        if ":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest"):
            yield f"{pod}: the image {image} has no fixed tag"
        if not pod.serves:
            continue
        ports = {port["containerPort"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if "grpc" not in container.get(probe, {}):
                yield f"{pod}: has no {probe} by gRPC"
            elif container[probe]["grpc"]["port"] not in ports:
                yield f"{pod}: {probe} asks port {container[probe]['grpc']['port']}, which the container does not open"
        if "service" not in container.get("livenessProbe", {}).get("grpc", {"service": ""}):
            yield f"{pod}: livenessProbe asks for readiness, so that a pod that waits for another is restarted"


def workload_findings(pod):
    if not pod.serves:
        if pod.workload.get("backoffLimit", 6) < 1:
            yield f"{pod}: is not tried again"
        if pod.labels.get("clustr.io/client") != "true" and not pod.makes_tables:
            yield f"{pod}: lacks the label clustr.io/client, so no policy lets it reach a service"
        return
    if pod.spec.get("terminationGracePeriodSeconds", 30) < MIN_GRACE_SECONDS:
        yield f"{pod}: is killed before it has drained; give it {MIN_GRACE_SECONDS} s"
    if pod.kind == "Deployment" and pod.workload.get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
        yield f"{pod}: a rollout takes replicas away before new ones are ready; set maxUnavailable: 0"
    if pod.kind == "Deployment" and not pod.spec.get("topologySpreadConstraints"):
        yield f"{pod}: nothing spreads its replicas over nodes"
    if pod.writes_sqlite_volume and pod.workload.get("replicas") != 1:
        yield f"{pod}: several replicas would write one SQLite file each, and answer differently"
    for name, claim in pod.claims.items():
        if claim["spec"]["accessModes"] != ["ReadWriteOncePod"]:
            yield f"{pod}: the volume {name} can be written by two pods; use ReadWriteOncePod"


def findings(pod):
    return [*security_findings(pod), *container_findings(pod), *workload_findings(pod)]
