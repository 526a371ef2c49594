#!/usr/bin/env bash
# A Debian package of nabla in a Debian that has nothing else: installed with apt, used, and purged
# without a trace: clean_debian.sh NABLA.deb FOLDER [RELEASE]. Needs root and debootstrap; for a package of
# another processor also qemu-user-static, with its binfmt entry. The Debian in FOLDER is kept.
set -euo pipefail
deb=$(realpath "$1")
root=$(realpath -m "$2")
release=${3:-bookworm}
architecture=$(dpkg-deb -f "$deb" Architecture)
[[ $(id -u) -eq 0 ]] || { echo "clean_debian.sh: needs root"; exit 1; }
[[ -e $root/etc/debian_version ]] ||
  debootstrap --arch="$architecture" --variant=minbase "$release" "$root"

fail() { printf 'clean_debian: %s\n' "$@"; exit 1; }
expect() { [[ $2 == *"$3"* ]] || fail "$1: no \"$3\" in" "$2"; }
mkdir -p "$root/proc"
mount --bind /proc "$root/proc"
trap 'umount -l "$root/proc"' EXIT
inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
apt() { inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@" >"$root/tmp/apt" 2>&1 || fail "apt-get $*" "$(<"$root/tmp/apt")"; }
# Somebody without rights, with a folder of their own.
user() { inside setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp/home "$@"; }
at_home() { user bash -c "cd /tmp/home && $1"; }
# All but what apt and dpkg keep for themselves.
files() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/cache -o -path ./var/log \
    -o -path ./var/lib/apt -o -name '*-old' \) -prune -o -print) | LC_ALL=C sort
}
whole() { [[ $(inside dpkg --verify nabla) == '' ]] || fail 'files are not as packed' "$(inside dpkg --verify nabla)"; }

rm -rf "$root/tmp/home"
install -d -o 65534 -g 65534 "$root/tmp/home"
cp "$deb" "$root/tmp/nabla.deb"
apt update
# What a call that failed left behind.
tools=(g++ libhwy-dev pkg-config python3 man-db bash-completion)
inside dpkg --remove nabla >/dev/null 2>&1 || true
apt purge --auto-remove "${tools[@]}"
before=$(files)

# With what it depends on and nothing else.
apt install /tmp/nabla.deb
echo "installed $(inside dpkg-query -W nabla), $(inside dpkg --print-architecture), and $(($(grep -c '^Setting up' "$root/tmp/apt") - 1)) libraries"
version=$(user nabla --version)
expect 'version' "$version" "nabla $(dpkg-deb -f "$deb" Version)"
trained=$(at_home 'nabla iris.yaml --offline')
expect 'iris' "$trained" 'trained 50 epochs on iris'
grep -E '^trained' <<<"$trained"
expect 'why not' "$(at_home 'nabla irs.yaml' 2>&1 || true)" 'did you mean "iris.yaml"?'
whole
apt purge --auto-remove nabla
[[ $(files) == "$before" ]] || fail 'left behind:' "$(diff <(echo "$before") <(files))"

# With what it suggests, and tools that read its man page and its completions.
apt install "${tools[@]}"
before=$(files)
apt install /tmp/nabla.deb
expect 'man' "$(user man nabla | cat)" 'new-plugin'
expect 'completion' "$(user bash -c '
source /usr/share/bash-completion/bash_completion
__load_completion nabla
COMP_WORDS=(nabla ir) COMP_CWORD=1 COMP_LINE="nabla ir" COMP_POINT=8
$(complete -p nabla | sed "s/.*-F \([^ ]*\).*/\1/") nabla ir nabla
echo "${COMPREPLY[@]}"')" 'iris.yaml'
expect 'Python' "$(at_home "python3 -c 'import nabla; print(nabla.run(\"iris.yaml\", \"train.epochs=1\", progress=False, options=[\"--offline\"])[\"status\"])'")" complete
made=$(at_home 'nabla new-plugin activation my_swish')
call=$(sed -n 's/^next:  //p' <<<"$made")
check=$(sed -n 's/^       //p' <<<"$made")
echo "+ $call"
at_home "$call"
echo "+ $check"
at_home "$check" | tail -n 1
expect 'with the plugin' \
  "$(at_home 'nabla iris model.1=my_swish train.epochs=2 --plugin ./my_swish.so --offline')" 'trained 2 epochs'
whole
# What Python makes when root imports the module.
inside python3 -c 'import nabla'
apt remove --auto-remove nabla
! inside dpkg -s nabla >/dev/null 2>&1 || fail 'dpkg still knows nabla'
[[ $(files) == "$before" ]] || fail 'left behind:' "$(diff <(echo "$before") <(files))"
apt purge --auto-remove "${tools[@]}"
rm -rf "$root/tmp/home" "$root/tmp/nabla.deb"
echo "removed and purged without a trace"
