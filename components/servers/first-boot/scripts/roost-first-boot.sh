#!/bin/bash
# Turns an installed system into the machine that it is meant to be. Runs until it has succeeded once; each step may be
# repeated. Its files are there already: cloud-init has written them.
set -euo pipefail

say() { echo "roost-first-boot: $*"; }
words() { sed '/^#/d;/^$/d' "$1"; }

# Restarts what is running already: files of ours may be younger than it. systemd reads all units again only once: to enable
# a unit that has an init script too makes it do so each time, and packages have enabled most of theirs.
start_units() {
  local units masked unit disabled=()
  mapfile -t units < <(words /etc/roost/units)
  mapfile -t masked < <(words /etc/roost/masked)
  systemctl stop "${masked[@]}" 2>/dev/null || true
  systemctl mask --no-reload --quiet "${masked[@]}"
  for unit in "${units[@]}"; do systemctl is-enabled --quiet "$unit" 2>/dev/null || disabled+=("$unit"); done
  if ((${#disabled[@]})); then systemctl enable --no-reload --quiet "${disabled[@]}"; fi
  systemctl daemon-reload
  say "starting ${units[*]}"
  systemctl restart "${units[@]}"
}

set_kernel_parameters() {
  systemctl restart systemd-modules-load.service
  # Some belong to modules that this kernel does not have.
  sysctl --quiet --ignore --system
  # Lockdown and audit rules are set only once: again, it fails.
  systemd-tmpfiles --create /etc/tmpfiles.d/roost-*.conf || true
  if command -v augenrules >/dev/null; then augenrules --load >/dev/null || true; fi
  if command -v update-grub >/dev/null && [[ -e /boot/grub ]]; then update-grub; fi
}

# Values of a file that has no folder for those of others.
set_login_defaults() {
  local name value
  while read -r name value; do
    sed -i "/^#\?[[:space:]]*${name}[[:space:]]/d" /etc/login.defs
    printf '%s\t%s\n' "$name" "$value" >>/etc/login.defs
  done < <(words /etc/roost/login.defs)
}

# The seed holds recovery passphrases and keys of the cluster. It is read once: from now on cloud-init is off, so that
# neither an old seed nor one that somebody plugs in changes the machine.
forget_seed() {
  touch /etc/cloud/cloud-init.disabled
  rm -rf /var/lib/roost/keys /var/lib/cloud/seed
  rm -f /var/lib/cloud/instances/*/{user-data.txt,user-data.txt.i,cloud-config.txt,vendor-data.txt,obj.pkl}
  # Until the next boot, in memory.
  rm -f /run/cloud-init/combined-cloud-config.json
}

say "installing what storage and the packet filter need"
roost-packages /etc/roost/packages.d/storage
say "loading the packet filter"
systemctl enable --no-reload --quiet roost-firewall.service
systemctl daemon-reload
systemctl restart roost-firewall.service
say "making storage"
roost-storage make
say "installing everything else"
roost-packages /etc/roost/packages.d/system
say "setting kernel parameters"
set_kernel_parameters
set_login_defaults
start_units
forget_seed
touch /var/lib/roost/first-boot.done
say "done"
