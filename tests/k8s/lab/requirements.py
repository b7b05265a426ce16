"""What the lab needs, and whether it is here."""

import os
import pathlib
import shutil

from lab import program

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = {"etcd": "etcd-server", "containerd": "containerd", "runc": "runc", "iptables": "iptables", "ipset": "ipset",
            "nft": "nftables", "conntrack": "conntrack", "ip": "iproute2", "nsenter": "util-linux"}
HIERARCHIES = ("cpu", "memory", "pids", "devices", "freezer", "systemd")


def has_hierarchies():
    return all(pathlib.Path("/sys/fs/cgroup", name).is_dir() for name in HIERARCHIES)


def obstacle():
    """What keeps the lab from running here, as the end of the sentence "There is no …"; or None."""
    if os.geteuid() != 0:
        return "root, who may make namespaces"
    lacking = [package for name, package in PROGRAMS.items() if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None]
    if not pathlib.Path("/usr/lib/cni/bridge").exists():
        lacking.append("containernetworking-plugins")
    if lacking:
        return f"{', '.join(lacking)}; run tools/install {(HERE / 'packages.txt').relative_to(HERE.parents[2])}"
    if not has_hierarchies():
        return "cgroup version 1, which the lab is written for"
    if not program.is_built():
        return program.obstacle()
    return None
