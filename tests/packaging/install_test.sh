#!/usr/bin/env bash
# nabla is installed below a prefix, used from another folder as a user would, and taken away again.
set -euo pipefail
install=$PWD/packaging/install.sh
archive=$PWD/packaging/nabla.tar.gz
deb=$PWD/packaging/nabla.deb
cd "$TEST_TMPDIR"
here=$PWD

fail() { printf 'install_test: %s\n' "$@"; exit 1; }
expect() { [[ $2 == *"$3"* ]] || fail "$1: no \"$3\" in" "$2"; }
refused() {  # WHAT MESSAGE COMMAND...: fails with that message
  local what=$1 message=$2 output
  shift 2
  ! output=$("$@" 2>&1) || fail "$what: was not refused" "$output"
  expect "$what" "$output" "$message"
}
paths() { (cd "$1" && find . | LC_ALL=C sort); }

# A prefix that needs quotes everywhere, with a file of somebody else's.
prefix="$here/a prefix"
mkdir -p "$prefix/bin" "$here/home" "$here/work"
echo theirs >"$prefix/bin/other"
before=$(paths "$prefix")
user() { env -i HOME="$here/home" PATH="$prefix/bin:/usr/bin:/bin" "$@"; }

# What exists already is never replaced, and nothing is half installed.
echo theirs >"$prefix/bin/nabla"
refused 'a file of others' "$prefix/bin/nabla" "$install" install "$archive" "$prefix"
rm "$prefix/bin/nabla"
[[ $(paths "$prefix") == "$before" ]] || fail 'a refused installation left something'
touch "$here/file"
refused 'a file as prefix' "$here/file is not a folder" "$install" install "$archive" "$here/file/x"
refused 'another prefix' 'no nabla is installed' "$install" uninstall "$here/elsewhere"

expect 'install' "$("$install" install "$archive" "$prefix")" "installed nabla"

# The program, in a folder elsewhere and with an empty home.
cd work
version=$(user nabla --version)
[[ $version =~ ^nabla\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "--version prints $version"
expect 'list' "$(user nabla list)" 'layer/conv2d'
ln -s "$prefix/bin/nabla" link
expect 'a link to it' "$(user ./link iris train.epochs=1 --offline --out link_run)" 'trained 1 epoch on iris'
user nabla iris train.epochs=2 --offline --quiet >/dev/null
[[ -e runs/iris/latest/summary.json ]] || fail 'no run of iris'
expect 'another experiment' "$(user nabla backprop_by_hand.yaml)" 'trained 1 epoch on inline'
refused 'a wrong name' 'did you mean "iris.yaml"?' user nabla irs.yaml

# Everything that comes with it.
for shell in bash-completion/completions/nabla zsh/site-functions/_nabla fish/vendor_completions.d/nabla.fish; do
  grep -q 'iris.yaml' "$prefix/share/$shell" || fail "no completion in $shell"
done
[[ $(head -n 1 "$prefix/share/zsh/site-functions/_nabla") == '#compdef nabla' ]] || fail 'zsh does not find it'
man=$(zcat "$prefix/share/man/man1/nabla.1.gz")
for word in '.TH NABLA 1' '.SS new\-plugin' '\fB\-\-plugin TEXT ...\fR' 'NABLA_DATA'; do expect 'man page' "$man" "$word"; done
[[ $(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --modversion nabla) == "${version#nabla }" ]] ||
  fail 'pkg-config knows another version'
flags=$(<"$prefix/include/nabla/plugin.flags")
for flag in -std=c++20 -march=x86-64-v3 -ffp-contract=off; do expect 'flags' "$flags" "$flag"; done
# What setup switches off for this compiler.
[[ $(gcc -dumpversion) != 14* ]] || expect 'flags' "$flags" ' -fno-tree-reassoc '
for file in copyright changelog.gz README.md docs/plugins.md docs/flowers.ipynb \
  docs/performance/batch.svg; do
  [[ -s $prefix/share/doc/nabla/$file ]] || fail "no $file"
done
user nabla new-plugin layer my_plugin --out t >t.out
cmp "$prefix/share/nabla/templates/layer.cc" t/my_plugin.cc || fail 'another template'
expect 'Python' "$(user env PYTHONPATH="$prefix/lib/python3/dist-packages" python3 -c '
import nabla
print(nabla.run("iris.yaml", "train.epochs=1", progress=False, options=["--offline"])["status"])')" complete

# A plugin: what is printed builds and checks it.
made=$(user nabla new-plugin activation my_swish)
expect 'new-plugin' "$made" "wrote $PWD/my_swish.cc"
call=$(sed -n 's/^next:  //p' <<<"$made")
check=$(sed -n 's/^       //p' <<<"$made")
user bash -c "$call" || fail "the compiler call failed: $call"
expect 'check' "$(user bash -c "$check")" '1 plugin, 0 failed'
user nabla iris model.1=my_swish train.epochs=1 --plugin ./my_swish.so --offline --out with_plugin >/dev/null
refused 'twice' 'already exists' user nabla new-plugin activation my_swish
user nabla export with_plugin --format onnx --out my_swish.onnx --plugin ./my_swish.so >/dev/null
grep -aq Sigmoid my_swish.onnx || fail 'the plugin is not in the exported model'

# A mistake in a plugin: the first error says what it is, in at most 30 lines.
mistake() {  # PATTERN TEXT SAID...: what compilers say where PATTERN of the source became TEXT
  local pattern=$1 text=$2 compiler line log first said other
  shift 2
  sed "s|$pattern|$text|" my_swish.cc >wrong.cc
  ! cmp -s my_swish.cc wrong.cc || fail "no $pattern in the template"
  for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    line=$(sed -E "s|[a-z]+\+\+ my_swish.cc|$compiler wrong.cc|" <<<"$call")
    ! log=$(user bash -c "$line" 2>&1) || fail "$compiler takes $text"
    (($(wc -l <<<"$log") <= 30)) || fail "$compiler: too many lines for $text" "$log"
    first=$(grep -m 1 error: <<<"$log")
    said=$1
    for other; do [[ $first != *$other* ]] || said=$other; done
    expect "$compiler on $text" "$first" "$said"
  done
}
value='return hn::Mul(x, Gate(d, x))'
mistake "$value" 'return x * beta' 'a vector times a number: write hn::Mul'
mistake "$value" 'return T{2} * x' 'a vector times a number: write hn::Mul'
mistake "$value" 'return 1 + x' 'a vector plus a number: write hn::Add'
mistake "$value" 'return 1 / x' 'a vector over a number: write hn::Div'
mistake "$value" 'return x - beta' 'a vector minus a number: write hn::Sub'
mistake "$value" 'return -x' 'the negative of a vector: write hn::Neg'
mistake "$value" 'return x > 0 ? x : hn::Zero(d)' 'a vector compared with a number: write hn::Gt'
mistake "$value" 'return std::exp(x)' 'std::exp takes a number, not a vector: write VExp(d, x)'
mistake "$value" 'return hn::Mul(x, exp(x))' 'std::exp takes a number, not a vector: write VExp(d, x)'
mistake "$value" 'return std::max(x, hn::Zero(d))' 'std::max takes numbers, not vectors: write hn::Max'
mistake "$value" 'return std::max(x, T{0})' 'std::max takes numbers, not vectors: write hn::Max'
mistake 'static_cast<T>(beta)' 'static_cast<T>(gama)' "'gama' was not declared" "undeclared identifier 'gama'"
mistake 'static_cast<T>(beta)' 'static_cast<T>(this->gama)' "no member named 'gama'"
mistake 'MySwish::beta' 'MySwish::gama' "'gama' is not a member" "no member named 'gama'"
mistake 'V Value(D' 'V Valeu(D' "no member named 'Value'"

# Another version over it replaces what is there, and takes away what it lacks.
mkdir older && tar -xzf "$archive" -C older
echo gone >older/share/nabla/experiments/gone.yaml
tar -C older -czf older.tar.gz .
"$install" install older.tar.gz "$prefix" >/dev/null
[[ -e $prefix/share/nabla/experiments/gone.yaml ]] || fail 'the other version lacks a file'
echo edited >"$prefix/share/nabla/experiments/iris.yaml"
"$install" install "$archive" "$prefix" >/dev/null
[[ ! -e $prefix/share/nabla/experiments/gone.yaml ]] || fail 'a file of the other version is left'
expect 'replaced' "$(<"$prefix/share/nabla/experiments/iris.yaml")" 'dataset'
refused 'a damaged archive' '' "$install" install t.out "$prefix"
expect 'still there' "$(user nabla --version)" "$version"

# Root may write anywhere, unless it lacks this capability.
weak=()
[[ $(id -u) -ne 0 ]] || weak=(setpriv --bounding-set=-dac_override)
whole=$(paths "$prefix")
chmod a-w "$prefix/bin"
for command in "check" "install $archive" "uninstall"; do
  refused 'read-only' "cannot write in $prefix/bin" "${weak[@]}" "$install" $command "$prefix"
done
chmod u+w "$prefix/bin"
[[ $(paths "$prefix") == "$whole" ]] || fail 'a refused call changed something'

"$install" uninstall "$prefix" >/dev/null
[[ $(paths "$prefix") == "$before" ]] || fail 'left behind:' "$(paths "$prefix")"

# A prefix that is not there yet, below another root.
DESTDIR=$here/root "$install" install "$archive" /opt/nabla >/dev/null
expect 'DESTDIR' "$("$here/root/opt/nabla/bin/nabla" --version)" "$version"
DESTDIR=$here/root "$install" uninstall /opt/nabla >/dev/null
[[ ! -e $here/root/opt/nabla ]] || fail 'left behind:' "$(paths "$here/root/opt/nabla")"

# The Debian package.
control=$(dpkg-deb -f "$deb")
expect 'control' "$control" "Version: ${version#nabla }"
for library in libc6 libtbb12 libhwy1 libyaml-cpp libcurl4 libstdc++6; do expect 'Depends' "$control" "$library"; done
contents=$(dpkg-deb -c "$deb")
for file in usr/bin/nabla usr/share/nabla/experiments/iris.yaml usr/share/zsh/vendor-completions/_nabla \
  usr/lib/python3/dist-packages/nabla.py usr/include/nabla/framework/plugin/plugin.h; do
  expect 'contents' "$contents" "./$file"
done
[[ $contents != *share/nabla/installed* ]] || fail 'dpkg lists the files of a package, nobody else'
if command -v lintian >/dev/null; then lintian --fail-on error "$deb"; fi
echo passed
