#!/usr/bin/env bash
# Runs ./setup among stand-ins for the programs that look at the system and change it.
set -euo pipefail

tools=$TEST_TMPDIR/tools
log=$TEST_TMPDIR/log
mkdir "$tools"
for tool in bash cat dirname dpkg env mkdir rm sed; do ln -s "$(command -v "$tool")" "$tools/$tool"; done
stand_in() { printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"$tools/$1"; chmod +x "$tools/$1"; }
# Whatever processor this test runs on, it has AVX2.
stand_in grep "for word; do [[ \$word != /proc/cpuinfo ]] || exit 0; done
exec $(command -v grep) \"\$@\""
stand_in uname 'echo x86_64'
stand_in apt-get "echo \"apt-get \$*\" >>$log"

# What a line of packages.txt is about.
names() { sed 's/#.*//; s/[[:space:]].*//; /^$/d' "$1"; }
mapfile -t all < <(names packages.txt)
# The package sources have all but the given ones, of which "NAME=VERSION" is there at that version.
sources() {
  stand_in apt-cache "for wrong in $*; do
  [[ \$wrong != \$2 ]] || { echo '  Candidate: (none)'; exit; }
  [[ \$wrong != \$2=* ]] || { echo \"  Candidate: \${wrong#*=}\"; exit; }
done
echo '  Installed: (none)'
echo '  Candidate: 4:99'"
}
sources

installed() {  # all packages but the given ones
  local lines='' package
  for package in "${all[@]}"; do
    [[ " $* " == *" $package "* ]] || lines+="$package installed 4:99"$'\n'
  done
  stand_in dpkg-query "cat <<'END'
${lines}libhwy-dev config-files 1.0
END"
}
user() { stand_in id "echo $1"; }

run() {  # sets code and output
  : >"$log"
  code=0
  output=$(PATH=$tools ./setup "$@" 2>&1) || code=$?
}
expect() { [[ $2 == *"$3"* ]] || { printf '%s: no "%s" in:\n%s\n' "$1" "$3" "$2"; exit 1; }; }
expect_code() { [[ $code -eq $2 ]] || { printf '%s: code %s\n%s\n' "$1" "$code" "$output"; exit 1; }; }

installed
user 1000
run
expect_code 'nothing missing' 0
expect 'nothing missing' "$output" 'packages are installed'
[[ ! -s $log ]] || { echo 'nothing missing, yet apt-get was called'; exit 1; }

# GCC 14 gets a flag, once; others do not.
for compiler in 12.2.0 14 14; do
  stand_in gcc "echo $compiler"
  run
  expect_code "GCC $compiler" 0
  flags=$(cat .bazelrc.machine 2>/dev/null || true)
  [[ $flags == "$([[ $compiler == 12* ]] || echo 'build --copt=-fno-tree-reassoc')" ]] ||
    { echo "GCC $compiler: $flags"; exit 1; }
done
rm -f .bazelrc.machine
rm "$tools/gcc"

mapfile -t peers < <(names packages-peers.txt)
user 0
run --peers
expect_code 'peers' 0
expect 'peers' "$(cat "$log")" "install -q -y --no-install-recommends ${peers[*]}"
[[ ${peers[*]} == *libtorch-dev* ]] || { echo 'libtorch is no peer'; exit 1; }
mapfile -t more < <(names packages-ci.txt)
run --ci
expect_code 'ci' 0
expect 'ci' "$(cat "$log")" "install -q -y --no-install-recommends ${more[*]}"
[[ ${more[*]} == *clang* ]] || { echo 'clang is not needed'; exit 1; }
mapfile -t mpi < <(names packages-mpi.txt)
run --mpi
expect_code 'mpi' 0
expect 'mpi' "$(cat "$log")" "install -q -y --no-install-recommends ${mpi[*]}"
[[ ${mpi[*]} == *libopenmpi-dev* ]] || { echo 'OpenMPI is no MPI'; exit 1; }
export HOME=$TEST_TMPDIR
run --arm64
expect_code 'arm64' 0
expect 'arm64' "$(cat "$log")" '--no-install-recommends g++-aarch64-linux-gnu qemu-user'
expect 'arm64' "$(cat "$log")" 'APT::Architecture=arm64'
expect 'arm64' "$(cat "$log")" '--download-only libtbb-dev libhwy-dev'
[[ $(cat "$log") != *--download-only*pkg-config* ]] || { echo 'tools for ARM64 mean nothing'; exit 1; }
run --arm64
expect_code 'arm64 again' 0
[[ $(cat "$log") != *--download-only* ]] || { echo 'the libraries for ARM64 were there'; exit 1; }
run --pears
expect_code 'a wrong argument' 1
expect 'a wrong argument' "$output" 'unknown argument "--pears"; known: --peers, --ci, --mpi, --arm64'

installed libtbb-dev libhwy-dev  # the latter was removed and left its settings
user 0
run
expect_code 'root' 0
expect 'root' "$output" 'installing 2 packages: libtbb-dev libhwy-dev'
expect 'root' "$(cat "$log")" "apt-get update"
expect 'root' "$(cat "$log")" 'install -q -y --no-install-recommends libtbb-dev libhwy-dev'

user 1000
run
expect_code 'no sudo' 1
expect 'no sudo' "$output" 'apt-get install --no-install-recommends libtbb-dev libhwy-dev'
[[ ! -s $log ]] || { echo 'apt-get was called without being root'; exit 1; }

stand_in sudo "echo sudo >>$log; exec \"\$@\""
run
expect_code 'sudo' 0
expect 'sudo' "$(cat "$log")" $'sudo\napt-get update'
expect 'sudo' "$(cat "$log")" $'sudo\napt-get install'

stand_in apt-get 'exit 100'
run
[[ $code -ne 0 && $output != *done* ]] || { echo 'a failure of apt-get went unseen'; exit 1; }

stand_in apt-get "echo \"apt-get \$*\" >>$log"
sources libhwy-dev libtbb-dev=0
run
expect_code 'other sources' 1
expect 'other sources' "$output" $'lack\nsetup:   libhwy-dev >= 1.0.3\nsetup: which Debian'
[[ $(cat "$log") != *' install '* ]] || { echo 'something was installed all the same'; exit 1; }
sources libhwy-dev=0.11.1
run
expect_code 'an old package' 1
expect 'an old package' "$output" 'libhwy-dev >= 1.0.3'
[[ $output != *$'lack\n'*libtbb-dev* ]] || { echo 'libtbb-dev may have any version'; exit 1; }

installed
stand_in uname 'echo aarch64'
run
expect_code 'ARM64' 0
expect 'ARM64' "$(cat .bazelrc.machine)" 'build --config=arm64'
stand_in uname 'echo s390x'
run
expect_code 'another processor' 1
expect 'another processor' "$output" 'this is neither an x86-64 nor an ARM64 processor'
rm "$tools/apt-get"
run
expect_code 'another system' 1
expect 'another system' "$output" 'this system has no apt-get'
expect 'another system' "$output" 'libyaml-cpp-dev'
