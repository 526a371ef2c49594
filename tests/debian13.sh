#!/usr/bin/env bash
# README.md's two commands in a fresh Debian 13: debian13.sh [FOLDER]. Among the tests,
# bundled_bits_test compares the weights of every bundled experiment with those of Debian 12. Needs
# root, debootstrap and about 4 GB in FOLDER, which is kept, so that a second call is quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$(realpath -m "${1:-/var/tmp/nabla-debian13}")
[[ $(id -u) -eq 0 ]] || { echo "debian13.sh: needs root"; exit 1; }
command -v debootstrap >/dev/null || { echo "debian13.sh: install debootstrap"; exit 1; }
[[ -e $root/etc/debian_version ]] || debootstrap --variant=minbase trixie "$root"

rm -rf "$root/nabla"  # files that a revision took away
mkdir "$root/nabla"
git archive HEAD | tar -x -C "$root/nabla"
mounted=()
finish() {
  inside 'bazel shutdown' || true
  local i
  for ((i = ${#mounted[@]} - 1; i >= 0; --i)); do umount -l "$root/${mounted[i]}"; done
}
trap finish EXIT
bind() {  # FROM TO
  mkdir -p "$root/$2"
  mount --bind "$1" "$root/$2"
  mounted+=("$2")
}
bind /proc proc
bind /dev dev
bind /dev/pts dev/pts
variables=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin)
for name in NABLA_DATA NABLA_GOLDEN; do
  [[ -n ${!name-} ]] || continue
  bind "${!name}" "given/$name"
  variables+=("$name=/given/$name")
done
inside() { chroot "$root" env -i "${variables[@]}" bash -c "cd /nabla && $1"; }

run=$(grep -m 1 '^\./setup && bazel run ' README.md)
test=$(grep -m 1 '^\./setup && bazel test ' README.md)
inside "$run"
inside "$test --keep_going"
