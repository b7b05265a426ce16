"""Does by hand what cert-manager would do in the lab: writes the Secret that each Certificate of an overlay asks for."""

import base64

from harness.certificates import Authority


def text(path):
    return base64.b64encode(path.read_bytes()).decode()


def alternatives_of(certificate):
    spec = certificate["spec"]
    return ",".join([f"DNS:{name}" for name in spec.get("dnsNames", [])] + [f"URI:{uri}" for uri in spec.get("uris", [])])


class Issuer:
    def __init__(self, folder):
        self.authority = Authority(folder)

    def issue(self, certificate):
        """The Secret for a Certificate, with a new key. Its files remain in the folder of the authority."""
        name = certificate["metadata"]["name"]
        pem, key = self.authority.issue(name, alternatives_of(certificate))
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/tls",
            "metadata": {"name": certificate["spec"]["secretName"], "namespace": certificate["metadata"]["namespace"]},
            "data": {"tls.crt": text(pem), "tls.key": text(key), "ca.crt": text(self.authority.certificate)},
        }

    def secrets(self, documents):
        return [self.issue(d) for d in documents if d["kind"] == "Certificate" and not d["spec"].get("isCA")]
