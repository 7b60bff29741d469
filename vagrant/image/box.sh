#!/bin/bash
# Step 3: disk.img as coracle.box, for Vagrant's libvirt and qemu providers.
#     box.sh OUTPUT ARCH
# A box of that kind is a tar of metadata.json, box.img (qcow2) and a Vagrantfile with the defaults
# of the machine. The same disk.img gives the same bytes: qemu-img writes clusters in the order of
# the disk, and the tar has fixed order, owners and times.
set -euo pipefail
output=$1 arch=$2
: "${SOURCE_DATE_EPOCH:?the time of all files in the box}"
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$output/box
mkdir "$tree"

# Compressed by cluster, so that neither Vagrant nor libvirt ever copies the whole disk.
qemu-img convert -c -f raw -O qcow2 -o compression_type=zstd "$output/disk.img" "$tree/box.img"

bytes=$(stat -c %s "$output/disk.img")
gib=$(((bytes + (1 << 30) - 1) >> 30))
printf '{"provider":"libvirt","format":"qcow2","virtual_size":%s,"architecture":"%s"}\n' \
  "$gib" "$arch" >"$tree/metadata.json"
cp "$here/box.Vagrantfile" "$tree/Vagrantfile"

# Vagrant reads tar and tar.gz; the image is compressed already.
tar -C "$tree" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=0644 \
  --mtime="@$SOURCE_DATE_EPOCH" -cf - Vagrantfile box.img metadata.json |
  gzip -n -1 >"$output/coracle.box"
rm -rf "$tree"
