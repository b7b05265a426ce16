"""What a schema cannot know about manifests: names that must agree, and rules that every workload keeps. `findings` returns
sentences, none if all is well."""

import selectors_of
import settings_of
import workloads


#: ConfigMaps that an operator makes: the files to import, and who signed the certificate of PostgreSQL.
OF_THE_OPERATOR = {"shop-files", "database-ca"}
#: Secrets of an operator: addresses of databases, of the servers and of those who own the tables. deploy/k8s/base makes some of them, with
#: a hash in their names.
SECRETS_OF_THE_OPERATOR = {f"{service}{whose}-database" for service in ("catalog", "sales", "bundles") for whose in ("", "-schema")}
#: Kinds of the whole cluster.
WITHOUT_NAMESPACE = {"Namespace", "PriorityClass", "StorageClass"}


def by_kind(documents, *kinds):
    return [document for document in documents if document["kind"] in kinds]


def name_of(document):
    return f"{document['kind']} {document['metadata']['name']}"


def names(documents, kind):
    return {document["metadata"]["name"] for document in by_kind(documents, kind)}


def secrets(documents):
    """The Secrets that exist, that cert-manager will write, or that an operator makes."""
    return SECRETS_OF_THE_OPERATOR | names(documents, "Secret") | {d["spec"]["secretName"] for d in by_kind(documents, "Certificate")}


def namespace_findings(documents):
    for namespace in by_kind(documents, "Namespace"):
        labels = namespace["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{name_of(namespace)}: Pod Security is not enforced as restricted"
    if not by_kind(documents, "Namespace"):
        yield "there is no Namespace"
    for document in documents:
        if document["kind"] not in WITHOUT_NAMESPACE and document["metadata"].get("namespace") not in names(documents, "Namespace"):
            yield f"{name_of(document)}: is in no namespace that is made here, so it lands where kubectl happens to be"


def reference_findings(documents, pods):
    """Names that a pod refers to must exist."""
    claims = names(documents, "PersistentVolumeClaim")
    configs, accounts, known_secrets = names(documents, "ConfigMap"), names(documents, "ServiceAccount"), secrets(documents)
    for pod in pods:
        spec = pod.spec
        if spec.get("serviceAccountName") not in accounts:
            yield f"{pod}: the service account {spec.get('serviceAccountName')} does not exist"
        volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
        for volume in volumes.values():
            if "secret" in volume and volume["secret"]["secretName"] not in known_secrets:
                yield f"{pod}: the Secret {volume['secret']['secretName']} does not exist"
            if "configMap" in volume and volume["configMap"]["name"] not in configs | OF_THE_OPERATOR:
                yield f"{pod}: the ConfigMap {volume['configMap']['name']} does not exist"
            if "persistentVolumeClaim" in volume and volume["persistentVolumeClaim"]["claimName"] not in claims:
                yield f"{pod}: the claim {volume['persistentVolumeClaim']['claimName']} does not exist"
        for container in spec["containers"]:
            for source in container.get("envFrom", []):
                if "configMapRef" in source and source["configMapRef"]["name"] not in configs:
                    yield f"{pod}: the ConfigMap {source['configMapRef']['name']} does not exist"
                if "secretRef" in source and source["secretRef"]["name"] not in known_secrets:
                    yield f"{pod}: the Secret {source['secretRef']['name']} does not exist"
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes and mount["name"] not in pod.claims:
                    yield f"{pod}: the volume {mount['name']} does not exist"


def scaling_findings(documents, pods):
    targets = {(pod.kind, pod.name): pod for pod in pods}
    for scaler in by_kind(documents, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        pod = targets.get((target["kind"], target["name"]))
        if pod is None:
            yield f"{name_of(scaler)}: there is no {target['kind']} {target['name']}"
        elif pod.writes_sqlite_volume:
            yield f"{name_of(scaler)}: {pod} writes a SQLite file, which one process alone may do"
        if scaler["spec"].get("minReplicas", 1) < 2:
            yield f"{name_of(scaler)}: fewer than two replicas survive no loss of a node"


def findings(documents):
    pods = workloads.of(documents)
    return [
        *namespace_findings(documents),
        *(finding for pod in pods for finding in workloads.findings(pod)),
        *reference_findings(documents, pods),
        *selectors_of.findings(documents, pods),
        *settings_of.findings(documents, pods),
        *scaling_findings(documents, pods),
    ]
