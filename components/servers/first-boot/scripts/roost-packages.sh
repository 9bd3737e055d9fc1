#!/bin/bash
# Installs the packages that a file lists, one a line, and that are missing. A system that has all of them needs no mirror.
set -euo pipefail

is_installed() {
  if [[ -x /usr/bin/dpkg-query ]]; then
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
  else
    rpm --query --quiet --whatprovides "$1"
  fi
}

missing=()
while read -r package; do
  is_installed "$package" || missing+=("$package")
done < <(sed '/^#/d;/^$/d' "$1")
if ((${#missing[@]} == 0)); then exit 0; fi

echo "roost-packages: installing ${missing[*]}"
if [[ -x /usr/bin/dpkg-query ]]; then
  export DEBIAN_FRONTEND=noninteractive
  # Files of ours stay, where a package has its own idea of them.
  options=(--quiet --option DPkg::Lock::Timeout=600 --option Dpkg::Options::=--force-confold)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" --yes --no-install-recommends install "${missing[@]}"
else
  dnf --assumeyes --quiet install "${missing[@]}"
fi
