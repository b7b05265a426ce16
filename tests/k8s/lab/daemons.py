"""The command lines of the daemons of a cluster with one node."""

from lab.identities import ADDRESS, NODE

SERVICE_ADDRESSES, POD_ADDRESSES = "10.96.0.0/16", "10.244.0.0/16"


def etcd():
    return ["etcd", "--name=lab", "--data-dir=/run/etcd", "--unsafe-no-fsync", "--log-level=error",
            "--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            "--initial-cluster=lab=http://127.0.0.1:2380"]


def api(program, keys):
    return [program, "kube-apiserver", "--etcd-servers=http://127.0.0.1:2379", f"--advertise-address={ADDRESS}", "--secure-port=6443",
            f"--client-ca-file={keys}/ca.crt", f"--tls-cert-file={keys}/apiserver.crt", f"--tls-private-key-file={keys}/apiserver.key",
            "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-signing-key-file={keys}/accounts.key",
            f"--service-account-key-file={keys}/accounts.pub", "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction", f"--service-cluster-ip-range={SERVICE_ADDRESSES}",
            f"--kubelet-client-certificate={keys}/admin.crt", f"--kubelet-client-key={keys}/admin.key",
            f"--kubelet-certificate-authority={keys}/ca.crt", "--kubelet-preferred-address-types=InternalIP",
            # Without it, privileged pods are refused before Pod Security sees them.
            "--allow-privileged=true"]


def controllers(program, keys):
    own = f"{keys}/controllers.kubeconfig"
    return [program, "kube-controller-manager", f"--kubeconfig={own}", f"--authentication-kubeconfig={own}",
            f"--authorization-kubeconfig={own}", f"--service-account-private-key-file={keys}/accounts.key",
            f"--root-ca-file={keys}/ca.crt", "--allocate-node-cidrs=true", f"--cluster-cidr={POD_ADDRESSES}",
            "--use-service-account-credentials=true", "--leader-elect=false", "--bind-address=127.0.0.1"]


def scheduler(program, keys):
    own = f"{keys}/scheduler.kubeconfig"
    return [program, "kube-scheduler", f"--kubeconfig={own}", f"--authentication-kubeconfig={own}",
            f"--authorization-kubeconfig={own}", "--leader-elect=false", "--bind-address=127.0.0.1"]


def kubelet(program, keys, settings):
    return [program, "kubelet", f"--config={settings}/kubelet.yaml", f"--kubeconfig={keys}/kubelet.kubeconfig",
            f"--node-ip={ADDRESS}", f"--hostname-override={NODE}"]


def proxy(program, settings):
    return [program, "kube-proxy", f"--config={settings}/kube-proxy.yaml", f"--hostname-override={NODE}"]


def policies(program, keys):
    return [program, "policies", f"--kubeconfig={keys}/admin.kubeconfig", f"--service-cluster-ip-range={SERVICE_ADDRESSES}",
            f"--hostname-override={NODE}", "--enable-ipv6=false"]
