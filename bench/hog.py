#!/usr/bin/env python3
"""What another process that never rests costs a training: samples a second of mnist_3layer.yaml on
as many threads as there are cores, alone, beside a busy loop on one of the cores, and beside one
that may go anywhere, in turns. Needs `bazel build //experiments:run` and an idle machine.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
CORES = sorted(os.sched_getaffinity(0))


@contextlib.contextmanager
def hog(cores):
    """A busy loop on these cores, if any."""
    if not cores:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(process.pid, cores)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def samples_per_second(experiment, threads, epochs):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run")
        subprocess.run(
            [f"{ROOT}/bazel-bin/experiments/run", experiment, "--quiet", "--out", out,
             "--threads", str(threads), f"train.epochs={epochs}", "evaluate.split=none"], check=True)
        with open(os.path.join(out, "summary.json")) as summary:
            return json.load(summary)["samples_per_second"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", nargs="?", default="mnist_3layer.yaml")
    parser.add_argument("--threads", type=int, default=len(CORES))
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    hogs = {"alone": [], "hog on one core": CORES[-1:], "hog anywhere": CORES}
    rates = {name: [] for name in hogs}
    for _ in range(arguments.repetitions):
        for name, cores in hogs.items():
            with hog(cores):
                rates[name].append(samples_per_second(arguments.experiment, arguments.threads,
                                                      arguments.epochs))
    alone = statistics.median(rates["alone"])
    for name, values in rates.items():
        median = statistics.median(values)
        print(f"{name:16} {median:10.0f} samples/s, {median / alone:5.2f} of alone; "
              f"{min(values):.0f} to {max(values):.0f}")


if __name__ == "__main__":
    main()
