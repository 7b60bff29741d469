#!/bin/bash
# Step 2: root.tar as an ext4 file system in a partitioned disk that boots by itself (amd64), and
# the kernels beside it, for a direct boot.
#     disk.sh OUTPUT ARCH
set -euo pipefail
output=$1 arch=$2
filesystem=$output/root.ext4
tree=$output/tree
first_sector=2048 # 1 MiB: room for the bootloader before the only partition
size_mib=8192     # sparse: only what is used takes space
uuid=c04ac1e0-0000-4000-8000-000000000001
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH

mkdir "$tree"
tar -C "$tree" --xattrs --xattrs-include='*' --numeric-owner -xf "$output/root.tar"
truncate -s "${size_mib}M" "$filesystem"
mke2fs -q -t ext4 -L coracle -U "$uuid" -E "hash_seed=$uuid,lazy_itable_init=0,lazy_journal_init=0,nodiscard" \
  -m 1 -d "$tree" "$filesystem"

# mke2fs copies access and change times, which no tar can set: all inodes get the fixed time.
inodes_in_use() {
  dumpe2fs "$filesystem" 2>/dev/null | awk '
    /^Inode count:/ { count = $3 }
    /^  Free inodes: / { sub(/^  Free inodes: /, ""); n = split($0, parts, ", ")
      for (i = 1; i <= n; i++) { split(parts[i], range, "-"); last = range[2] ? range[2] : range[1]
        for (inode = range[1]; inode <= last; inode++) free[inode] = 1 } }
    END { for (inode = 2; inode <= count; inode++) if (!(inode in free)) print inode }'
}
inodes_in_use | while read -r inode; do
  for field in atime ctime crtime; do printf 'sif <%s> %s @%s\n' "$inode" "$field" "$SOURCE_DATE_EPOCH"; done
  for field in atime_extra ctime_extra crtime_extra; do printf 'sif <%s> %s 0\n' "$inode" "$field"; done
done >"$output/times"
debugfs -w -f "$output/times" "$filesystem" >/dev/null 2>"$output/debugfs.log"
if grep -vE '^debugfs [0-9]' "$output/debugfs.log"; then exit 1; fi

disk=$output/disk.img
truncate -s "$((size_mib + 1))M" "$disk"
printf 'label: dos\nlabel-id: 0xc04ac1e0\nstart=%s, type=83, bootable\n' "$first_sector" |
  sfdisk -q "$disk"
if [ "$arch" = amd64 ]; then
  # The first 440 bytes are code, before the partition table; its next stage follows at sector 1.
  dd if="$tree/usr/lib/grub/i386-pc/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
  dd if="$tree/boot/grub/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
fi
dd if="$filesystem" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none

# The first kernel is the release's own, the second the newer one.
kernels=$(cd "$tree/boot" && printf '%s\n' vmlinuz-* | sort -V)
number=1
for kernel in $kernels; do
  cp "$tree/boot/$kernel" "$output/vmlinuz-$number"
  cp "$tree/boot/initrd.img-${kernel#vmlinuz-}" "$output/initrd-$number"
  echo "${kernel#vmlinuz-}" >"$output/kernel-$number"
  number=$((number + 1))
done
rm -rf "$tree" "$filesystem" "$output/times" "$output/debugfs.log"
