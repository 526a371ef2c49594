#!/usr/bin/env bash
# Unpacks Debian packages for ARM64, with all that they depend on, into a folder of their own, with what
# dpkg-shlibdeps asks dpkg about them. The packages of this machine stay as they are:
# sysroot.sh FOLDER PACKAGE...
set -euo pipefail
root=$1
shift
# The last file that is written says for which packages.
[[ -e $root/var/lib/dpkg/info/format && -e $root/packages && $(<"$root/packages") == "$*" ]] && exit 0
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
dpkg=$root/var/lib/dpkg
mkdir -p "$dpkg/info" "$dpkg/updates"
echo 1 >"$dpkg/info/format"  # names with an architecture
for package in "$apt"/archives/*.deb; do
  dpkg-deb -x "$package" "$root"
  name=$(dpkg-deb -f "$package" Package)
  # With multiarch, the files that tell about a package bear its architecture if several may be there.
  [[ $(dpkg-deb -f "$package" Multi-Arch) != same ]] || name+=:arm64
  dpkg-deb -e "$package" "$apt/about"
  for about in shlibs symbols; do
    [[ ! -e $apt/about/$about ]] || mv "$apt/about/$about" "$dpkg/info/$name.$about"
  done
  rm -rf "$apt/about"
  # The libraries, where they are here.
  dpkg-deb --fsys-tarfile "$package" | tar -t | sed "s|^\.|$root|; s|/$||" >"$dpkg/info/$name.list"
  { dpkg-deb -f "$package" && printf 'Status: install ok installed\n\n'; } >>"$dpkg/status"
done
rm -rf "$apt"
echo "$*" >"$root/packages"
