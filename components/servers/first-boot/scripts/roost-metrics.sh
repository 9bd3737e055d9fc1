#!/bin/bash
# Writes what node exporter cannot see by itself, as a file that it reads: each minute, and when mdadm or smartd have seen
# something, which they give as arguments or in the environment.
set -euo pipefail

# shellcheck source=/dev/null
source /etc/roost/metrics

case ${1:-}${SMARTD_MESSAGE:-} in
  "") ;;
  Rebuild* | NewArray* | SpareActive* | MoveSpare* | TestMessage*) logger --priority daemon.notice --tag roost-metrics -- "md: $*" ;;
  *) logger --priority daemon.crit --tag roost-metrics -- "${SMARTD_MESSAGE:-md: $*}" ;;
esac

metric() { printf '# HELP %s %s\n# TYPE %s gauge\n' "$1" "$2" "$1"; }
truth() { if "$@" >/dev/null 2>&1; then echo 1; else echo 0; fi; }

# A value below /sys/block, or another where the kernel has none.
of_array() { cat "/sys/block/$1/md/$2" 2>/dev/null || echo "$3"; }

# Each function gives one line a pool: name, and words of its description.
each_pool() {
  local description
  for description in /etc/roost/pools/*; do
    [[ -e $description ]] || continue
    # shellcheck source=/dev/null
    (source "$description" && "$1")
  done
}

# Members that are in the machine with what the array holds. The kernel goes on to count those that it cannot do without.
working_members() {
  local member count=0
  for member in "/sys/block/$1"/md/dev-*; do
    if [[ $(cat "$member/state" 2>/dev/null) == *in_sync* && -e /dev/${member##*/dev-} ]]; then count=$((count + 1)); fi
  done
  echo "$count"
}

array_lines() {
  local device state missing syncing=1
  [[ $LEVEL != none ]] || return 0
  device=$(basename "$(readlink -f "/dev/md/$POOL")")
  state=$(of_array "$device" array_state absent)
  missing=$((${#MEMBERS[@]} - $(working_members "$device")))
  # One that has lost more disks than it survives is called so here at once; its state tells only when it is clean.
  if grep -q "^$device : broken" /proc/mdstat; then state=broken; fi
  case $state in
    absent | clear | inactive) state=0 missing=${#MEMBERS[@]} syncing=0 ;;
    broken) state=0 syncing=0 ;;
    *)
      state=1
      [[ $(of_array "$device" sync_action idle) != idle ]] || syncing=0
      ;;
  esac
  echo "roost_array_active{array=\"$POOL\"} $state"
  echo "roost_array_missing_members{array=\"$POOL\"} $missing"
  echo "roost_array_syncing{array=\"$POOL\"} $syncing"
}

volume_lines() {
  local volume mount_point _
  for volume in "${VOLUMES[@]}"; do
    read -r _ _ _ _ mount_point <<<"$volume"
    [[ $mount_point == none ]] || echo "roost_volume_mounted{mountpoint=\"$mount_point\"} $(truth mountpoint --quiet "$mount_point")"
  done
}

disk_lines() {
  local disk status
  for disk in "${MEMBERS[@]}" "${SPARES[@]}"; do
    echo "roost_disk_present{disk=\"$disk\"} $(truth test -b "/dev/disk/by-id/$disk")"
    # The lowest bits mean that it could not be asked, the next that it is failing.
    status=0
    smartctl --health --nocheck=standby "/dev/disk/by-id/$disk" >/dev/null 2>&1 || status=$?
    ((status & 3)) || ((status > 126)) || echo "roost_disk_healthy{disk=\"$disk\"} $(((status & 8) == 0))"
  done
}

certificate_lines() {
  local end
  end=$(openssl x509 -noout -enddate -in /etc/roost/node-exporter/tls.crt 2>/dev/null) || return 0
  echo "roost_certificate_end_timestamp_seconds $(date --date="${end#notAfter=}" +%s)"
}

metrics() {
  metric roost_array_active "Whether the array runs."
  metric roost_array_missing_members "Members that the array lacks."
  metric roost_array_syncing "Whether the array is checked or rebuilt."
  each_pool array_lines
  metric roost_volume_mounted "Whether the volume is mounted."
  each_pool volume_lines
  metric roost_disk_present "Whether the disk is in the machine."
  metric roost_disk_healthy "Whether the disk says that it will not fail soon."
  each_pool disk_lines
  metric roost_firewall_kept "Whether the packet filter is the one that is kept."
  echo "roost_firewall_kept $(truth test "$(roost-firewall state)" = kept)"
  metric roost_reboot_required "Whether an update waits for a reboot."
  echo "roost_reboot_required $(truth roost-reboot needed)"
  metric roost_certificate_end_timestamp_seconds "When the certificate ends by which these metrics are served."
  certificate_lines
  if [[ -e /var/lib/roost/integrity ]]; then
    metric roost_integrity_changed "Whether files of the system are not what they were, by AIDE."
    echo "roost_integrity_changed $(truth test "$(cat /var/lib/roost/integrity)" -ne 0)"
  fi
}

# roost-volumes.service has looked at boot. What is lost later makes it fail too, and what is back lets it succeed.
look_again() {
  local expected=active
  if grep -qE '^roost_(array_active|volume_mounted)\{.* 0$' "$TEXTFILE_DIRECTORY/roost.prom"; then expected=failed; fi
  case $(systemctl is-active roost-volumes.service) in
    "$expected") ;;
    active | failed) systemctl restart --no-block roost-volumes.service ;;
  esac
}

PATH=$PATH:/usr/local/sbin:/usr/sbin
mkdir -p "$TEXTFILE_DIRECTORY"
next=$(mktemp "$TEXTFILE_DIRECTORY/.roost.XXXXXX")
# The format wants all lines of a metric together.
metrics | awk '/^#/ { help[$3] = help[$3] $0 "\n"; if (!($3 in seen)) { seen[$3]; order[++n] = $3 }; next }
  { name = $1; sub(/\{.*/, "", name); lines[name] = lines[name] $0 "\n" }
  END { for (i = 1; i <= n; i++) if (order[i] in lines) printf "%s%s", help[order[i]], lines[order[i]] }' >"$next"
chmod 0644 "$next"
mv "$next" "$TEXTFILE_DIRECTORY/roost.prom"
look_again
