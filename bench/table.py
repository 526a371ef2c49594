#!/usr/bin/env python3
"""Sets training steps of nabla beside those of others, and says which bars are reached.

Without an argument it builds //bench:training with its peers and runs all of them in turns, which
takes some minutes; with one it reads what such a run wrote (--benchmark_out=FILE.json).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

# Experiment: how many times the best loop and libtorch ours must be.
BARS = {
    "mnist_3layer": (2, 3.5),
    "mnist_sigmoid_xavier": (2, 3.5),
    "mnist_linear_stack": (1.5, 3.5),
    "mnist_full_batch/float32": (1.6, 2.8),
    "mnist_softmax_mse": (4, 9),
}
FILTER = f"^({'|'.join(BARS)})/[a-z]"


def run(repetitions):
    """Measures everything at random turns; returns the rows of Google Benchmark."""
    environment = dict(os.environ)
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        if "avx512f" in info.read():
            # Libraries older than the processor do not know it and would run their slow kernels.
            environment.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
            environment.setdefault("BLIS_ARCH_TYPE", "0")
    subprocess.run(["bazel", "build", "--config=peers", "//bench:training"], cwd=ROOT, check=True)
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            ["bazel-bin/bench/training", f"--benchmark_filter={FILTER}", "--benchmark_min_time=0.3",
             f"--benchmark_repetitions={repetitions}",
             "--benchmark_enable_random_interleaving=true", f"--benchmark_out={out.name}"],
            cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
        return json.load(out)["benchmarks"]


def medians(rows):
    """{experiment: {who: {threads: median samples/s}}} of single runs."""
    samples = {}
    for row in rows:
        if row.get("run_type") != "iteration":
            continue
        if row.get("error_occurred"):
            print(f"{row['name']}: {row['error_message']}", file=sys.stderr)
            continue
        experiment, who, threads = row["name"].removesuffix("/real_time").rsplit("/", 2)
        count = int(threads.removeprefix("threads:"))
        samples.setdefault((experiment, who, count), []).append(row["samples/s"])
    table = {}
    for (experiment, who, threads), values in samples.items():
        table.setdefault(experiment, {}).setdefault(who, {})[threads] = statistics.median(values)
    return table


def best(peers, prefix):
    """The fastest peer of this kind: (samples/s, name, threads), or None."""
    return max(((rate, who, threads) for who, rates in peers.items() if who.startswith(prefix)
                for threads, rate in rates.items()), default=None)


def cells(experiment, peers):
    """One line of the table; ours counts with as many threads as there are."""
    threads = max(peers["nabla"])
    ours = peers["nabla"][threads]
    reached = True
    line = [experiment, f"{ours / 1e3:.0f} ({threads})"]
    for prefix, bar in zip(("loop_", "libtorch"), BARS[experiment]):
        peer = best(peers, prefix)
        if peer is None:
            line += ["-", f"- of {bar}"]
            reached = False
            continue
        rate, who, count = peer
        line += [f"{rate / 1e3:.0f} ({count}) {who.removeprefix('loop_')}", f"{ours / rate:.2f} of {bar}"]
        reached = reached and ours >= bar * rate
    return line + ["yes" if reached else "no"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", nargs="?", help="what //bench:training wrote")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    if options.json:
        with open(options.json, encoding="utf-8") as file:
            rows = json.load(file)["benchmarks"]
    else:
        rows = run(options.repetitions)
    table = medians(rows)
    lines = [["thousand samples/s (threads)", "nabla", "best loop", "ratio", "libtorch", "ratio",
              "reached"]]
    lines += [cells(experiment, table[experiment]) for experiment in BARS
              if "nabla" in table.get(experiment, {})]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
