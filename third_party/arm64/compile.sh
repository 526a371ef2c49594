#!/usr/bin/env bash
# Debian's GCC for ARM64, without the flags for x86-64 that .bazelrc gives every build.
set -euo pipefail
arguments=()
for argument; do
  case $argument in
    -march=x86-64-v3 | -maes | -mpclmul) ;;
    *) arguments+=("$argument") ;;
  esac
done
exec /usr/bin/aarch64-linux-gnu-gcc "${arguments[@]}"
