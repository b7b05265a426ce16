#!/usr/bin/env bash
# init.sh FOLDER: the first process in the lab's namespaces. Gives them a network, cgroups of their own and empty folders where the
# machine has its own, so that nothing that the machine has is seen or changed. Everything ends with this process but the folders that it had
# to make.
set -euo pipefail
folder=$1

"$(dirname "$0")/own_cgroups.sh"

hostname node
ip link set lo up
ip link add node0 type bridge
ip address add 10.77.0.1/24 dev node0
ip link set node0 up
ip route add default via 10.77.0.254 dev node0 # This route leads nowhere, but kube-proxy wants a default route.
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables

# What kubelet would set for the whole machine.
mkdir "$folder/sysctl"
for setting in vm/overcommit_memory=1 kernel/panic=10 kernel/panic_on_oops=1 vm/panic_on_oom=0; do
  name=${setting%=*}
  echo "${setting#*=}" > "$folder/sysctl/${name//\//_}"
  mount --bind "$folder/sysctl/${name//\//_}" "/proc/sys/$name"
done

for path in /run /var/lib/kubelet /var/lib/containerd /etc/cni /opt /var/log/pods /var/log/containers; do
  mkdir -p "$path"
  mount -t tmpfs tmpfs "$path"
done
mkdir -p /etc/cni/net.d
cp "$folder/settings/pods.conflist" /etc/cni/net.d/

names=$(realpath -m /etc/resolv.conf)
mkdir -p "$(dirname "$names")"
touch -a "$names"
mount --bind "$folder/settings/clients.resolv.conf" "$names"

touch "$folder/ready"
exec sleep infinity
