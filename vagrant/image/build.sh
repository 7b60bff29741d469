#!/bin/bash
# Builds our machine from Debian packages alone:
#
#     mmdebstrap + ../provision.sh → root.tar → disk.img (and vmlinuz, initrd.img) → [coracle.box]
#
#     vagrant/image/build.sh OUTPUT-FOLDER [--box]
#
# The same packages are to give the same bytes: times are SOURCE_DATE_EPOCH, identifiers are fixed, and the
# versions of all packages are written to manifest.txt. Needs root. Nothing of the host is changed
# outside the output folder, which appears whole or not at all.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd -P "$here/../.." && pwd)
export SOURCE_DATE_EPOCH=1767225600 # 2026-01-01; any fixed time will do
export TZ=UTC LC_ALL=C.UTF-8
umask 022
suite=bookworm
arch=$(dpkg --print-architecture)

say() { printf 'image: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

main() {
  local output=${1:-} box=${2:-}
  [ -n "$output" ] || fail 'usage: vagrant/image/build.sh OUTPUT-FOLDER [--box]'
  [ "$(id -u)" = 0 ] || fail 'this must run as root: device nodes and owners are real; use sudo.'
  [ ! -e "$output" ] || fail "$output is there already; remove it, or name another folder."
  check_tools
  partial=$output.partial.$$
  mkdir -p "$partial"
  trap 'rm -rf "$partial"' EXIT

  step 1 'root file system' "$here/root.sh" "$partial" "$suite" "$arch" "$repository"
  step 2 'disk' "$here/disk.sh" "$partial" "$arch"
  rm "$partial/root.tar"
  [ "$box" != --box ] || step 3 'Vagrant box' "$here/box.sh" "$partial" "$arch"
  mv "$partial" "$output"
  trap - EXIT
  say "done: $output"
}

# What a step prints goes to a log, of which a failure shows the end.
step() {
  local number=$1 name=$2 started=$SECONDS
  shift 2
  say "step $number: $name ..."
  if ! "$@" >"$partial/step.log" 2>&1; then
    tail -n 30 "$partial/step.log" >&2
    fail "step $number ($name) failed; the end of its output is above."
  fi
  rm "$partial/step.log"
  say "step $number: $name, $((SECONDS - started)) s"
}

check_tools() {
  local missing=
  command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
  command -v mke2fs >/dev/null || missing="$missing e2fsprogs"
  command -v sfdisk >/dev/null || missing="$missing fdisk"
  command -v qemu-img >/dev/null || missing="$missing qemu-utils"
  [ -z "$missing" ] || fail "missing tools; install them: apt-get install --no-install-recommends$missing"
}

main "$@"
