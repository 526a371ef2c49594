#!/usr/bin/env bash
# bench/table.py takes medians, the best peer of each kind, all bars, and the gain of two threads.
set -euo pipefail
row() {
  printf '{"name": "%s/real_time", "run_type": "iteration", "samples/s": %s},' "$@"
}
{
  printf '{"benchmarks": ['
  for rate in 500e3 900e3 800e3; do row mnist_3layer/nabla/threads:2 $rate; done  # median 800
  row mnist_3layer/nabla/threads:1 2000e3
  row mnist_3layer/loop_blis/threads:1 320e3
  row mnist_3layer/loop_onednn/threads:2 310e3
  row mnist_3layer/libtorch/threads:1 200e3
  row mnist_softmax_mse/nabla/threads:2 800e3
  row mnist_softmax_mse/loop_onednn/threads:1 268e3
  row mnist_softmax_mse/libtorch/threads:1 20e3
  row mnist_full_batch/float32/nabla/threads:2 800e3
  row mnist_full_batch/float32/nabla/threads:1 500e3
  row mnist_full_batch/float32/loop_onednn/threads:1 400e3
  row mnist_full_batch/float32/loop_onednn/threads:2 500e3
  row mnist_sigmoid_xavier/nabla/threads:1 500e3
  row mnist_sigmoid_xavier/nabla/threads:2 600e3
  row mnist_sigmoid_xavier/loop_blis/threads:1 100e3
  row mnist_sigmoid_xavier/loop_blis/threads:2 170e3
  for trip in 5e-8 4.5e-7 6e-8; do
    printf '{"name": "handover/real_time", "run_type": "iteration", "round trip": %s},' $trip
  done
  printf '{"name": "mnist_full_batch/float32/loop_blis/threads:2/real_time", "run_type": "iteration",'
  printf '"error_occurred": true, "error_message": "the loss did not fall"}]}'
} >"$TEST_TMPDIR/run.json"
output=$(python3 bench/table.py "$TEST_TMPDIR/run.json" 2>&1)
expect() { grep -Eq "$1" <<<"$output" || { printf 'no "%s" in:\n%s\n' "$1" "$output"; exit 1; }; }
expect '^mnist_3layer +800 \(2\) +320 \(1\) blis +2.50 of 2.5 +200 \(1\) libtorch +4.00 of 4 +yes$'
expect '^mnist_softmax_mse +800 \(2\) +268 \(1\) onednn +2.99 of 3 +20 \(1\) libtorch +40.00 of 5 +no$'
expect '^mnist_full_batch/float32 +800 \(2\) +500 \(2\) onednn +1.60 of 2 +- +- of 4 +no$'
expect '^mnist_3layer +0.40 +- +1.4 +no$'                                # slower than alone
expect '^mnist_full_batch/float32 +1.60 +1.25 +1.8 +no, nor does a loop$'
expect '^mnist_sigmoid_xavier +1.20 +1.70 +1.6 +no$'                    # a loop gains it
expect '^a cache line goes to the other core and back in 60 ns \(50 to 450\)$'
expect 'loop_blis/threads:2/real_time: the loss did not fall'
