#!/usr/bin/env bash
# The verdict of bench/compare.py over programs that say what times they want.
set -euo pipefail
compare=$PWD/bench/compare.py
cd "$TEST_TMPDIR"

# program NAME JSON...: a benchmark program that writes the next of these results at each run.
program() {
  local name=$1 run=0
  shift
  for rows; do printf '{"benchmarks": [%s]}' "$rows" >"$name.$((run++))"; done
  cat >"$name" <<END
#!/usr/bin/env bash
for word; do [[ \$word != --benchmark_out=* ]] || out=\${word#*=}; done
echo "\$*" >>$name.arguments
cp $name.0 "\$out"
run=1
while [[ -e $name.\$run ]]; do mv $name.\$run $name.\$((run - 1)); run=\$((run + 1)); done
END
  chmod +x "$name"
}
row() { printf '{"name": "%s", "run_type": "iteration", "real_time": %s, "time_unit": "%s"}' "$@"; }
run() { code=0; output=$(python3 "$compare" "$@" 2>&1) || code=$?; }
expect() {  # expect CODE TEXT...
  [[ $code -eq $1 ]] || { printf 'code %s instead of %s:\n%s\n' "$code" "$1" "$output"; exit 1; }
  shift
  local text
  for text; do
    [[ $output == *"$text"* ]] || { printf 'no "%s" in:\n%s\n' "$text" "$output"; exit 1; }
  done
}

# The best of the new, 2.9 ms, lies within the old: no doubt is left only where it does not.
program old "$(row step 2 ms)" "$(row step 3 ms)"
program new "$(row step 2900 us)" "$(row step 9 ms)"
run ./old ./new --rounds 2 --filter st.p --arguments=--benchmark_min_time=0.1
expect 0 '2 ms / 2.5 ms / 3 ms' '2.9 ms / 5.95 ms / 9 ms' '2.380' 'nothing is slower'
grep -q -- '--benchmark_filter=st.p .*--benchmark_min_time=0.1' old.arguments

program old "$(row step 2 ms), $(row gone 1 ns)" "$(row step 3 ms)"
program new "$(row step 3100 us), $(row added 1 ns)" "$(row step 9 ms)"
run ./old ./new --rounds 2
expect 1 'SLOWER' '1 slower beyond doubt' 'only in the old: gone' 'only in the new: added'

# Faster is never a failure; means of repetitions and failed benchmarks are no times.
program old "$(row step 2 s)"
program new "$(row step 1 s), {\"name\": \"step_mean\", \"run_type\": \"aggregate\", \"real_time\": 9, \"time_unit\": \"s\"}, {\"name\": \"broken\", \"run_type\": \"iteration\", \"error_occurred\": true, \"real_time\": 9, \"time_unit\": \"s\"}"
run ./old ./new --rounds 1
expect 0 '0.500'
[[ $output != *mean* && $output != *broken* ]] || { echo "$output"; exit 1; }

program old "$(row one 2 s)"
program new "$(row other 2 s)"
run ./old ./new --rounds 1
expect 2 'no benchmark is in both'

printf '#!/bin/sh\nexit 3\n' >broken
chmod +x broken
run ./old ./broken --rounds 1
expect 2 'broken' 'failed'
