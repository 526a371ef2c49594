#!/usr/bin/env bash
# bench/table.py takes medians, the best peer of each kind, and both bars.
set -euo pipefail
row() {
  printf '{"name": "%s/real_time", "run_type": "iteration", "samples/s": %s},' "$@"
}
{
  printf '{"benchmarks": ['
  for rate in 500e3 900e3 800e3; do row mnist_3layer/nabla/threads:2 $rate; done  # median 800
  row mnist_3layer/nabla/threads:1 2000e3
  row mnist_3layer/loop_blis/threads:1 400e3
  row mnist_3layer/loop_onednn/threads:2 390e3
  row mnist_3layer/libtorch/threads:1 200e3
  row mnist_softmax_mse/nabla/threads:2 800e3
  row mnist_softmax_mse/loop_onednn/threads:1 201e3
  row mnist_softmax_mse/libtorch/threads:1 20e3
  row mnist_full_batch/float32/nabla/threads:2 800e3
  printf '{"name": "mnist_full_batch/float32/loop_blis/threads:2/real_time", "run_type": "iteration",'
  printf '"error_occurred": true, "error_message": "the loss did not fall"}]}'
} >"$TEST_TMPDIR/run.json"
output=$(python3 bench/table.py "$TEST_TMPDIR/run.json" 2>&1)
expect() { grep -Eq "$1" <<<"$output" || { printf 'no "%s" in:\n%s\n' "$1" "$output"; exit 1; }; }
expect '^mnist_3layer +800 \(2\) +400 \(1\) blis +2.00 of 2 +200 \(1\) libtorch +4.00 of 3.5 +yes$'
expect '^mnist_softmax_mse +800 \(2\) +201 \(1\) onednn +3.98 of 4 +20 \(1\) libtorch +40.00 of 9 +no$'
expect '^mnist_full_batch/float32 +800 \(2\) +- +- of 1.6 +- +- of 2.8 +no$'
expect 'loop_blis/threads:2/real_time: the loss did not fall'
