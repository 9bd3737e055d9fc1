#!/bin/bash
# Reboots this machine when an update asks for it, by a timer within the maintenance window. In a cluster, only the machine
# that holds the lock may: it is drained before, and gives the lock back when it is ready again.
#
#   roost-reboot            reboot if need be and nobody else does
#   roost-reboot needed     say by the exit code whether an update asks for it
#   roost-reboot release    after a boot: take pods again, and give the lock back
set -euo pipefail

export KUBECONFIG=/etc/kubernetes/kubelet.conf
NODE=$(hostname)
LOCK=(configmap roost-reboot --namespace=kube-system)

say() { logger --priority daemon.notice --tag roost-reboot --stderr -- "$*"; }
in_cluster() { [[ -e $KUBECONFIG ]]; }
holder() { kubectl get "${LOCK[@]}" --output=jsonpath='{.data.holder}'; }

# Puts another holder in place of one, in one step: it fails when somebody else was faster.
exchange() {
  kubectl patch "${LOCK[@]}" --type=json --patch="[
    {\"op\": \"test\", \"path\": \"/data/holder\", \"value\": \"$1\"},
    {\"op\": \"replace\", \"path\": \"/data/holder\", \"value\": \"$2\"}]" >/dev/null
}

all_nodes_ready() {
  ! kubectl get nodes --no-headers | awk '{ print $2 }' | grep --quiet --invert-match '^Ready$'
}

needed() {
  if ! command -v needs-restarting >/dev/null; then
    [[ -e /run/reboot-required ]]
  elif needs-restarting --reboothint >/dev/null; then
    return 1
  fi
}

reboot_if_needed() {
  needed || return 0
  if in_cluster; then
    all_nodes_ready || { say "an update waits for a reboot, but a node is not ready"; return 0; }
    [[ $(holder) == "$NODE" ]] || exchange "" "$NODE" || { say "an update waits for a reboot, but $(holder) reboots"; return 0; }
    # A disruption budget that does not give way ends the attempt; the next one is within the window too.
    if ! kubectl drain "$NODE" --ignore-daemonsets --delete-emptydir-data --timeout=10m; then
      kubectl uncordon "$NODE"
      exchange "$NODE" ""
      say "the node could not be drained: no reboot"
      return 1
    fi
  fi
  say "rebooting for an update"
  systemctl reboot
}

release() {
  in_cluster || return 0
  [[ $(holder) == "$NODE" ]] || return 0
  kubectl wait --for=condition=Ready "node/$NODE" --timeout=15m
  kubectl uncordon "$NODE"
  exchange "$NODE" ""
}

case ${1:-} in
  "") reboot_if_needed ;;
  needed) needed ;;
  release) release ;;
  *) echo "roost-reboot [needed | release]" >&2; exit 2 ;;
esac
