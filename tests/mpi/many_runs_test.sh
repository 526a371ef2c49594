#!/usr/bin/env bash
# Many runs by several processes: the tables and verdicts of one process, to the byte.
set -euo pipefail
source tests/mpi/mpi.sh
run=$PWD/experiments/run
cd "$TEST_TMPDIR"

cat >e.yaml <<'END'
name: tiny
dataset: {name: synthetic_digits, train: 200, test: 50}
model:
  - {name: linear, units: 12}
  - relu
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 3}
reference:
  - {metric: train_loss, epochs: 1..3, printed: [2.2, 1.7, 1.2]}
END

# Without an --out the first rank names the folder for all.
same_sweep() {  # same_sweep RANKS
  mkdir "$1"
  (cd "$1" && mpirun -n "$1" "$run" ../e.yaml --quiet --seeds 5 optimizer.lr=0.1,0.2)
  cmp alone/sweep.json "$1"/runs/tiny/*/sweep.json
  cmp alone/sweep.csv "$1"/runs/tiny/*/sweep.csv
  [[ $(ls -A "$1"/runs/tiny/* | grep -c '^\.') -eq 0 ]] || fail "left behind: $(ls -A "$1"/runs/tiny/*)"
}

# But for the seconds that it took.
verdict() { sed -E 's/"seconds": *[0-9.e+-]+//g' "$1/reproduction.json"; }

same_verdict() {  # same_verdict RANKS
  mpirun -n "$1" "$run" reproduce e.yaml --quiet --seeds 12 --out "verdict-$1"
  [[ $(verdict "verdict-$1") == "$(verdict verdict)" ]] || fail "$1 ranks judge otherwise"
}

once() {  # once TEXT ARGUMENT...
  local output
  output=$(mpirun -n 2 "$run" "${@:2}" 2>&1) || fail "${*:2}: failed:" "$output"
  [[ $(grep -cF "$1" <<<"$output") -eq 1 ]] || fail "${*:2}: not once \"$1\":" "$output"
}

refuses() {  # refuses CODE TEXT ARGUMENT...
  local output code=0
  output=$(mpirun -n 2 "$run" "${@:3}" 2>&1) || code=$?
  [[ $code -eq $1 && $(grep -cF "$2" <<<"$output") -eq 1 ]] ||
    fail "${*:3}: exit code $code, and not once \"$2\":" "$output"
}

"$run" e.yaml --quiet --seeds 5 optimizer.lr=0.1,0.2 --out alone
"$run" reproduce e.yaml --quiet --seeds 12 --out verdict
for ranks in 2 4; do
  same_sweep "$ranks"
  same_verdict "$ranks"
done
once 'Exit codes: 0 success' --help
once 'batch_size: 20' e.yaml --print-config
once 'layer/linear' describe layer/linear
refuses 2 'error: 2 processes were started together for one run' e.yaml
refuses 2 'did you mean "epochs"?' e.yaml --seeds 2 train.epoch=3
refuses 2 'error: no experiment file "f.yaml"' f.yaml
refuses 2 'train.gradient_shards is 1, which 2 ranks cannot share equally' e.yaml train.gradient_shards=1
