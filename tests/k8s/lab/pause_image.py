"""The image of the process that holds the namespaces of a pod: one static program, in the form of `docker save`."""

import hashlib
import io
import json
import tarfile


def add(tar, name, data, mode=0o644):
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), mode
    tar.addfile(info, io.BytesIO(data))


def write(archive, program):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as layer:
        add(layer, "pause", program.read_bytes(), 0o755)
    layer = buffer.getvalue()
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/pause"], "User": "65532:65532"},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    with tarfile.open(archive, "w") as tar:
        add(tar, name, config)
        add(tar, "layer.tar", layer)
        add(tar, "manifest.json", json.dumps([{"Config": name, "RepoTags": ["localhost/pause:lab"], "Layers": ["layer.tar"]}]).encode())
