#!/bin/bash
# Step 1: the root file system as root.tar, and manifest.txt with every package and its version.
#     root.sh OUTPUT SUITE ARCH REPOSITORY
set -euo pipefail
output=$1 suite=$2 arch=$3 repository=$4
here=$(dirname "${BASH_SOURCE[0]}")

# Node and node_modules come from the lock file, with their hashes, before anything else.
modules=$output/modules
mkdir -p "$modules/lib"
cp "$repository"/{package.json,pnpm-lock.yaml,pnpm-workspace.yaml,workbook} "$modules"
cp "$repository/lib/package.json" "$modules/lib"
for manifest in "$repository"/chapters/*/package.json; do
  folder=$modules/chapters/$(basename "$(dirname "$manifest")")
  mkdir -p "$folder"
  cp "$manifest" "$folder"
done
"$here/modules.sh" "$modules"

case $arch in
  amd64) bootloader=grub-pc-bin ;;
  arm64) bootloader=grub-efi-arm64-bin ;;
  *) echo "there is no image for $arch; amd64 and arm64 are known" >&2 && exit 1 ;;
esac
export CORACLE_ARCH=$arch CORACLE_MODULES=$modules CORACLE_REPOSITORY=$repository

mmdebstrap --mode=root --variant=minbase --skip=check/qemu \
  --include="systemd systemd-sysv systemd-resolved udev dbus e2fsprogs zstd initramfs-tools \
    linux-image-cloud-$arch grub2-common $bootloader netbase iputils-ping rsync locales-" \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="$here/customize.sh \"\$1\"" \
  "$suite" "$output/root.tar"
rm -rf "$modules"

tar -xOf "$output/root.tar" ./var/lib/dpkg/status |
  awk '/^Package: /{p=$2} /^Version: /{print p, $2}' | sort >"$output/manifest.txt"
