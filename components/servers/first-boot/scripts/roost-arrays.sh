#!/bin/bash
# Starts the arrays that /etc/roost/pools describes, at each boot. udev starts an array as soon as all of its members are
# there; one whose members do not come stays inactive, and its data would not be mounted. Such an array is started without
# them, under its own name.
#
#   roost-arrays [POOL]         only that of the pool
set -euo pipefail

WAIT_SECONDS=30
failed=0

say() { logger --priority "daemon.$1" --tag roost-arrays -- "$2" || echo "roost-arrays: $2" >&2; }

# Whether a member was written to when the array stopped.
interrupted() { [[ $(mdadm --examine "${present[@]}") == *"State : active"* ]]; }

# The device of an array that is not running yet.
inactive_device() {
  mdadm --detail --scan | awk -v uuid="UUID=$ARRAY_UUID" '$1 == "INACTIVE-ARRAY" && index($0, uuid) { print $2 }'
}

start_array() {
  local running=/dev/disk/by-id/md-uuid-$ARRAY_UUID partition present=() device
  until [[ -e $running ]] || ((SECONDS >= WAIT_SECONDS)); do sleep 1; done
  if [[ ! -e $running ]]; then
    for partition in "${PARTITIONS[@]}"; do
      if [[ -e /dev/disk/by-partuuid/$partition ]]; then present+=("/dev/disk/by-partuuid/$partition"); fi
    done
    if ((${#present[@]} == 0)); then
      say crit "array $POOL: none of its disks is there"
      failed=1
      return
    fi
    device=$(inactive_device)
    if [[ -n $device ]]; then mdadm --quiet --stop "$device"; fi
    if mdadm --assemble --quiet --run --homehost=any --uuid="$ARRAY_UUID" "/dev/md/$POOL" "${present[@]}"; then
      say crit "array $POOL runs with ${#present[@]} of ${#PARTITIONS[@]} disks"
    elif [[ $LEVEL =~ ^raid[56]$ ]] && interrupted; then
      say crit "array $POOL was written to when it stopped, and has ${#present[@]} of ${#PARTITIONS[@]} disks: what was written last may be wrong, so that it is not started and its data is not available. If it shall be used as it is: roost-storage recover $POOL"
      failed=1
    else
      say crit "array $POOL cannot run with ${#present[@]} of ${#PARTITIONS[@]} disks: its data is not available"
      failed=1
    fi
  fi
}

for description in /etc/roost/pools/*; do
  # shellcheck source=/dev/null
  source "$description"
  if [[ $MADE_BY == first-boot && $LEVEL != none && ${1:-$POOL} == "$POOL" ]]; then start_array; fi
done
exit $failed
