"""Throw-away certificate authorities and the certificates that they sign, made by the openssl program."""

import os
import pathlib
import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """Signs certificates; everything is kept in a folder."""

    def __init__(self, folder, name="authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = self.folder / f"{name}.key"
        self.certificate = self.folder / f"{name}.crt"
        openssl("req", "-x509", *CURVE, "-days", 90, "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate,
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def issue(self, name, alternatives="DNS:localhost,IP:127.0.0.1", days=90, subject=None):
        """Writes NAME.crt and NAME.key, both in one step each as a careful operator does, and returns their paths."""
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        key, certificate = self.folder / f"{name}.key", self.folder / f"{name}.crt"
        extensions.write_text(f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n")
        openssl("req", "-new", *CURVE, "-subj", subject or f"/CN={name}", "-keyout", f"{key}.new", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial",
                "-days", days, "-extfile", extensions, "-out", f"{certificate}.new")
        os.replace(f"{key}.new", key)
        os.replace(f"{certificate}.new", certificate)
        return certificate, key
