#!/usr/bin/env bash
# Mounts the cgroup hierarchies anew in a cgroup namespace, so that what runs in it sees its own cgroup as the root of each.
set -euo pipefail
for controller in cpu cpuacct cpuset memory devices freezer blkio pids; do
  umount "/sys/fs/cgroup/$controller"
  mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
done
umount /sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
