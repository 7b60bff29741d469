#!/bin/bash
# Runs on the host while the root file system is a folder: what only our own image has.
#     customize.sh ROOT
set -euo pipefail
root=$1
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# systemd-resolved has made this a link that leads nowhere until the machine runs.
rm -f "$root/etc/resolv.conf"
cp /etc/resolv.conf "$root/etc/resolv.conf"

# The same script as in a public box, which finds the modules in place.
mkdir -p "$root/opt" "$root/coracle"
cp -a --no-preserve=ownership "$CORACLE_MODULES" "$root/opt/coracle"
cp -a --no-preserve=ownership "$CORACLE_REPOSITORY/vagrant" "$root/coracle/vagrant"
chroot "$root" /coracle/vagrant/provision.sh
rm -rf "$root/coracle/vagrant"

# A second, newer kernel, for the features that the first one lacks. Its package has its version in
# its name; the metapackage of backports tells which.
chroot "$root" sh -eu <<'SH'
sed -n 's/^\(deb .*\) bookworm main.*/\1 bookworm-backports main/p' /etc/apt/sources.list >/etc/apt/sources.list.d/backports.list
apt-get update -q
kernel=$(apt-cache show "linux-image-cloud-$CORACLE_ARCH" | sed -n 's/^Depends: \(linux-image-[^ ]*bpo[^ ]*\|linux-image-6\.1[2-9][^ ]*\).*/\1/p' | head -n 1)
DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o Dpkg::Use-Pty=0 "$kernel"
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
SH

# Their modes are the umask's, not those that a checkout happens to have.
cp -r --no-preserve=mode,ownership "$here/files/." "$root/"
chroot "$root" systemctl --quiet enable systemd-networkd.service systemd-resolved.service coracle-ssh-key.service coracle-share.service
# Each boot would compile profiles of programs that are not here; the kernel's part is active anyway.
chroot "$root" systemctl --quiet disable apparmor.service
chroot "$root" systemctl --quiet mask systemd-networkd-wait-online.service getty@tty1.service
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
echo coracle >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 coracle\n::1 localhost\n' >"$root/etc/hosts"

# Made anew by each machine at its first boot.
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed"
: >"$root/etc/machine-id"
rm -rf "$root"/var/log/* "$root"/var/cache/{ldconfig,man,apt,debconf/*-old} "$root"/tmp/* "$root"/run/*
rm -f "$root"/etc/{passwd,group,shadow,gshadow,subuid,subgid}- "$root"/var/lib/dpkg/*-old

# The bootloader, ready to be copied to the start of a disk: see disk.sh.
if [ "$CORACLE_ARCH" = amd64 ]; then
  mkdir -p "$root/boot/grub"
  cp -r "$root/usr/lib/grub/i386-pc" "$root/boot/grub/"
  chroot "$root" grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o /boot/grub/core.img \
    biosdisk part_msdos ext2 normal configfile linux serial terminal echo
fi
