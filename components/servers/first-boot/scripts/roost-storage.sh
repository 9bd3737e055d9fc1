#!/bin/bash
# Makes the pools that /etc/roost/pools describes, and brings those that are there into use:
#
#   roost-storage make          make what is missing, then use it; members that are missing are replaced by blank disks
#   roost-storage open POOL     ask for the recovery passphrase, then use the pool
#   roost-storage recover POOL  use disks again that were gone and are back, or what there is after a power cut
#   roost-storage check         fail where a volume is not mounted, or an array has lost too many disks
#
# What is there is never made again, and a disk that holds anything is never written. While a pool is being made, its
# partitions are called POOL.new: they hold nothing yet, so that a pool that was interrupted is begun anew. Only at the end
# do they get its name.
set -euo pipefail

BY_ID=/dev/disk/by-id
BY_PARTUUID=/dev/disk/by-partuuid
KEYS=/var/lib/roost/keys
LINUX_RAID=A19D880F-05FC-4D3B-A006-743F0F84911E
LINUX_DATA=0FC63DAF-8483-4772-8E79-3D69D8477DE4

say() { echo "roost-storage: $*" >&2; }
fail() { say "$@"; logger --priority daemon.crit --tag roost-storage -- "$*" || true; exit 1; }

# Words of the file that describes a pool.
read_pool() {
  unset ARRAY_UUID CHUNK_KIB LUKS_UUID TPM2_PCRS CLEVIS_POLICY
  PARTITIONS=()
  # shellcheck source=/dev/null
  source "$1"
  DISKS=("${MEMBERS[@]}" "${SPARES[@]}")
  if [[ $LEVEL == none ]]; then base=$BY_PARTUUID/${PARTITIONS[0]}; else base=/dev/md/$POOL; fi
  if [[ $ENCRYPTION == none ]]; then top=$base; else top=/dev/mapper/${POOL}_crypt; fi
}

# What stands on a disk: absent, blank, unfinished, ours, or foreign.
state_of() {
  local disk=$BY_ID/$1 partition=$BY_PARTUUID/$2
  if [[ ! -b $disk ]]; then
    echo absent
  elif [[ -b $partition ]]; then
    case $(sfdisk --part-label "$disk" 1) in
      "$POOL") echo ours ;;
      "$POOL.new") echo unfinished ;;
      *) echo foreign ;;
    esac
  elif is_blank "$disk"; then
    echo blank
  else
    echo foreign
  fi
}

# No signature that is known, and nothing in the first and the last MiB, where one that is not known would be.
is_blank() {
  local bytes mib=$((1024 * 1024))
  bytes=$(blockdev --getsize64 "$1")
  [[ -z $(wipefs --no-act --noheadings "$1") ]] &&
    cmp --quiet --bytes=$mib "$1" /dev/zero &&
    cmp --quiet --bytes=$mib --ignore-initial=$((bytes - mib)):0 "$1" /dev/zero
}

partition_disk() {
  local disk=$BY_ID/$1 type=$LINUX_DATA
  [[ $LEVEL == none ]] || type=$LINUX_RAID
  sfdisk --quiet --lock=yes --wipe always --wipe-partitions always "$disk" <<TABLE
label: gpt
start=${PARTITION_START_MIB}MiB, ${PARTITION_MIB:+size=${PARTITION_MIB}MiB,} type=$type, uuid=$2, name=$POOL.new
TABLE
}

wait_for() {
  udevadm settle --timeout=60
  [[ -b $1 ]] || fail "$1 did not appear"
}

# Gives the partitions of disks the name that says that they are in use. The kernel need not read the tables again, which it
# refuses while a partition is used.
name_partitions() {
  local disk
  for disk in "$@"; do
    sfdisk --quiet --lock=yes --no-reread --no-tell-kernel --part-label "$BY_ID/$disk" 1 "$POOL"
  done
  udevadm trigger --action=change --settle "${@/#/$BY_ID/}"
}

# Ends whatever an interrupted run left open.
close_pool() {
  if [[ -e /dev/$POOL ]]; then vgchange --quiet --activate n "$POOL"; fi
  if [[ $ENCRYPTION != none && -e $top ]]; then cryptsetup close "${POOL}_crypt"; fi
  if [[ $LEVEL != none && -e $base ]]; then mdadm --quiet --stop "$base"; fi
}

make_pool() {
  local at partitions=()
  say "making pool $POOL ($LEVEL) on ${DISKS[*]}"
  close_pool
  for at in "${!DISKS[@]}"; do partition_disk "${DISKS[at]}" "${PARTITIONS[at]}"; done
  for at in "${!DISKS[@]}"; do
    wait_for "$BY_PARTUUID/${PARTITIONS[at]}"
    partitions+=("$BY_PARTUUID/${PARTITIONS[at]}")
  done
  if [[ $LEVEL != none ]]; then make_array "${partitions[@]}"; fi
  if [[ $ENCRYPTION != none ]]; then make_encryption; fi
  pvcreate --quiet --yes "$top"
  vgcreate --quiet --yes "$POOL" "$top"
  make_volumes
  name_partitions "${DISKS[@]}"
}

make_array() {
  local options=(--level="$LEVEL" --raid-devices=${#MEMBERS[@]} --spare-devices=${#SPARES[@]})
  case $LEVEL in
    raid0) options+=(--chunk="$CHUNK_KIB") ;;
    raid1) options+=(--bitmap=internal) ;;
    raid10) options+=(--bitmap=internal --chunk="$CHUNK_KIB" --layout=n2) ;;
    *) options+=(--bitmap=internal --chunk="$CHUNK_KIB") ;;
  esac
  # An array of any machine is named by its own name wherever it is started, also before the host has one.
  mdadm --create "/dev/md/$POOL" --quiet --run --metadata=1.2 --homehost=any --name="$POOL" --uuid="$ARRAY_UUID" \
    "${options[@]}" "$@"
  wait_for "$base"
}

make_encryption() {
  local key=$KEYS/$POOL
  [[ -s $key ]] || fail "$key is missing: pool $POOL cannot be encrypted without its recovery passphrase"
  cryptsetup luksFormat --batch-mode --type luks2 --cipher aes-xts-plain64 --key-size 512 --pbkdf argon2id \
    --uuid "$LUKS_UUID" --label "$POOL" --key-file "$key" "$base"
  if [[ -n ${TPM2_PCRS:-} ]]; then
    systemd-cryptenroll --unlock-key-file="$key" --tpm2-device=auto --tpm2-pcrs="$TPM2_PCRS" "$base"
  fi
  if [[ -n ${CLEVIS_POLICY:-} ]]; then clevis luks bind -y -k "$key" -d "$base" sss "$CLEVIS_POLICY"; fi
  open_encryption --key-file "$key"
}

# What a boot does as /etc/crypttab says. Arguments are where the passphrase comes from, else it is asked for.
open_encryption() {
  local options=()
  if [[ $DISCARDS == yes ]]; then options=(--allow-discards); fi
  cryptsetup open "${options[@]}" "$@" "$base" "${POOL}_crypt"
  wait_for "$top"
}

# Makes the logical volumes that are not there. One without a file system has another name until it has one.
make_volumes() {
  local volume name kind mib grows _
  for volume in "${VOLUMES[@]}"; do
    read -r name kind mib grows _ <<<"$volume"
    if lvs "$POOL/$name" >/dev/null 2>&1; then continue; fi
    if lvs "$POOL/$name.new" >/dev/null 2>&1; then lvremove --quiet --yes "$POOL/$name.new"; fi
    say "making volume $POOL/$name"
    if [[ $grows == grows ]]; then
      lvcreate --quiet --yes --wipesignatures y --name "$name.new" --extents 100%FREE "$POOL"
    else
      lvcreate --quiet --yes --wipesignatures y --name "$name.new" --size "${mib}m" "$POOL"
    fi
    case $kind in
      swap) mkswap --label "${name:0:15}" "/dev/$POOL/$name.new" >/dev/null ;;
      xfs) mkfs.xfs -q -f -L "${name:0:12}" "/dev/$POOL/$name.new" ;;
      ext4) mkfs.ext4 -q -F -L "${name:0:16}" "/dev/$POOL/$name.new" ;;
    esac
    lvrename --quiet "$POOL" "$name.new" "$name"
  done
}

# Brings a pool that is there into use.
start_pool() {
  if [[ $LEVEL != none ]]; then /usr/local/sbin/roost-arrays "$POOL"; fi
  wait_for "$base"
  if [[ $ENCRYPTION != none && ! -e $top ]]; then
    if [[ -s $KEYS/$POOL ]]; then
      open_encryption --key-file "$KEYS/$POOL"
    else
      systemctl start "systemd-cryptsetup@${POOL}_crypt.service"
      wait_for "$top"
    fi
  fi
  # Where LVM looks at listed devices only, a disk that came from another installation is not listed.
  if [[ -e /etc/lvm/devices/system.devices ]]; then lvmdevices --quiet --adddev "$top" || true; fi
  vgchange --quiet --activate y "$POOL"
}

# Puts blank disks that the description names into the places of those that are gone.
replace_members() {
  local at
  [[ $LEVEL == none ]] && return
  for at in "${!DISKS[@]}"; do
    [[ ${states[at]} == blank || ${states[at]} == unfinished ]] || continue
    say "adding ${DISKS[at]} to array $POOL"
    [[ ${states[at]} == unfinished ]] || partition_disk "${DISKS[at]}" "${PARTITIONS[at]}"
    wait_for "$BY_PARTUUID/${PARTITIONS[at]}"
    # mdadm takes no long names here.
    mdadm --quiet --manage "$base" --add "$(readlink -f "$BY_PARTUUID/${PARTITIONS[at]}")"
    name_partitions "${DISKS[at]}"
  done
}

# Lines between two marks, in place of those that were there before.
write_block() {
  local file=$1 lines=$2 next
  next=$(mktemp "$file.XXXXXX")
  if [[ -e $file ]]; then sed '/^# roost begin$/,/^# roost end$/d' "$file" >"$next"; fi
  { echo "# roost begin"; cat "$lines"; echo "# roost end"; } >>"$next"
  chmod 0644 "$next"
  mv "$next" "$file"
}

# Nothing can be written below a mount point whose volume is not mounted: it would fill the system's own disk, and be hidden
# when the volume is back.
mount_volumes() {
  local volume kind mount_point _
  for volume in "${VOLUMES[@]}"; do
    read -r _ kind _ _ mount_point <<<"$volume"
    if [[ $kind == swap ]]; then
      swapon --all
    elif ! mountpoint --quiet "$mount_point"; then
      mkdir --parents "$mount_point"
      if [[ -n $(ls --almost-all "$mount_point") ]]; then say "$mount_point is not empty: what is in it will be hidden"; fi
      chattr +i "$mount_point" || say "$mount_point is writable while its volume is not mounted"
      mount "$mount_point"
    fi
  done
}

make_or_start() {
  local at ours=0 wrong=()
  states=()
  for at in "${!DISKS[@]}"; do
    states[at]=$(state_of "${DISKS[at]}" "${PARTITIONS[at]}")
    case ${states[at]} in
      ours) ours=1 ;;
      absent) wrong+=("${DISKS[at]} is not there") ;;
      foreign) wrong+=("${DISKS[at]} is not empty: $(lsblk --noheadings --output NAME,FSTYPE,LABEL,PARTLABEL,SIZE "$BY_ID/${DISKS[at]}" | tr -s ' \n' ' ')") ;;
    esac
  done
  if ((ours)); then
    start_pool
    replace_members
    make_volumes
  elif ((${#wrong[@]})); then
    fail "pool $POOL was not made, and nothing was written: $(IFS=';'; echo "${wrong[*]}"). If nothing on a disk is needed any more: wipefs --all, and zeros over its first and last MiB."
  else
    make_pool
  fi
  if ((${#wrong[@]})); then say "pool $POOL: ${wrong[*]}"; fi
}

make() {
  local description
  udevadm settle --timeout=60
  for description in /etc/roost/pools/*; do
    read_pool "$description"
    [[ $MADE_BY == first-boot ]] || continue
    make_or_start
  done
  write_block /etc/fstab /etc/roost/fstab
  write_block /etc/crypttab /etc/roost/crypttab
  systemctl daemon-reload
  for description in /etc/roost/pools/*; do
    read_pool "$description"
    if [[ $MADE_BY == first-boot ]]; then mount_volumes; fi
  done
  mkdir --parents /var/lib/roost
  touch /var/lib/roost/storage.made
}

named_pool() {
  local description
  for description in /etc/roost/pools/*; do
    read_pool "$description"
    if [[ $POOL == "$1" ]]; then return; fi
  done
  fail "there is no pool $1"
}

open_pool() {
  named_pool "$1"
  if [[ $ENCRYPTION != none && ! -e $top ]]; then open_encryption; fi
  start_pool
  mount_volumes
}

# Whether the array can be read and written. One that has lost too many disks is there still, but broken.
array_works() {
  local device state
  device=$(basename "$(readlink -f "$base")")
  state=$(cat "/sys/class/block/$device/md/array_state" 2>/dev/null) || return 1
  [[ $state != clear && $state != inactive ]] && ! grep -q "^$device : broken" /proc/mdstat
}

# What a person decides: that the disks that are there are used as they are, although some are older than others, or a write
# was interrupted while one was missing.
recover_pool() {
  named_pool "$1"
  [[ $LEVEL != none ]] || fail "pool $POOL has no array"
  if ! array_works; then
    release_pool
    force_array
  fi
  start_pool
  take_back_members
  mount_volumes
  systemctl restart --no-block roost-arrays.service
  systemctl start --no-block roost-metrics.service
}

# Ends everything that stands on an array that cannot be read any more; LVM and LUKS want to read it to end themselves.
release_pool() {
  local volume name mount_point _
  for volume in "${VOLUMES[@]}"; do
    read -r name _ _ _ mount_point <<<"$volume"
    if findmnt "$mount_point" >/dev/null; then
      umount "$mount_point" || fail "$mount_point is in use: end what uses it, and try again"
    fi
    if [[ -e /dev/mapper/$POOL-$name ]]; then dmsetup remove --retry "$POOL-$name"; fi
  done
  if [[ $ENCRYPTION != none ]]; then
    systemctl stop "systemd-cryptsetup@${POOL}_crypt.service"
    if [[ -e $top ]]; then dmsetup remove --retry "${POOL}_crypt"; fi
  fi
  if [[ -e $base ]]; then mdadm --quiet --stop "$base"; fi
}

# Starts the array from the members that are nearest to each other. mdadm refuses when they are not enough.
force_array() {
  local partition present=() inactive
  inactive=$(mdadm --detail --scan | awk -v uuid="UUID=$ARRAY_UUID" 'index($0, uuid) { print $2 }')
  if [[ -n $inactive ]]; then mdadm --quiet --stop "$inactive"; fi
  for partition in "${PARTITIONS[@]}"; do
    if [[ -b $BY_PARTUUID/$partition ]]; then present+=("$BY_PARTUUID/$partition"); fi
  done
  mdadm --assemble --force --run --homehost=any --uuid="$ARRAY_UUID" "/dev/md/$POOL" "${present[@]}" ||
    fail "array $POOL cannot run with ${#present[@]} of ${#PARTITIONS[@]} disks"
  wait_for "$base"
}

# Members that were gone and are back, with data that is too old, are filled again.
take_back_members() {
  local partition device array
  array=$(basename "$(readlink -f "$base")")
  for partition in "${PARTITIONS[@]}"; do
    device=$(readlink -f "$BY_PARTUUID/$partition")
    [[ -b $device && ! -e /sys/class/block/$array/md/dev-${device##*/} ]] || continue
    say "taking $device back into array $POOL"
    mdadm --quiet --manage "/dev/$array" --add "$device"
  done
}

check() {
  local description volume mount_point wrong=() _
  for description in /etc/roost/pools/*; do
    read_pool "$description"
    if [[ $LEVEL != none && -e $base ]] && ! array_works; then
      wrong+=("array $POOL has lost more disks than it survives, and its data is not available: if they come back, roost-storage recover $POOL")
    fi
    for volume in "${VOLUMES[@]}"; do
      read -r _ _ _ _ mount_point <<<"$volume"
      [[ $mount_point == none ]] || mountpoint --quiet "$mount_point" || wrong+=("not mounted: $mount_point of pool $POOL")
    done
  done
  if ((${#wrong[@]})); then fail "$(IFS=';'; echo "${wrong[*]}")"; fi
}

case ${1:-} in
  make) make ;;
  check) check ;;
  open) open_pool "${2:?a pool}" ;;
  recover) recover_pool "${2:?a pool}" ;;
  *) fail "roost-storage make | open POOL | recover POOL | check" ;;
esac
