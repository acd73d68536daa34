#!/usr/bin/env bash
# Installs the Debian packages that the tests use; without the right to, or elsewhere, it says what is missing.
set -euo pipefail

mapfile -t wanted < <(sed 's/[[:space:]]*#.*//; /^$/d' "$(dirname "$0")/debian-packages.txt")

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: the tests need what these Debian packages hold: ${wanted[*]}"
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) == ii* ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) != 0 ]]; then
    echo "Missing for the tests. Install with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
echo "Installing Debian packages: ${missing[*]} ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
    { cat "$log" >&2; exit 1; }
