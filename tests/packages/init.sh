#!/usr/bin/env bash
# init.sh FOLDER: the first process of a machine that is this one, copied on write: what is installed or changed in it is gone when
# it ends. systemd runs in it.
set -euo pipefail
folder=$1
root=$folder/root

"$(dirname "$0")/../k8s/lab/own_cgroups.sh"
mkdir "$folder/changes" "$root"
mount -t tmpfs tmpfs "$folder/changes"
mkdir "$folder/changes/upper" "$folder/changes/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes/upper,workdir=$folder/changes/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -p "$root/srv/shop"
cp -r "$folder/files/." "$root/srv/shop" # Its /tmp is emptied at the start.
hostname shop

# Only what the packages bring is started, and what systemd needs for it.
rm -rf "$root/etc/systemd/system" "$root/usr/sbin/policy-rc.d"
mkdir "$root/etc/systemd/system"
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service systemd-remount-fs.service getty.target; do
  ln -s /dev/null "$root/etc/systemd/system/$unit"
done

touch "$folder/ready"
# Not by chroot: a process with a changed root may make no user namespaces, which PrivateUsers= of systemd does.
mkdir "$root/before"
cd "$root"
pivot_root . before
umount --lazy /before
exec /usr/bin/env --ignore-environment container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=multi-user.target --log-target=null
