#!/usr/bin/env bash
# Makes a Debian package of the archive that tree.sh packs: deb.sh PACKAGE ARCHIVE ARCHITECTURE
# [SYSROOT]. SYSROOT has the libraries of another architecture and what dpkg knows about them, as
# third_party/arm64/sysroot.sh writes it.
set -euo pipefail
package=$PWD/$1 archive=$PWD/$2 architecture=$3 sysroot=${4-}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p root/DEBIAN root/usr debian
tar -xzf "$archive" -C root/usr
# Everything has the date of the archive, so that the same sources give the same package.
SOURCE_DATE_EPOCH=$(stat -c %Y root/usr/bin/nabla)
export SOURCE_DATE_EPOCH
# Where Debian has what packages bring for zsh.
mv root/usr/share/zsh/site-functions root/usr/share/zsh/vendor-completions

version=$(zcat root/usr/share/doc/nabla/changelog.gz | sed -n '1s/.*(\(.*\)).*/\1/p')
printf 'Source: nabla\n\nPackage: nabla\nArchitecture: any\n' >debian/control
folders=()
if [[ -n $sysroot ]]; then
  [[ -e $sysroot/var/lib/dpkg/info/format ]] || {
    echo "deb.sh: $sysroot is of an older version: run ./setup --arm64" >&2
    exit 1
  }
  folders=("--admindir=$sysroot/var/lib/dpkg" "-l$sysroot/lib/aarch64-linux-gnu"
    "-l$sysroot/usr/lib/aarch64-linux-gnu")
fi
depends=$(DEB_HOST_ARCH=$architecture dpkg-shlibdeps "${folders[@]}" -O root/usr/bin/nabla)
sed -e "s/VERSION/$version/" -e "s/ARCHITECTURE/$architecture/" \
  -e "s/SIZE/$(du -sk root/usr | cut -f 1)/" -e "s/DEPENDS/${depends#shlibs:Depends=}/" \
  "$here/control" >root/DEBIAN/control
install -m 755 "$here/prerm" root/DEBIAN/prerm
(cd root && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum >DEBIAN/md5sums)
chmod -R u=rwX,go=rX root
dpkg-deb --root-owner-group --build root "$package" >/dev/null
