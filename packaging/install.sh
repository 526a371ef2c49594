#!/usr/bin/env bash
# Puts nabla under a prefix, and takes it away again:
#   install.sh check PREFIX             whether it may write there
#   install.sh install ARCHIVE PREFIX   ARCHIVE is what //packaging:nabla.tar.gz makes
#   install.sh uninstall PREFIX
# Installing over an older version replaces it. A file that no installation wrote is never replaced or
# removed. DESTDIR, if set, goes before PREFIX, as for packages.
#
# PREFIX/share/nabla/installed lists what belongs to the installation, relative to PREFIX: files, and
# with a slash at their end folders that were not there before. It is written before anything that it
# lists, so that what was interrupted can be repeated or taken away.
set -euo pipefail
umask 022

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

# The folder itself, or the nearest above it that exists.
existing() {
  local folder=$1
  while [[ ! -e $folder ]]; do folder=$(dirname "$folder"); done
  echo "$folder"
}

# Fails if files cannot be put at the given paths below the root, or removed there.
require_writable() {
  local below folder
  while read -r below; do
    folder=$(existing "$root/$below")
    [[ -d $folder ]] || fail "$folder is not a folder, so nothing was changed."
    [[ -w $folder ]] || fail "cannot write in $folder, so nothing was changed." \
      "Choose another folder with --prefix, or call as root:" "  $0 ${call[*]@Q}"
  done < <(printf '%s\n' . "$@" | sed 's|/*$||; s|[^/]*$||' | sort -u)
}

# What an earlier installation wrote; sets `earlier`.
read_record() {
  earlier=()
  [[ ! -e $record ]] || mapfile -t earlier <"$record"
  local line
  for line in "${earlier[@]}"; do
    [[ $line != /* && /$line/ != */../* ]] || fail "$record names $line, which is not below $root"
  done
}

# Removes files, then folders as far as they are empty.
remove() {
  local line folders=()
  for line; do
    if [[ $line == */ ]]; then folders+=("$line"); else rm -f "$root/$line"; fi
    # What Python makes of a module.
    [[ $line != */nabla.py ]] || rm -rf "$root/${line%/*}/__pycache__"/nabla.cpython-*.pyc
    [[ $line != */nabla.py ]] || folders+=("${line%/*}/__pycache__/")
  done
  [[ ${#folders[@]} -gt 0 ]] || return 0
  # Those inside come first.
  while read -r line; do
    rmdir "$root${line#.}" 2>/dev/null || true
  done < <(printf '%s\n' "${folders[@]}" | sed 's|^|./|; s|/*$||; s|^\./\.$|.|' | LC_ALL=C sort -r)
}

# Where Python looks for modules below PREFIX, relative to it; "" if nowhere.
python_folder() {
  command -v python3 >/dev/null || return 0
  python3 -I - "$prefix" <<'END'
import site, sys
prefix = sys.argv[1].rstrip("/") + "/"
searched = site.getsitepackages() + [site.getusersitepackages()]
below = [f[len(prefix):] for f in searched if f.startswith(prefix)]
usual = "lib/python3/dist-packages"
print(usual if usual in below else below[0] if below else "")
END
}

# Folders that are not there yet and hold the given files, with a slash at their end.
new_folders() {
  local path folder
  for path; do
    folder=$path
    while [[ $folder == */* ]]; do
      folder=${folder%/*}
      [[ -d $root/$folder ]] || echo "$folder/"
    done
  done | LC_ALL=C sort -u
  [[ -d $root ]] || echo ./
}

install_archive() {
  local archive=$1 path place files=() folders=() taken=() old=()
  local -A ours
  [[ -r $archive ]] || fail "there is no $archive; bazel build //packaging:nabla.tar.gz makes it"
  read_record
  mapfile -t files < <(tar -tzf "$archive" | sed 's|^\./||; \|/$|d; /^$/d')
  [[ ${#files[@]} -gt 0 ]] || fail "$archive is no archive of nabla"
  place=$(python_folder)
  for path in "${!files[@]}"; do
    [[ ${files[path]} != lib/python3/dist-packages/nabla.py || -z $place ]] || files[path]=$place/nabla.py
  done
  for path in "${earlier[@]}"; do ours[$path]=1; done
  for path in "${files[@]}"; do
    [[ -n ${ours[$path]-} || ! -e $root/$path && ! -L $root/$path ]] || taken+=("$root/$path")
  done
  [[ ${#taken[@]} -eq 0 ]] || fail "these exist and are not of an installation of nabla, so nothing was changed:" \
    "${taken[@]/#/  }"
  require_writable "${files[@]}" share/nabla/installed

  # Where the files will be, so that a full disk shows before anything is replaced.
  stage=$(mktemp -d "$(existing "$root")/.nabla-XXXXXX")
  trap 'rm -rf "$stage"' EXIT
  tar -xzf "$archive" -C "$stage" --no-same-owner
  if [[ -n $place && $place != lib/python3/dist-packages ]]; then
    mkdir -p "$stage/$place"
    mv "$stage/lib/python3/dist-packages/nabla.py" "$stage/$place/"
  fi
  mapfile -t folders < <(new_folders "${files[@]}" share/nabla/installed)
  printf '%s\n' "${folders[@]}" "${files[@]}" share/nabla/installed >"$stage/now"
  printf '%s\n' "${earlier[@]}" | grep -e '/$' >>"$stage/now" || true
  sort -u -o "$stage/now" "$stage/now"
  sed -i '/^$/d' "$stage/now"
  printf '%s\n' "${earlier[@]}" | sort -u - "$stage/now" | sed '/^$/d' >"$stage/both"

  mkdir -p "$root/share/nabla"
  mv -f "$stage/both" "$record"
  for path in "${files[@]}"; do
    [[ -d $root/${path%/*} ]] || mkdir -p "$root/${path%/*}"
    mv -f "$stage/$path" "$root/$path"
  done
  mapfile -t old < <(printf '%s\n' "${earlier[@]}" | grep -vxF -f "$stage/now" | sed '/^$/d')
  remove "${old[@]}"
  mv -f "$stage/now" "$record"
  echo "installed $("$root/bin/nabla" --version 2>/dev/null || echo nabla) in $root"
  [[ -n $place || -n ${DESTDIR-} ]] || echo "for Python: export PYTHONPATH=$prefix/lib/python3/dist-packages"
  [[ :$PATH: == *:"$prefix/bin":* || -n ${DESTDIR-} ]] || echo "$prefix/bin is not on PATH"
}

uninstall() {
  read_record
  [[ ${#earlier[@]} -gt 0 ]] || fail "no nabla is installed in $root"
  require_writable "${earlier[@]}"
  remove "${earlier[@]}"
  echo "nothing of nabla is left in $root"
}

call=("$@")
[[ $# -ge 2 ]] || fail "usage: install.sh check PREFIX | install ARCHIVE PREFIX | uninstall PREFIX"
[[ -n ${!#} ]] || fail "PREFIX is empty"
prefix=$(realpath -ms "${!#}")
[[ $prefix != / ]] || prefix=''
root=${DESTDIR-}$prefix
record=$root/share/nabla/installed
case $1 in
  check) require_writable share/nabla/installed bin/nabla ;;
  install) install_archive "$2" ;;
  uninstall) uninstall ;;
  *) fail "unknown command $1" ;;
esac
