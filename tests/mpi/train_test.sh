#!/usr/bin/env bash
# One training by several processes is that of one: train_test.sh mpirun, or tests/mpi/hosts.sh for
# ranks on two hosts.
set -euo pipefail
source tests/mpi/mpi.sh
run=$PWD/experiments/run
launcher=$(command -v "$1")
launcher=$(realpath "$launcher")
[[ $("$launcher" -n 2 true) != SKIPPED* ]] || { "$launcher" -n 2 true; exit 0; }
cd "$TEST_TMPDIR"

# Whatever a training remembers.
cat >e.yaml <<'END'
name: shared
dataset: {name: synthetic_digits, train: 400, test: 100}
augment: {shift: 2}
model:
  - {name: conv2d, channels: 3, kernel_size: 5, stride: 3}
  - relu
  - {name: linear, units: 24}
  - batch_norm
  - tanh
  - {name: dropout, p: 0.2}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: adam, lr: 0.01}
schedule: {name: cosine}
train: {batch_size: 50, epochs: 4, rows_per_epoch: 370, gradient_shards: 4}
evaluate: {split: both}
END

hash_of() { sed -n 's/.*"weights_hash": *"\([0-9a-f]*\)".*/\1/p' "$1/summary.json"; }
figures_of() { sed -E 's/"(seconds|samples_per_second)":[^,}]*//g' "$1/metrics.jsonl"; }
expect_same() {  # expect_same FOLDER FOLDER
  [[ -n $(hash_of "$1") && $(hash_of "$1") == "$(hash_of "$2")" ]] ||
    fail "$2 has not the weights of $1" "$(hash_of "$1")" "$(hash_of "$2")"
  [[ $(figures_of "$1") == "$(figures_of "$2")" ]] || fail "$2 has not the figures of $1"
}

same_for_all_ranks() {
  "$run" e.yaml --quiet --out alone
  local ranks threads
  for ranks in 1 2 4; do
    for threads in 1 2; do
      "$launcher" -n $ranks "$run" e.yaml --quiet --threads $threads --out $ranks-$threads
      expect_same alone $ranks-$threads
    done
  done
  "$run" e.yaml --quiet train.gradient_shards=2 --out fewer
  [[ $(hash_of fewer) != "$(hash_of alone)" ]] || fail 'shards make no difference'
}

# Sends a signal to the process that is this rank of the run in this folder.
signal_rank() {  # signal_rank SIGNAL RANK FOLDER
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$2" &&
      tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q "^$run .*--out $3 "; then
      kill -"$1" "${process#/proc/}"
      return
    fi
  done
  fail "rank $2 of $3 does not run"
}

# Starts four ranks and sends a signal to one in the middle; sets code.
long=(e.yaml --quiet train.epochs=100 checkpoint.every_steps=20)
interrupt() {  # interrupt SIGNAL RANK FOLDER
  local job begin
  [[ -d long ]] || "$run" "${long[@]}" --out long
  "$launcher" -n 4 "$run" "${long[@]}" --threads 1 --out "$3" >"$3.log" 2>&1 &
  job=$!
  until [[ -e $3/checkpoint.safetensors && $(wc -l <"$3/metrics.jsonl") -ge 3 ]]; do
    kill -0 "$job" || fail 'ended before the signal' "$(cat "$3.log")"
    sleep 0.01
  done
  signal_rank "$@"
  begin=$SECONDS
  code=0
  wait "$job" || code=$?
  [[ $((SECONDS - begin)) -le 10 ]] || fail "the job went on for $((SECONDS - begin)) s after the signal"
}

goes_on_without() {  # goes_on_without RANK
  interrupt KILL "$1" "killed-$1"
  [[ $code -ne 0 ]] || fail "the job that lost rank $1 ended with 0"
  grep -q "rank $1 " "killed-$1.log" || fail "nobody says that rank $1 was killed:" "$(cat "killed-$1.log")"
  [[ ! -e killed-$1/summary.json ]] || fail 'nothing was left to do'
  "$launcher" -n 2 "$run" "${long[@]}" --resume --out "killed-$1"
  expect_same long "killed-$1"
}

# All ranks stop after the same step, whichever was asked to.
stops_together() {
  interrupt TERM 1 stopped
  [[ $code -eq 143 ]] || fail "stopped with code $code" "$(cat stopped.log)"
  grep -q '"status": *"stopped"' stopped/summary.json || fail 'nothing was left to do' "$(cat stopped/summary.json)"
  "$run" "${long[@]}" --resume --out stopped
  expect_same long stopped
}

# What rank 1 does otherwise is found before the first step, and said once.
expect_refusal() {  # expect_refusal TEXT MPIRUN_ARGUMENT...
  local output code=0
  output=$("$launcher" "${@:2}" 2>&1) || code=$?
  [[ $code -eq 2 ]] || fail "exit code $code and not 2:" "$output"
  [[ $(grep -cE "$1" <<<"$output") -eq 1 ]] || fail "not once \"$1\":" "$output"
}

refuses_ranks_that_differ() {
  expect_refusal '^rank 1 on .*: optimizer.lr is 0.02, but 0.01 on rank 0$' \
    -n 1 "$run" e.yaml --quiet --out a : -n 1 "$run" e.yaml --quiet optimizer.lr=0.02 --out a
  mkdir one other
  seq 40 | awk '{print $1 "," $1 % 7 "," $1 % 2}' | tee one/rows.csv | sed 's/^7,0/7,1/' >other/rows.csv
  cat >one/rows.yaml <<'END'
name: rows
dataset: {name: csv, train: rows.csv, header: false, label_column: -1}
model:
  - {name: linear, units: 2}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 10, epochs: 1, gradient_shards: 2}
END
  cp one/rows.yaml other
  expect_refusal '^rank 1 on .*: the number and hash of training rows is 40 \(.*\), but on rank 0 on ' \
    -n 1 --wdir "$PWD/one" "$run" rows.yaml --quiet --out "$PWD/b" : \
    -n 1 --wdir "$PWD/other" "$run" rows.yaml --quiet --out "$PWD/b"
}

same_for_all_ranks
goes_on_without 3
goes_on_without 0
stops_together
refuses_ranks_that_differ
