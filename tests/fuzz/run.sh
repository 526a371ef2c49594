#!/usr/bin/env bash
# Fuzzes the parsers, two at a time: run.sh [SECONDS=20 [TARGET...]]. Each begins with its corpus;
# what it finds to add is kept in $NABLA_FUZZ (~/.cache/nabla-fuzz) and begun with the next time. An
# input that breaks a target is kept there too and shown. The last line is "N passed, M failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-20}
shift
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] ||
  mapfile -t targets < <(sed -n '/^fuzz_target(/{n; s/.*"\(.*\)".*/\1/p}' tests/fuzz/BUILD)
found=${NABLA_FUZZ:-$HOME/.cache/nabla-fuzz}

bazel build --config=fuzz "${targets[@]/#///tests/fuzz:}" || { echo "0 passed, 1 failed"; exit 1; }

# An input of 8 kB takes milliseconds: 10 s are a hang. Half of the memory is the sanitizers'.
fuzz() {  # fuzz TARGET
  local folders=("$found/$1" "tests/fuzz/corpus/$1")
  mkdir -p "$found/$1"
  [[ $1 != yaml && $1 != experiment ]] || folders+=(tests/config/broken)
  [[ $1 != notebook ]] || folders+=(tests/import/samples)
  bazel-out/k8-opt-fuzz/bin/tests/fuzz/"$1" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -artifact_prefix="$found/$1-" \
    "${folders[@]}" >"$found/$1.log" 2>&1
}

failed=0
for ((i = 0; i < ${#targets[@]}; i += 2)); do
  running=()
  for target in "${targets[@]:i:2}"; do
    fuzz "$target" &
    running+=("$target:$!")
  done
  for each in "${running[@]}"; do
    target=${each%:*}
    if wait "${each#*:}"; then
      runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$target.log")
      echo "$target: good for $seconds s, $runs inputs"
    else
      tail -n 40 "$found/$target.log"
      echo "$target: BROKEN; log and input are in $found"
      failed=$((failed + 1))
    fi
  done
done
echo "$((${#targets[@]} - failed)) passed, $failed failed"
[[ $failed -eq 0 ]]
