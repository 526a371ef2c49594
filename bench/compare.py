#!/usr/bin/env python3
"""Measures two revisions of a benchmark in turns, so that both see the same machine.

Exit code 1 if a benchmark became slower beyond doubt: if the best of the new is worse than the
worst of the old. Exit code 2 if something could not be built or run.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def call(command, folder):
    """The output of a command; its errors go to the terminal."""
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def build(folder, target, bazel):
    """Builds a target in a workspace and returns the path of its program."""
    call([*bazel, "build", target], folder)
    package, name = target.removeprefix("//").split(":")
    return os.path.join(call([*bazel, "info", "bazel-bin"], folder).strip(), package, name)


@contextlib.contextmanager
def program(revision, target):
    """The path of a revision's program, while the context lasts."""
    if os.path.isfile(revision) and os.access(revision, os.X_OK):
        yield os.path.abspath(revision)
        return
    if revision == "WORK":
        yield build(ROOT, target, ["bazel"])
        return
    folder = tempfile.mkdtemp(prefix="nabla_compare_")
    sources = os.path.join(folder, "sources")
    # A server of its own would else stay and keep its memory.
    bazel = ["bazel", f"--output_base={folder}/output", "--max_idle_secs=60"]
    try:
        call(["git", "worktree", "add", "--quiet", "--detach", sources, revision], ROOT)
        path = build(sources, target, bazel)
        call([*bazel, "shutdown"], sources)
        yield path
    finally:
        if os.path.isdir(sources):
            subprocess.run([*bazel, "shutdown"], cwd=sources, check=False)
            subprocess.run(["git", "worktree", "remove", "--force", sources], cwd=ROOT, check=False)
        subprocess.run(["chmod", "-R", "u+w", folder], check=False)  # Bazel takes the right away
        shutil.rmtree(folder)


def measure(path, options):
    """Times of one run in nanoseconds, by benchmark; those that failed are left out."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [path, f"--benchmark_filter={options.filter}", f"--benchmark_out={out.name}",
             "--benchmark_out_format=json", *options.arguments],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = out.read()
    rows = json.loads(text)["benchmarks"] if text else []
    return {row["name"]: row["real_time"] * NANOSECONDS[row["time_unit"]] for row in rows
            if row.get("run_type") == "iteration" and not row.get("error_occurred")}


def measure_in_turns(old, new, options):
    """All times of both programs, by benchmark."""
    times = {}, {}
    paths = old, new
    for turn in range(options.rounds):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            for name, time in measure(paths[side], options).items():
                times[side].setdefault(name, []).append(time)
    return times


def readable(nanoseconds):
    for unit in ("s", "ms", "us"):
        if nanoseconds >= NANOSECONDS[unit]:
            return f"{nanoseconds / NANOSECONDS[unit]:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def spread(times):
    return " / ".join(readable(f(times)) for f in (min, statistics.median, max))


def report(old, new):
    """Prints both side by side; returns the exit code."""
    both = [name for name in old if name in new]
    width = max([len(name) for name in both] + [len("benchmark")])
    print(f"{'benchmark':{width}}  {'old: min / median / max':32}  {'new: min / median / max':32}  new/old")
    slower = 0
    for name in both:
        ratio = statistics.median(new[name]) / statistics.median(old[name])
        verdict = "  SLOWER" if min(new[name]) > max(old[name]) else ""
        slower += bool(verdict)
        print(f"{name:{width}}  {spread(old[name]):32}  {spread(new[name]):32}  {ratio:7.3f}{verdict}")
    for title, here, there in (("only in the old", old, new), ("only in the new", new, old)):
        for name in here:
            if name not in there:
                print(f"{title}: {name}")
    if not both:
        print("compare: no benchmark is in both", file=sys.stderr)
        return 2
    print(f"{slower} slower beyond doubt" if slower else "nothing is slower beyond doubt")
    return 1 if slower else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = "a git revision, WORK for the working tree, or a program that is built already"
    parser.add_argument("old", help=kinds)
    parser.add_argument("new", help="the same")
    parser.add_argument("--target", default="//bench:training")
    parser.add_argument("--filter", default=".", help="a regular expression for benchmarks")
    parser.add_argument("--rounds", type=int, default=7,
                        help="runs of each (default 7); with N, chance alone finds one in (2N choose N) slower")
    parser.add_argument("--arguments", default=[], type=str.split, metavar="WORDS",
                        help="for the programs: --arguments=--benchmark_min_time=0.1")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that worktrees are removed
    try:
        with program(options.old, options.target) as old, program(options.new, options.target) as new:
            return report(*measure_in_turns(old, new, options))
    except subprocess.CalledProcessError as error:
        print(f"compare: {' '.join(error.cmd)} failed", file=sys.stderr)
        return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
