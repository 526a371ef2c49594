#!/usr/bin/env bash
# Unpacks Debian packages for ARM64, with all that they depend on, into a folder of their own. The
# packages of this machine stay as they are: sysroot.sh FOLDER PACKAGE...
set -euo pipefail
root=$1
shift
# The last file that is written says for which packages.
[[ -e $root/packages && $(<"$root/packages") == "$*" ]] && exit 0
rm -rf "$root"
apt=$root/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: >"$apt/status"
as_arm64() {
  apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status="$apt/status" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o Debug::NoLocking=true \
    -o APT::Sandbox::User=root "$@"
}
as_arm64 update
as_arm64 install -y --no-install-recommends --download-only "$@"
shopt -s nullglob
for package in "$apt"/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
rm -rf "$apt"
echo "$*" >"$root/packages"
