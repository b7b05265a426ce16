"""Selectors and ports: of Services, workloads, disruption budgets, network policies and monitors."""


#: Operator of an expression -> whether the labels meet it.
OPERATORS = {
    "In": lambda labels, key, values: labels.get(key) in values,
    "NotIn": lambda labels, key, values: labels.get(key) not in values,
    "Exists": lambda labels, key, values: key in labels,
    "DoesNotExist": lambda labels, key, values: key not in labels,
}
#: Those that choose what bears a label; the others also choose whatever bears none.
NAMING = ("In", "Exists")


def expressions(selector):
    return selector.get("matchExpressions") or []


def matches(selector, labels):
    """Whether a label selector, with labels, expressions or neither, chooses what bears the labels."""
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()) and all(
        OPERATORS[part["operator"]](labels, part["key"], part.get("values", ())) for part in expressions(selector))


def chosen(selector, pods):
    return [pod for pod in pods if matches(selector, pod.labels)]


def names_somebody(selector):
    """Whether only what bears some label is chosen."""
    return bool(selector.get("matchLabels") or [part for part in expressions(selector) if part["operator"] in NAMING])


def keys(selector):
    return {*(selector.get("matchLabels") or {}), *(part["key"] for part in expressions(selector))}


def of_kind(documents, kind):
    return [document for document in documents if document["kind"] == kind]


def service_findings(documents, pods):
    for service in of_kind(documents, "Service"):
        name, spec = f"Service {service['metadata']['name']}", service["spec"]
        behind = chosen({"matchLabels": spec.get("selector")}, pods)
        if not spec.get("selector") or not behind:
            yield f"{name}: its selector chooses no pod"
        for pod in behind:
            ports = pod.container_ports()
            for port in spec["ports"]:
                if port.get("appProtocol") == "kubernetes.io/h2c" and pod.has_certificate:
                    yield f"{name}: says that port {port['port']} speaks plaintext, but {pod} speaks TLS"
                target = port.get("targetPort", port["port"])
                if target not in ports and target not in ports.values():
                    yield f"{name}: {pod} opens no port {target}"
                elif ports.get(target, target) != port["port"]:
                    yield f"{name}: port {port['port']} of a headless service must be the container's {ports[target]}"


def workload_findings(documents, pods):
    services = {service["metadata"]["name"] for service in of_kind(documents, "Service")}
    for pod in pods:
        if pod.serves and not matches(pod.workload["selector"], pod.labels):
            yield f"{pod}: its selector does not choose its own pods"
        if pod.kind == "StatefulSet" and pod.workload.get("serviceName") not in services:
            yield f"{pod}: the Service {pod.workload.get('serviceName')} does not exist"
        for spread in pod.spec.get("topologySpreadConstraints", []):
            if not matches(spread["labelSelector"], pod.labels):
                yield f"{pod}: spreads other pods than its own"
    for budget in of_kind(documents, "PodDisruptionBudget"):
        if not chosen(budget["spec"]["selector"], pods):
            yield f"PodDisruptionBudget {budget['metadata']['name']}: its selector chooses no pod"


def monitor_findings(documents):
    for monitor in of_kind(documents, "ServiceMonitor"):
        services = [d for d in of_kind(documents, "Service") if matches(monitor["spec"]["selector"], d["metadata"].get("labels", {}))]
        ports = {port.get("name") for service in services for port in service["spec"]["ports"]}
        for endpoint in monitor["spec"]["endpoints"]:
            if endpoint["port"] not in ports:
                yield f"ServiceMonitor {monitor['metadata']['name']}: no Service that it chooses has a port {endpoint['port']}"


def peer_findings(name, rule, key):
    if not rule.get(key):
        yield f"{name}: a rule without `{key}` is open to everybody"
    if not rule.get("ports"):
        yield f"{name}: a rule without ports opens all of them"
    for peer in rule.get(key, []):
        if "ipBlock" not in peer and not any(names_somebody(peer.get(kind, {})) for kind in ("podSelector", "namespaceSelector")):
            yield f"{name}: a peer is not named"
        if peer.get("ipBlock", {}).get("cidr", "").endswith("/0"):
            yield f"{name}: a peer is the whole network"


def network_findings(documents, pods):
    policies = of_kind(documents, "NetworkPolicy")
    denied = {kind for policy in policies if policy["spec"]["podSelector"] == {} for kind in policy["spec"]["policyTypes"]
              if not policy["spec"].get(kind.lower())}
    for kind in sorted({"Ingress", "Egress"} - denied):
        yield f"no NetworkPolicy denies {kind} by default"
    for policy in policies:
        name, spec = f"NetworkPolicy {policy['metadata']['name']}", policy["spec"]
        behind = chosen(spec["podSelector"], pods)
        if not behind and not any(key.startswith("clustr.io/") for key in keys(spec["podSelector"])):
            yield f"{name}: its selector chooses no pod"
        for rule in spec.get("ingress", []):
            yield from peer_findings(name, rule, "from")
            opened = {port for pod in behind for port in pod.container_ports().values()}
            yield from (f"{name}: admits to port {port['port']}, which no chosen pod opens"
                        for port in rule.get("ports", []) if opened and port["port"] not in opened)
        for rule in spec.get("egress", []):
            yield from peer_findings(name, rule, "to")
            for peer in rule.get("to", []):
                if "namespaceSelector" in peer or "podSelector" not in peer:
                    continue
                targets = chosen(peer["podSelector"], pods)
                opened = {port for pod in targets for port in pod.container_ports().values()}
                yield from (f"{name}: goes to port {port['port']}, which its peer does not open"
                            for port in rule.get("ports", []) if port["port"] not in opened)


def findings(documents, pods):
    return [*service_findings(documents, pods), *workload_findings(documents, pods), *network_findings(documents, pods), *monitor_findings(documents)]
