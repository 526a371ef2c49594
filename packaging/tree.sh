#!/usr/bin/env bash
# Lays out what an installation has below its prefix, and packs it: tree.sh ARCHIVE FILE...
#
# STRIP is the tool that strips the program, MAN the script that writes the man page. RUN, if set, starts
# programs of the processor that the program is for: it says itself what goes into the completions and
# into the man page.
set -euo pipefail
archive=$PWD/$1
shift
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
put() { install -D -m 644 "$1" "$tree/$2"; }

mkdir "$tree/bin"
for file; do
  case $file in
    */experiments/run) "$STRIP" --strip-unneeded --remove-section=.comment -o "$tree/bin/nabla" "$file" ;;
    experiments/*.yaml) put "$file" "share/nabla/$file" ;;
    framework/plugin/templates/*) put "$file" "share/nabla/templates/${file##*/}" ;;
    framework/*) put "$file" "include/nabla/$file" ;;
    */plugin.flags | */plugin_library.h) put "$file" "include/nabla/${file##*/}" ;;
    */nabla.pc) put "$file" lib/pkgconfig/nabla.pc ;;
    python/nabla.py) put "$file" lib/python3/dist-packages/nabla.py ;;
    packaging/copyright) put "$file" share/doc/nabla/copyright ;;
    packaging/changelog) changelog=$file ;;
    README.md | docs/*) put "$file" "share/doc/nabla/$file" ;;
    *)
      echo "tree.sh: no place for $file" >&2
      exit 1
      ;;
  esac
done

chmod 755 "$tree/bin/nabla"
# An installed program finds its experiments, so that they can be completed.
runner=()
[[ -z ${RUN-} || $(uname -m) == aarch64 ]] || runner=("$RUN")
nabla() { HOME=$tree "${runner[@]}" "$tree/bin/nabla" "$@"; }
completion() { mkdir -p "$tree/share/$2" && nabla completion "$1" >"$tree/share/$2/$3"; }
completion bash bash-completion/completions nabla
completion zsh zsh/site-functions _nabla
completion fish fish/vendor_completions.d nabla.fish

version=$(nabla --version)
version=${version#nabla }
sed -i "s/VERSION/$version/" "$tree/lib/pkgconfig/nabla.pc"
newest=$(head -n 1 "$changelog")
[[ $newest == "nabla ($version) "* ]] || {
  echo "tree.sh: the program is version $version, $changelog begins with \"$newest\"" >&2
  exit 1
}
# Everything in the archive, and the man page, has the date of the version.
date=$(sed -n 's/^ -- .*>  //p' "$changelog" | head -n 1)
gzip -9n <"$changelog" >"$tree/share/doc/nabla/changelog.gz"
mkdir -p "$tree/share/man/man1"
python3 "$MAN" "$(date -u -d "$date" +%Y-%m-%d)" "${runner[@]}" "$tree/bin/nabla" |
  gzip -9n >"$tree/share/man/man1/nabla.1.gz"

chmod -R u=rwX,go=rX "$tree"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$date" -C "$tree" -c . | gzip -9n >"$archive"
