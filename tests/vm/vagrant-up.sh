#!/bin/bash
# Proves `vagrant up` to the end, with our own box, on a machine without hardware virtualisation:
#
#     tests/vm/vagrant-up.sh coracle.box     (as root, on Debian; 6 GB in TMPDIR)
#
# box add → up (with provision.sh) → a chapter → provision again → up two → destroy. Vagrant,
# libvirt and qemu are Debian's. They are installed and run behind overlays of /usr, /etc and /var,
# in mount, PID and network namespaces of their own, so the machine is left as it was found: its
# packages, links, firewall, mounts and processes. At the end of the time limit all of it is killed.
set -euo pipefail

minutes=120
packages='vagrant vagrant-libvirt libvirt-daemon-system libvirt-clients dnsmasq-base
  qemu-system-x86 qemu-system-common qemu-utils iproute2 iptables openssh-client'
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=$here/${BASH_SOURCE[0]##*/}
repository=$(cd -P "$here/../.." && pwd)

say() { printf 'vagrant-up: %s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  exit 1
}

main() {
  local box=${1:-}
  [ -n "$box" ] || fail "usage: $script coracle.box (vagrant/image/build.sh OUTPUT --box makes it)"
  [ "$(id -u)" = 0 ] || fail 'this must run as root: it makes namespaces and mounts.'
  [ -f "$box" ] || fail "there is no file $box"
  box=$(realpath "$box")
  work=$(mktemp -d "${TMPDIR:-/tmp}/vagrant-up.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  [ "$(df --output=avail -k "$work" | tail -n 1)" -gt 6000000 ] ||
    fail "there are not 6 GB free below $work; name another folder in TMPDIR."
  local result=0
  timeout --kill-after=20 "${minutes}m" \
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    "$script" --behind-overlays "$work" "$box" &
  child=$!
  trap 'kill "$child"' INT TERM
  while kill -0 "$child" 2>/dev/null; do wait "$child" && result=0 || result=$?; done
  # timeout(1) ends with 124, and with 137 when it had to kill; so does whoever else was killed.
  [ "$SECONDS" -lt $((minutes * 60)) ] || fail "not done after $minutes minutes; all was killed."
  [ "$result" -le 128 ] || fail "ended by signal $((result - 128)), which somebody sent."
  [ "$result" = 0 ] || fail 'see the message above.'
  say 'passed'
}

# In the first namespaces, still with the machine's network. CORACLE_TOOLS names a folder that keeps
# the installed packages for the next run; they are a layer below what the run itself writes.
behind_overlays() {
  work=$1
  local tools=${CORACLE_TOOLS:-$work/tools}
  cp -L /etc/resolv.conf "$work/resolv.conf"
  if [ ! -e "$tools/installed" ]; then
    unshare --mount --propagation private "$script" --install "$tools" "$work"
    : >"$tools/installed"
  fi
  local folder
  for folder in usr etc var; do overlay "$folder" "$tools/$folder:/$folder" "$work/layer"; done
  own_run
  # libvirt finds no cgroups, and so makes none; and no KVM, which may be there and not work.
  umount -R -l /sys/fs/cgroup 2>/dev/null || :
  [ ! -e /dev/kvm ] || mount --bind /dev/null /dev/kvm
  shift
  exec unshare --net --uts --ipc "$script" --in-own-network "$work" "$@"
}

install() {
  local tools=$1 folder
  work=$2
  for folder in usr etc var; do overlay "$folder" "/$folder" "$tools"; done
  own_run
  install_packages
}

# Over /FOLDER: the layers LOWER stay as they are, UPPER/FOLDER takes what is written.
overlay() {
  local folder=$1 lower=$2 upper=$3
  mkdir -p "$upper/$folder" "$upper/.work/$folder"
  mount -t overlay -o "lowerdir=$lower,upperdir=$upper/$folder,workdir=$upper/.work/$folder" \
    "vagrant-up-$folder" "/$folder" ||
    fail "/$folder cannot be overlaid from $upper; name a folder of an ordinary disk in TMPDIR."
}

# /etc/resolv.conf may lead into the machine's /run.
own_run() {
  mount -t tmpfs -o mode=755 run /run
  rm -f /etc/resolv.conf
  cp "$work/resolv.conf" /etc/resolv.conf
}

install_packages() {
  local package missing=
  for package in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing, behind the overlays:$missing"
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  # shellcheck disable=SC2086  # a list of words
  quietly "$work/apt.log" sh -c "apt-get update -q &&
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing" _
}

# Prints what the command printed only when it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  fail "$*"
}

in_own_network() {
  work=$1 box=$2
  ip link set lo up
  start_libvirt
  copy_repository
  export HOME=$work/home VAGRANT_HOME=$work/home/.vagrant.d VAGRANT_CWD=$work/repository/vagrant
  export VAGRANT_DEFAULT_PROVIDER=libvirt VAGRANT_CHECKPOINT_DISABLE=1 CORACLE_EMULATE=1
  export CORACLE_MEMORY=${CORACLE_MEMORY:-2048} # of each of two machines
  mkdir -p "$HOME"
  the_proof
}

start_libvirt() {
  cat >/etc/libvirt/qemu.conf <<TEXT
user = "root"
group = "root"
security_driver = "none"
stdio_handler = "file"
namespaces = []
TEXT
  libvirtd --daemon
  for _ in $(seq 60); do
    virsh -q -c qemu:///system version >"$work/libvirt.log" 2>&1 && return
    sleep 1
  done
  cat "$work/libvirt.log" >&2
  fail 'libvirtd does not answer.'
}

# What git would take, so that nothing is written into the checkout.
copy_repository() {
  mkdir "$work/repository"
  (cd "$repository" && git -c safe.directory='*' ls-files -co --exclude-standard -z |
    tar --null --ignore-failed-read -T - -cf - 2>/dev/null) | tar -C "$work/repository" -xf -
}

the_proof() {
  step 'the Vagrantfile is valid' vagrant validate
  step 'box add' vagrant box add --name coracle "$box"
  export CORACLE_BOX=coracle
  step 'up' vagrant up
  grep -q 'provision: done\.' "$work/step.log" || fail 'provision.sh did not run to its end.'
  step 'the public key is gone' inside '! grep -q insecure ~/.ssh/authorized_keys'
  step 'the repository is at /coracle' inside 'cd /coracle && ./workbook help'
  step 'cgroup v2 and systemd' inside 'stat -fc %T /sys/fs/cgroup | grep -x cgroup2fs &&
    systemctl is-system-running --wait | grep -x running'
  step 'a chapter' inside 'cd /coracle && sudo node_modules/.bin/tsx chapters/01-namespaces/run.ts'
  step 'state before' inside "$fingerprint" && cp "$work/step.log" "$work/before"
  step 'provision, a second time' vagrant provision
  step 'nothing changed' inside "$fingerprint"
  diff "$work/before" "$work/step.log" || fail 'the second provisioning changed the files above.'
  step 'up two' vagrant up two
  step 'two reaches one' vagrant ssh two -c 'ping -c 1 -W 10 192.168.56.11'
  step 'destroy' vagrant destroy -f
  [ -z "$(virsh -q -c qemu:///system list --all --name)" ] || fail 'a domain is left after destroy.'
}

# Everything that provisioning may write: names, types, owners, times, where links lead.
# shellcheck disable=SC2016  # for the shell inside
fingerprint='sudo find /etc /opt /usr /home /var/lib/systemd/linger /var/lib/dpkg/status -xdev \
  -not -path "*/.ssh/*" -printf "%p %y %m %u %T@ %l\n" | sort'

inside() { vagrant ssh one -c "$1"; }

step() {
  local name=$1 started=$SECONDS
  shift
  if ! "$@" >"$work/step.log" 2>&1 </dev/null; then
    tr '\r' '\n' <"$work/step.log" | grep -v 'Progress:' | tail -n 60 >&2
    fail "$name"
  fi
  say "$name: $((SECONDS - started)) s"
}

case ${1:-} in
  --install) shift && install "$@" ;;
  --behind-overlays) shift && behind_overlays "$@" ;;
  --in-own-network) shift && in_own_network "$@" ;;
  *) main "$@" ;;
esac
