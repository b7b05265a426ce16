"""The program of the lab: all daemons of Kubernetes in one, built from Go modules and kept outside of the repository, by the hash of
its sources. It takes about 10 minutes of CPU time, once."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "program"
CACHE = pathlib.Path(os.environ.get("CLUSTR_LAB_CACHE") or "~/.cache/clustr-lab").expanduser()
VERSION = "v1.37.2"
FREE_BYTES = 8 << 30


def folder():
    """Where the programs for these sources are, or will be."""
    digest = hashlib.sha256()
    for file in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(SOURCES)).encode() + b"\0" + file.read_bytes())
    return CACHE / digest.hexdigest()[:16]


def is_built():
    return (folder() / "cluster").exists()


def obstacle():
    """Why the program cannot be built here, or None."""
    if shutil.which("go") is None:
        return "Go, to build Kubernetes"
    existing = next(path for path in (CACHE, *CACHE.parents) if path.exists())
    if shutil.disk_usage(existing).free < FREE_BYTES:
        return f"{FREE_BYTES >> 30} GiB of free disk at {existing}, to build Kubernetes"
    return None


def build():
    """Builds the programs unless they are there. What the build needs besides is removed again."""
    if is_built():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="building-") as scratch:
        made = pathlib.Path(scratch) / "made"
        made.mkdir()
        subprocess.run(["gcc", "-Os", "-static", "-s", "-o", made / "pause", SOURCES / "pause/pause.c"], check=True)
        # Without optimisation it takes 400 s instead of 510, and is fast enough for one node.
        version = " ".join(f"-X k8s.io/component-base/version.{name}" for name in (
            f"gitVersion={VERSION}", "gitMajor=1", f"gitMinor={VERSION.split('.')[1]}", "gitTreeState=clean"))
        subprocess.run(
            ["nice", "-n", "15", "go", "build", "-p=1", "-trimpath", "-gcflags=all=-dwarf=false -N -l",
             f"-ldflags=-s -w {version}", "-o", made / "cluster", "."],
            cwd=SOURCES, check=True,
            env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-modcacherw", "GOCACHE": f"{scratch}/cache", "GOMODCACHE": f"{scratch}/modules"})
        made.rename(folder())
