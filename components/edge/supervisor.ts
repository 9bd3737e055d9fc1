/**
 * The container's first process. It starts HAProxy, reloads it when a mounted file has changed and the new files are
 * valid, and ends it without dropping a request. Arguments: seconds between two looks at the files, seconds to go on
 * serving after SIGTERM, the configuration, then further files to watch.
 *
 * A shell script, because the image has nothing else, and because signals do not cross containers of a pod.
 */
export const SUPERVISOR = `
set -u
look=$1 drain=$2 config=$3
shift 2

ROOST_DNS_SUFFIX=
while read -r keyword domains; do
  [ "$keyword" = search ] || continue
  for domain in $domains; do
    case $domain in svc.*) ROOST_DNS_SUFFIX=.\${domain#svc.} ;; esac
  done
done </etc/resolv.conf
export ROOST_DNS_SUFFIX
[ -s /proc/net/if_inet6 ] && export ROOST_IPV6=1

fingerprint() { cat "$@" 2>&1 | sha256sum; }

watch() {
  while sleep "$look"; do
    now=$(fingerprint "$@")
    [ "$now" = "$loaded" ] && continue
    loaded=$now
    if problem=$(haproxy -c -f "$config" 2>&1); then
      echo "The files have changed: reloading" >&2
      kill -USR2 "$haproxy"
    else
      echo "The files have changed and are not valid; the old ones stay in use: $problem" >&2
    fi
  done
}

stopping= watcher=
stop() {
  stopping=yes
  # The cluster takes some seconds to send no more connections here.
  sleep "$drain"
  kill -USR1 "$haproxy"
}

loaded=$(fingerprint "$@")
haproxy -W -db -f "$config" &
haproxy=$!
trap stop TERM INT
watch "$@" &
watcher=$!

status=0
while kill -0 "$haproxy" 2>/dev/null; do
  wait "$haproxy"
  status=$?
done
kill "$watcher" 2>/dev/null
[ -n "$stopping" ] && exit 0
exit "$status"
`.trimStart();
