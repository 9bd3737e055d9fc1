#!/bin/bash
# Makes this machine a node, once: it joins the cluster that answers, or begins it where that is its task and none does.
set -euo pipefail

FOLDER=/etc/kubernetes/kubeadm
# shellcheck source=/dev/null
source /etc/roost/kubernetes

# Whether a control plane answers at one of these addresses, and has a certificate of this cluster's authority.
answers() {
  local address
  for address in "$@"; do
    if curl --silent --fail --output /dev/null --max-time 5 --cacert $FOLDER/ca.crt "https://$address/livez"; then return 0; fi
  done
  return 1
}

# The key that the packages are signed with, from the place that the packages come from, by its fingerprint.
get_signing_key() {
  local key
  [[ ! -e $PACKAGE_SOURCE ]] || return 0
  key=$(mktemp)
  curl --silent --show-error --fail --location --output "$key" "$SIGNING_KEY_URL"
  gpg --batch --with-colons --show-keys "$key" | grep --quiet "^fpr:*$SIGNING_KEY_FINGERPRINT:" ||
    { echo "roost-kubeadm: $SIGNING_KEY_URL is not the key $SIGNING_KEY_FINGERPRINT" >&2; return 1; }
  install -D --mode=0644 "$key" "$SIGNING_KEY_FILE"
  rm "$key"
  cp /etc/roost/kubernetes-packages "$PACKAGE_SOURCE"
}

# The API's own address is needed before the administrator's file has any rights.
begin_cluster() {
  local manifest=/etc/kubernetes/manifests/kube-vip.yaml
  if [[ -e $manifest ]]; then sed -i 's#path: /etc/kubernetes/admin.conf#path: /etc/kubernetes/super-admin.conf#' $manifest; fi
  kubeadm init --config $FOLDER/init.yaml
  if [[ -e $manifest ]]; then sed -i 's#path: /etc/kubernetes/super-admin.conf#path: /etc/kubernetes/admin.conf#' $manifest; fi
  kubectl --kubeconfig /etc/kubernetes/admin.conf apply --filename $FOLDER/reboot-lock.yaml
}

if [[ -e /etc/kubernetes/kubelet.conf ]]; then exit 0; fi
get_signing_key
roost-packages /etc/roost/packages.d/kubernetes
systemctl enable --quiet kubelet.service
if answers "${CONTROL_PLANES[@]}"; then
  kubeadm join --config $FOLDER/join.yaml
elif [[ $BEGINS == yes ]]; then
  begin_cluster
else
  echo "roost-kubeadm: no control plane answers yet" >&2
  exit 1
fi
# They hold the token.
rm -f $FOLDER/join.yaml $FOLDER/init.yaml
