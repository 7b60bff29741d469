#!/bin/sh
# Makes a Debian machine ready for Coracle: packages, a user for rootless containers, delegated
# cgroups, and node_modules of the machine's own. Run as root, as often as you like: what is done
# already is left as it is.
#
# `vagrant up` runs it in a public Debian box, and image/build.sh in the root file system of our own
# image, so both are the same machine. The repository is at /coracle in both.
set -eu

repository=/coracle
modules=/opt/coracle
user=${CORACLE_USER:-vagrant}

say() { printf 'provision: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

main() {
  [ "$(id -u)" = 0 ] || fail 'this must run as root; use sudo.'
  [ -e "$repository/vagrant/packages.txt" ] ||
    fail "the repository is not at $repository; mount or copy it there first."
  install_packages
  quiet_services
  make_user
  delegate_cgroups
  keep_modules
  enter_repository
  say 'done.'
}

# No daemon starts by being installed: each test and chapter starts its own.
install_packages() {
  missing=
  for package in $(sed 's/#.*//' "$repository/vagrant/packages.txt"); do
    is_installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing:$missing"
  policy=/usr/sbin/policy-rc.d
  own_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    own_policy=$policy
    trap 'rm -f "$own_policy"' EXIT
  fi
  # shellcheck disable=SC2086  # a list of words
  apt-get update -q && DEBIAN_FRONTEND=noninteractive \
    apt-get install -qy --no-install-recommends -o Dpkg::Use-Pty=0 $missing
  [ -z "$own_policy" ] || rm -f "$own_policy"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Timers would work behind a test's back, and a dockerd at boot would own the firewall.
quiet_services() {
  for unit in docker.service docker.socket containerd.service podman.service podman.socket \
    docker-registry.service podman-restart.service podman-auto-update.service podman-auto-update.timer apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer man-db.timer \
    unattended-upgrades.service; do
    systemctl --quiet is-enabled "$unit" 2>/dev/null || continue
    systemctl --quiet disable "$unit" 2>/dev/null || :
    [ ! -d /run/systemd/system ] || systemctl --quiet stop "$unit" || :
  done
}

# Subordinate ids and a lingering systemd: what rootless containers need (subuid(5), loginctl(1)).
make_user() {
  if ! id "$user" >/dev/null 2>&1; then
    say "making the user $user"
    useradd --create-home --shell /bin/bash "$user"
    printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$user" >"/etc/sudoers.d/$user"
    chmod 440 "/etc/sudoers.d/$user"
  fi
  for kind in uid gid; do
    grep -qs "^$user:" "/etc/sub$kind" || printf '%s:100000:65536\n' "$user" >>"/etc/sub$kind"
  done
  mkdir -p /var/lib/systemd/linger
  [ -e "/var/lib/systemd/linger/$user" ] || : >"/var/lib/systemd/linger/$user"
}

# Debian's systemd gives a user's manager only memory and pids.
delegate_cgroups() {
  write_file /etc/systemd/system/user@.service.d/coracle.conf <<'TEXT'
[Service]
Delegate=cpu cpuset io memory pids
TEXT
}

# The repository may come from a host of another system, or be shared with it: node_modules and the
# tools are the machine's own, under /opt/coracle, and are bound over the repository's.
keep_modules() {
  write_file /usr/local/sbin/coracle-bind-modules <<'TEXT'
#!/bin/sh
# Binds each folder of /opt/coracle over the same folder of /coracle. Safe to run again.
set -eu
cd /opt/coracle
for folder in .tools node_modules lib/node_modules chapters/*/node_modules; do
  [ -d "$folder" ] && [ -d "$(dirname "/coracle/$folder")" ] || continue
  mountpoint -q "/coracle/$folder" && continue
  mkdir -p "/coracle/$folder"
  mount --bind "$folder" "/coracle/$folder"
done
TEXT
  chmod 755 /usr/local/sbin/coracle-bind-modules
  write_file /etc/systemd/system/coracle-modules.service <<'TEXT'
[Unit]
Description=Coracle's node_modules over the shared repository
RequiresMountsFor=/coracle
After=coracle-share.service
ConditionPathExists=/opt/coracle/node_modules
ConditionPathExists=/coracle/pnpm-workspace.yaml

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/coracle-bind-modules

[Install]
WantedBy=multi-user.target
TEXT
  systemctl --quiet enable coracle-modules.service
  mkdir -p "$modules"
  [ -d "$modules/node_modules/.pnpm" ] || install_modules
}

# In our image they are there already, put in from the lock file when it was built.
install_modules() {
  [ -d /run/systemd/system ] || return 0
  is_installed npm || {
    say 'installing nodejs and npm, with which ./workbook fetches the rest'
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o Dpkg::Use-Pty=0 nodejs npm
  }
  for folder in .tools node_modules lib/node_modules; do mkdir -p "$modules/$folder"; done
  for chapter in "$repository"/chapters/*/; do
    mkdir -p "$modules/chapters/$(basename "$chapter")/node_modules"
  done
  /usr/local/sbin/coracle-bind-modules
  "$repository/workbook" help >/dev/null
}

# A login shell starts where the work is.
enter_repository() {
  write_file /etc/profile.d/coracle.sh <<'TEXT'
[ "$PWD" = "$HOME" ] && [ -e /coracle/workbook ] && cd /coracle
TEXT
}

# Standard input becomes the file. One that says the same already is not touched, nor its folder.
write_file() {
  text=$(cat)
  [ "$text" != "$(cat "$1" 2>/dev/null)" ] || return 0
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "$text" >"$1.new"
  mv "$1.new" "$1"
}

main
