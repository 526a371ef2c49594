#!/usr/bin/env bash
# clang-tidy with the checks of .clang-tidy, warnings being errors: tidy.sh [FILE.cc...], by default
# all that needs no libtorch and no MPI. `./setup --ci` installs it; //... must have been built, for its
# generated headers. A source takes about 4 s of one core.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v clang-tidy >/dev/null || { echo "tidy.sh: no clang-tidy: run ./setup --ci"; exit 1; }
sources=("$@")
[[ $# -gt 0 ]] || mapfile -t sources < <(git ls-files '*.cc' ':!*libtorch.cc' ':!*mpi_ranks.cc')
mapfile -t flags < <(grep -oP '^build .*' .bazelrc | grep -oP -- '--c(xx)?opt=\K-(std=|m|ffp)\S*')
flags+=(-DNDEBUG -DHWY_SHARED_DEFINE -iquote . -iquote bazel-bin)
flags+=(-iquote bazel-out/../../../external/bazel_tools)
# What plugins/plugins.bzl says to each plugin; and one SIMD target is enough.
flags+=('-DNABLA_PLUGIN_SOURCE="{}"' -DNABLA_PLUGIN_ENTRY=Entry '-DNABLA_PLUGIN_ENTRIES(call)=call(E)'
  -DHWY_COMPILE_ONLY_STATIC)

# What it says besides is how many warnings of others' headers it does not show.
printf '%s\0' "${sources[@]}" |
  xargs -0 -I{} -P "$(nproc)" clang-tidy --quiet {} -- "${flags[@]}" 2>/dev/null
