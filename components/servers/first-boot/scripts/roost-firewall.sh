#!/bin/bash
# Loads the packet filter, and changes it without the danger of locking its administrator out:
#
#   roost-firewall load           at boot: the filter that is kept, or SSH alone where it cannot be loaded
#   roost-firewall apply FILE     load another one; unless it is confirmed in time, the one that is kept comes back
#   roost-firewall confirm        keep the one that was applied: from a new connection, as open ones are let through
#   roost-firewall fall-back      load the one that is kept
#   roost-firewall state          kept, unconfirmed, minimal or none
#
# nft loads a file as a whole or not at all. What is not confirmed does not survive a reboot.
set -euo pipefail

KEPT=/etc/nftables.d/roost.nft
MINIMAL=/etc/roost/firewall-minimal.nft
RUN=/run/roost-firewall
CANDIDATE=$RUN/candidate.nft
TIMER=roost-firewall-fall-back
# shellcheck source=/dev/null
source /etc/roost/firewall

say() { logger --priority "daemon.$1" --tag roost-firewall --stderr -- "$2" || echo "roost-firewall: $2" >&2; }

load_kept() {
  mkdir -p $RUN
  rm -f $CANDIDATE $RUN/minimal
  if nft -f $KEPT; then return; fi
  say crit "$KEPT cannot be loaded: only SSH is open now"
  touch $RUN/minimal
  nft -f $MINIMAL
  return 1
}

apply() {
  if [[ -e $CANDIDATE ]]; then say err "another change waits for its confirmation"; return 1; fi
  nft -c -f "$1"
  mkdir -p $RUN
  # The way back is prepared before the way forth is taken.
  systemd-run --quiet --collect --unit=$TIMER --on-active="${CONFIRM_SECONDS}s" --timer-property=AccuracySec=1s \
    /usr/local/sbin/roost-firewall fall-back
  cp "$1" $CANDIDATE
  if ! nft -f $CANDIDATE; then
    systemctl stop $TIMER.timer
    rm $CANDIDATE
    return 1
  fi
  say notice "applied $1: confirm it from a new connection within $CONFIRM_SECONDS s, or it is gone"
}

confirm() {
  [[ -e $CANDIDATE ]] || { say err "nothing waits for a confirmation"; return 1; }
  systemctl stop $TIMER.timer
  cp $CANDIDATE $KEPT.new
  chmod 0600 $KEPT.new
  mv $KEPT.new $KEPT
  rm $CANDIDATE
  say notice "confirmed: $KEPT is kept"
}

fall_back() {
  say warning "not confirmed: back to $KEPT"
  load_kept
}

state() {
  if ! nft list table inet roost >/dev/null 2>&1; then echo none
  elif [[ -e $CANDIDATE ]]; then echo unconfirmed
  elif [[ -e $RUN/minimal ]]; then echo minimal
  else echo kept; fi
}

case ${1:-} in
  load) load_kept ;;
  apply) apply "${2:?a file}" ;;
  confirm) confirm ;;
  fall-back) fall_back ;;
  state) state ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
