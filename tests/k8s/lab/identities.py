"""The keys of the cluster: an authority, a certificate for each daemon, and the files by which they find the API."""

import pathlib

from harness.certificates import Authority, openssl

NODE, ADDRESS = "node", "10.77.0.1"
SERVER_NAMES = ",".join([f"IP:{ip}" for ip in ("127.0.0.1", ADDRESS, "10.96.0.1")] + [f"DNS:{name}" for name in (
    "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")])
#: Name of the files -> subject, which is who the API takes the bearer for, and alternative names.
IDENTITIES = {
    "apiserver": ("/CN=kube-apiserver", SERVER_NAMES),
    "kubelet": (f"/O=system:nodes/CN=system:node:{NODE}", f"DNS:{NODE},IP:{ADDRESS}"),
    "controllers": ("/CN=system:kube-controller-manager", None),
    "scheduler": ("/CN=system:kube-scheduler", None),
    "proxy": ("/CN=system:kube-proxy", None),
    "admin": ("/O=system:masters/CN=admin", None),
}


def kubeconfig(folder, name):
    return f"""apiVersion: v1
kind: Config
clusters: [{{name: lab, cluster: {{server: "https://{ADDRESS}:6443", certificate-authority: {folder}/ca.crt}}}}]
users: [{{name: {name}, user: {{client-certificate: {folder}/{name}.crt, client-key: {folder}/{name}.key}}}}]
contexts: [{{name: lab, context: {{cluster: lab, user: {name}}}}}]
current-context: lab
"""


def write(folder):
    """Writes all of them to `folder`, valid for some days."""
    folder = pathlib.Path(folder)
    authority = Authority(folder, "ca")
    for name, (subject, alternatives) in IDENTITIES.items():
        authority.issue(name, alternatives or f"DNS:{name}", subject=subject)
        (folder / f"{name}.kubeconfig").write_text(kubeconfig(folder, name))
    openssl("genrsa", "-out", folder / "accounts.key", 2048)
    openssl("rsa", "-in", folder / "accounts.key", "-pubout", "-out", folder / "accounts.pub")
