#!/bin/bash
# Compares the system's files with what they were, each night, and keeps the result for the metrics. The first run notes what
# is there; so does the one after packages were updated, which says in the journal what is different then.
set -euo pipefail

CONFIGURATION=/etc/roost/aide.conf
DATABASE=/var/lib/aide/roost.db
RESULT=/var/lib/roost/integrity

note() {
  mkdir -p "$(dirname $DATABASE)"
  aide --config=$CONFIGURATION --init
  mv $DATABASE.new $DATABASE
  echo 0 >$RESULT
}

packages_changed() {
  local list
  for list in /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite; do
    if [[ $list -nt $DATABASE ]]; then return 0; fi
  done
  return 1
}

if [[ ! -e $DATABASE ]]; then
  note
  exit 0
fi
result=0
aide --config=$CONFIGURATION --check || result=$?
# Up to 7 it says what kinds of changes there are; above, it could not compare.
if ((result > 7)); then exit $result; fi
if ((result > 0)) && packages_changed; then
  note
  exit 0
fi
echo $result >$RESULT
if ((result > 0)); then
  logger --priority daemon.crit --tag roost-integrity "files of the system have changed: journalctl --unit roost-integrity"
fi
