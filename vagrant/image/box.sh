#!/bin/bash
# Step 3: disk.img as coracle.box, for Vagrant's libvirt and qemu providers.
#     box.sh OUTPUT ARCH
# A box of that kind is a tar of metadata.json, box.img (qcow2) and a Vagrantfile with the defaults
# of the machine. The same disk.img gives the same bytes: qemu-img writes clusters in the order of
# the disk, and the tar has fixed order, owners and times.
set -euo pipefail
output=$1 arch=$2
: "${SOURCE_DATE_EPOCH:?the time of all files in the box}"
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$output/box
disk=$tree/disk.img

# disk.sh gives an arm64 disk no bootloader: its kernel lies beside it, and no box can name that.
[ "$arch" = amd64 ] || { echo "there is no box for $arch: its disk does not boot by itself" >&2 && exit 1; }

# Vagrant logs in with a key of which everybody has the private half, and puts one of its own in its
# place at the first `vagrant up`. So it is in the box alone: disk.img also runs without Vagrant.
add_public_key() {
  local home=/home/vagrant/.ssh
  printf '%s\n' "mkdir $home" "write $here/vagrant.pub $home/authorized_keys" >"$tree/commands"
  own "$home" 040700
  own "$home/authorized_keys" 0100600
  debugfs -w -f "$tree/commands" "$disk?offset=1048576" >"$tree/debugfs.log" 2>&1
  debugfs -R "stat $home/authorized_keys" "$disk?offset=1048576" 2>>"$tree/debugfs.log" |
    grep -q 'Mode: *0600.*' || { cat "$tree/debugfs.log" >&2 && exit 1; }
}

own() {
  printf 'sif %s uid 1000\nsif %s gid 1000\nsif %s mode %s\n' "$1" "$1" "$1" "$2"
  printf "sif $1 %s @$SOURCE_DATE_EPOCH\n" atime ctime mtime crtime
  printf "sif $1 %s 0\n" atime_extra ctime_extra mtime_extra crtime_extra generation
} >>"$tree/commands"

mkdir "$tree"
cp --sparse=always "$output/disk.img" "$disk"
add_public_key
# Compressed by cluster, so that neither Vagrant nor libvirt ever copies the whole disk.
qemu-img convert -c -f raw -O qcow2 -o compression_type=zstd "$disk" "$tree/box.img"

gib=$((($(stat -c %s "$disk") + (1 << 30) - 1) >> 30))
printf '{"provider":"libvirt","format":"qcow2","virtual_size":%s,"architecture":"%s"}\n' \
  "$gib" "$arch" >"$tree/metadata.json"
cp "$here/box.Vagrantfile" "$tree/Vagrantfile"

# Not compressed once more: it would gain nothing.
tar -C "$tree" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=0644 \
  --mtime="@$SOURCE_DATE_EPOCH" -cf "$output/coracle.box" Vagrantfile box.img metadata.json
rm -rf "$tree"
