"""What goes into the image: programs, the libraries that they load, and the few files that a C library needs."""

import os
import pathlib
import re
import subprocess
import tempfile

FOLDERS = ["usr", "usr/bin", "usr/lib", "usr/lib64", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "etc"]


def libraries_of(programs):
    """Returns path -> file of every library that the programs load, the loader included."""
    libraries = {}
    for program in programs:
        listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
        for line in listing.splitlines():
            if "not found" in line:
                raise SystemExit(f"build: {program} lacks a library: {line.strip()}")
            found = re.search(r"(?:=> )?(/\S+) \(0x", line)
            if found:
                libraries[found.group(1)] = pathlib.Path(os.path.realpath(found.group(1)))
    return libraries


def base(libraries):
    """The entries of the first layer: folders, users, and libraries."""
    entries = {folder: ("folder", 0o755) for folder in FOLDERS}
    entries.update({
        "lib": ("link", "usr/lib"),
        "lib64": ("link", "usr/lib64"),
        "bin": ("link", "usr/bin"),
        "tmp": ("folder", 0o1777),
        "data": ("folder", 0o777),
        "etc/passwd": b"root:x:0:0::/:/sbin/nologin\nclustr:x:65532:65532::/data:/sbin/nologin\n",
        "etc/group": b"root:x:0:\nclustr:x:65532:\n",
        "etc/nsswitch.conf": b"hosts: files dns\n",
    })
    for path, file in libraries.items():
        inside = path.lstrip("/")
        entries[inside if inside.startswith("usr/") else f"usr/{inside}"] = file.read_bytes()
    return entries


def stripped(program):
    """The bytes of a program without its symbols."""
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(["strip", "-o", copy.name, program], check=True)
        return pathlib.Path(copy.name).read_bytes()


def packages_of(libraries):
    """Returns the Debian packages of the libraries, sorted: (name, version, architecture)."""
    files = {str(file) for file in libraries.values()} | set(libraries)
    # Some packages own /lib/… although the file is at /usr/lib/…
    paths = sorted(files | {file.removeprefix("/usr") for file in files})
    # It ends with 1, since not all of these paths are known.
    found = subprocess.run(["dpkg-query", "--search", *paths], capture_output=True, text=True, check=False).stdout
    owners = {line.split(": ")[0] for line in found.splitlines() if line.split(": ")[-1] in paths}
    form = "${Package}\t${Version}\t${Architecture}\n"
    listing = subprocess.run(["dpkg-query", "--show", f"--showformat={form}", *sorted(owners)], check=True, capture_output=True, text=True)
    return sorted(tuple(line.split("\t")) for line in listing.stdout.splitlines())
