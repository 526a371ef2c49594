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
    "mnist_3layer": (2.5, 4),
    "mnist_sigmoid_xavier": (2.5, 4),
    "mnist_linear_stack": (2.2, 4),
    "mnist_full_batch/float32": (2, 4),
    "mnist_softmax_mse": (3, 5),
}
# Experiment: the gain of two threads that ours must have, where the best loop has it in the same run.
GAINS = {"mnist_3layer": 1.4, "mnist_sigmoid_xavier": 1.6, "mnist_full_batch/float32": 1.8}
LEAST_GAIN = 0.97  # of all others
FILTER = f"^handover|^({'|'.join(BARS)})/[a-z]"


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
        if row.get("run_type") != "iteration" or row["name"].startswith("handover"):
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


def gain(rates):
    """How many times as fast the most threads are as one, or None."""
    return rates[max(rates)] / rates[1] if 1 in rates and len(rates) > 1 else None


def gain_cells(experiment, peers):
    """One line of the table of what more threads gain; None without measurements of several."""
    ours = gain(peers["nabla"])
    loops = [g for who, rates in peers.items() if who.startswith("loop_") for g in [gain(rates)] if g]
    if ours is None:
        return None
    bar = GAINS.get(experiment, LEAST_GAIN)
    if ours >= bar:
        word = "yes"
    elif ours < LEAST_GAIN or not loops or max(loops) >= bar:
        word = "no"
    else:
        word = "no, nor does a loop"
    return [experiment, f"{ours:.2f}", f"{max(loops):.2f}" if loops else "-", f"{bar}", word]


def round_trips(rows):
    """Nanoseconds of each run of "handover"."""
    return [1e9 * row["round trip"] for row in rows
            if row.get("run_type") == "iteration" and row["name"].startswith("handover")]


def show(lines):
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths)).rstrip())


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
    show(lines)
    gains = [gain_cells(experiment, table[experiment]) for experiment in BARS
             if "nabla" in table.get(experiment, {})]
    if any(gains):
        print()
        show([["gain of all threads over one", "nabla", "best loop", "wanted", "reached"],
              *filter(None, gains)])
    trips = round_trips(rows)
    if trips:
        print(f"\na cache line goes to the other core and back in {statistics.median(trips):.0f} ns "
              f"({min(trips):.0f} to {max(trips):.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
