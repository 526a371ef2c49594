#!/usr/bin/env python3
"""Measures how training grows and writes docs/performance.md and its curves.

Without arguments it builds and runs //bench:growth and what it needs of //bench:kernels, which takes
four minutes on an idle machine; --growth and --kernels read what such runs wrote. Only the blocks
between <!-- NAME --> and <!-- end --> of the page are replaced: the other text is true for any
numbers.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # leave no folder among the sources
import curves

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
CORES = (1, 2, 4, 8, 16, 32, 64)


def run(target, pattern):
    """What a benchmark of //bench prints, several times over and at random turns."""
    subprocess.run(["bazel", "build", f"//bench:{target}"], cwd=ROOT, check=True)
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [f"bazel-bin/bench/{target}", f"--benchmark_filter={pattern}",
             "--benchmark_min_time=0.15", "--benchmark_repetitions=3",
             "--benchmark_enable_random_interleaving=true", f"--benchmark_out={out.name}"],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return json.load(out)


def medians(document):
    """{name: the run whose time is the median of its repetitions}."""
    runs = {}
    for row in document["benchmarks"]:
        if row.get("run_type") == "iteration":
            runs.setdefault(row["name"].removesuffix("/real_time"), []).append(row)
    return {name: sorted(rows, key=lambda row: row["real_time"])[len(rows) // 2]
            for name, rows in runs.items()}


class Machine:
    """Peak and bandwidths as //bench:kernels measured them."""

    def __init__(self, document):
        self.context = document["context"]
        self.peak = max(row["GFLOP/s"] for name, row in medians(document).items()
                        if name.startswith("peak/") and name.endswith("/float"))
        self.triads = {}  # {threads: {KiB a core: GB/s}}
        for name, row in medians(document).items():
            if match := re.fullmatch(r"bandwidth/triad/kib:(\d+)/threads:(\d+)", name):
                size, threads = map(int, match.groups())
                self.triads.setdefault(threads, {})[size] = row["GB/s"]
        self.cores = max(self.triads)

    def bandwidth(self, threads, size):
        """GB/s where `size` bytes are used again and again; the last level is memory."""
        levels = self.triads[max(t for t in self.triads if t <= max(threads, 1))]
        fitting = [kib for kib in sorted(levels) if size <= kib * 1024 * threads]
        return levels[fitting[0] if fitting else max(levels)]


class Point:
    """One measured point of growth, and what bounds it."""

    def __init__(self, name, row, machine):
        match = re.fullmatch(r"growth/(\w+)/(\w+)/width:(\d+)/depth:(\d+)/batch:(\d+)/threads:(\d+)", name)
        self.curve, self.kind = match.groups()[:2]
        self.width, self.depth, self.batch, self.threads = map(int, match.groups()[2:])
        self.rate = row["samples/s"]
        self.gflops = row["GFLOP/s"]
        self.seconds = self.batch / self.rate
        self.work = row["needed_gflop"]
        self.barriers = 2 * row["chunks"]
        cores = min(self.threads, machine.cores)
        compute = self.work / (cores * row["peak"])
        traffic = 1e-9 * (row["row_bytes"] / machine.bandwidth(cores, 1 << 60) +
                          row["parameter_bytes"] / machine.bandwidth(cores, row["parameter_bytes"]))
        self.of_roofline = max(compute, traffic) / self.seconds
        self.bound = "arithmetic" if compute > traffic else "memory"

    def place(self):
        """What orders the points of a page, however they were run."""
        return self.kind != "sparse", self.width, self.depth, self.batch, self.threads


def solve(matrix, right):
    """x of matrix x = right, by elimination with the largest pivot."""
    size = len(right)
    rows = [line[:] + [value] for line, value in zip(matrix, right)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(size):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


class Model:
    """t(step) = serial + work / (threads rate) + barriers log2(threads) latency.

    Fitted to seconds by least squares of relative errors; a term that would be negative is left out.
    """

    def __init__(self, points):
        terms = [0, 1, 2]
        while True:
            fitted = self._fit(points, terms)
            if all(value > 0 for value in fitted):
                break
            terms = [t for t, value in zip(terms, fitted) if value > 0]
        values = dict(zip(terms, fitted))
        self.serial = values.get(0, 0)
        self.seconds_per_gflop = values.get(1, 0)
        self.latency = values.get(2, 0)
        self.errors = [abs(self.seconds(p.work, p.barriers, p.threads) / p.seconds - 1) for p in points]

    @staticmethod
    def _terms(work, barriers, threads):
        return [1, work / threads, barriers * (threads.bit_length() - 1)]

    def _fit(self, points, terms):
        lines = [[self._terms(p.work, p.barriers, p.threads)[t] / p.seconds for t in terms]
                 for p in points]
        normal = [[sum(line[i] * line[j] for line in lines) for j in range(len(terms))]
                  for i in range(len(terms))]
        return solve(normal, [sum(line[i] for line in lines) for i in range(len(terms))])

    def seconds(self, work, barriers, threads):
        one, share, wait = self._terms(work, barriers, threads)
        return self.serial * one + self.seconds_per_gflop * share + self.latency * wait

    def best(self, point, cores):
        """(samples/s, threads) of the point's step with as many of the cores as pay."""
        seconds, threads = min((self.seconds(point.work, point.barriers, t), t)
                               for t in CORES if t <= cores)
        return point.batch / seconds, threads


def thousands(rate):
    return f"{rate / 1e3:.3g}" if rate < 1e6 else f"{rate / 1e3:.0f}"


def table(header, lines):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)] +
                     ["| " + " | ".join(line) + " |" for line in lines])


def curve_table(points, curve, axis, title):
    """Samples/s, dense-equivalent GFLOP/s and fraction of the roofline along one axis."""
    chosen = [p for p in points if p.curve == curve]
    columns = sorted({(p.kind, p.threads) for p in chosen}, key=lambda c: (c[0] != "sparse", c[1]))
    lines = []
    for x in sorted({getattr(p, axis) for p in chosen}):
        line = [str(x)]
        for column in columns:
            for p in chosen:
                if getattr(p, axis) == x and (p.kind, p.threads) == column:
                    line.append(f"{thousands(p.rate)} · {p.gflops:.0f} · {p.of_roofline:.0%}"
                                f"{' m' if p.bound == 'memory' else ''}")
        lines.append(line)
    header = [title] + [f"{kind}, {threads} thread{'s' * (threads > 1)}" for kind, threads in columns]
    return table(header, lines)


def turning_points(points, curve, axis):
    """Where each line of a curve is nearest to its roofline, and where it is at half of that."""
    sentences = []
    for kind in ("sparse", "dense"):
        line = [p for p in points if p.curve == curve and p.kind == kind]
        line = [p for p in line if p.threads == max(q.threads for q in line)]
        top = max(line, key=lambda p: p.of_roofline)
        low = [str(getattr(p, axis)) for p in line if p.of_roofline < top.of_roofline / 2]
        sentences.append(f"{kind.capitalize()}, {top.threads} threads: nearest to the roofline at {axis} "
                         f"{getattr(top, axis)} ({top.of_roofline:.0%}); under half of that at "
                         f"{axis} {', '.join(low) if low else '(nowhere)'}.")
    return "\n".join(sentences)


def threads_table(points):
    chosen = [p for p in points if p.curve == "threads"]
    columns = sorted({(p.kind, p.batch) for p in chosen}, key=lambda c: (c[0] != "sparse", c[1]))
    lines = []
    for threads in sorted({p.threads for p in chosen}):
        line = [str(threads)]
        for kind, batch in columns:
            rates = {p.threads: p.rate for p in chosen if (p.kind, p.batch) == (kind, batch)}
            line.append(f"{thousands(rates[threads])} · {rates[threads] / rates[1]:.2f}")
        lines.append(line)
    return table(["threads"] + [f"{kind}, batch {batch}" for kind, batch in columns], lines)


def model_points(points):
    """The measured points that the lines of the model start from."""
    return [p for p in points if p.curve == "threads" and p.threads == 1]


def model_block(points, models):
    lines = [[kind, f"{m.serial * 1e6:.1f}", f"{1 / m.seconds_per_gflop:.0f}", f"{m.latency * 1e6:.1f}",
              f"{statistics.median(m.errors):.0%}", f"{max(m.errors):.0%}"] for kind, m in models.items()]
    fitted = table(["data", "serial, µs", "rate, GFLOP/s a thread", "latency, µs a barrier",
                    "median error", "largest error"], lines)
    lines = []
    for p in model_points(points):
        rates = [models[p.kind].best(p, cores) for cores in CORES]
        lines.append([f"{p.kind}, batch {p.batch}"] + [f"{thousands(rate)} ({threads})" for rate, threads in rates])
    cores = [f"{count} core{'s' * (count > 1)}" for count in CORES]
    grown = table(["thousand samples/s (threads used)"] + cores, lines)
    return fitted + "\n\nThe model, not a measurement:\n\n" + grown


def machine_block(machine):
    levels = [[f"{kib} KiB a thread"] + [f"{machine.triads[t][kib]:.0f}" for t in sorted(machine.triads)]
              for kib in sorted(next(iter(machine.triads.values())))]
    context = machine.context
    return (f"{machine.cores} cores at {context['mhz_per_cpu']} MHz as the system reports, measured "
            f"{context['date'][:10]}: {machine.peak:.0f} GFLOP/s of float32 multiply-adds a core, and\n\n" +
            table(["triad over"] + [f"GB/s, {t} thread{'s' * (t > 1)}" for t in sorted(machine.triads)], levels))


def draw_all(points, models, folder):
    """Writes every curve into the folder."""
    os.makedirs(folder, exist_ok=True)

    def draw(name, **chart):
        with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as file:
            file.write(curves.svg(**chart))

    for curve in ("batch", "width", "depth"):
        lines = {}
        for p in points:
            if p.curve == curve:
                key = f"{p.kind}, {p.threads} thread{'s' * (p.threads > 1)}"
                lines.setdefault(key, []).append((getattr(p, curve), p.rate))
        draw(curve, title=f"Training against {curve}", x=curve, y="samples/s", lines=lines)
    lines = {}
    for p in points:
        if p.curve == "threads":
            lines.setdefault(f"{p.kind}, batch {p.batch}", []).append((p.threads, p.rate))
    draw("threads", title="Training against threads", x="threads", y="samples/s", lines=lines)
    modelled = {f"{p.kind}, batch {p.batch}": [(c, models[p.kind].best(p, c)[0]) for c in CORES]
                for p in model_points(points)}
    cores = max(p.threads for p in points if p.curve == "batch")
    measured = {key: [xy for xy in line if xy[0] <= cores] for key, line in lines.items()}
    draw("model", title="Model (lines) and measured points (dots)", x="cores", y="samples/s",
         lines=modelled, dots=measured)


def replace(text, blocks):
    """The page with new contents of its marked blocks."""
    for name, content in blocks.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            sys.exit(f"the page must have one block <!-- {name} -->")
        text = pattern.sub(lambda match, c=content: match[1] + c + match[2], text)
    return text


def fill(page, blocks):
    """Puts the blocks into the page, a file."""
    with open(page, encoding="utf-8") as file:
        text = replace(file.read(), blocks)
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--growth", help="JSON of //bench:growth instead of running it")
    parser.add_argument("--kernels", help="JSON of //bench:kernels instead of running it")
    parser.add_argument("--page", default=os.path.join(ROOT, "docs/performance.md"),
                        help="the page; its curves are in the folder beside it")
    options = parser.parse_args()

    def read(path, target, pattern):
        if not path:
            return run(target, pattern)
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    machine = Machine(read(options.kernels, "kernels", "^(peak/.*float|bandwidth/)"))
    runs = medians(read(options.growth, "growth", "."))
    points = sorted((Point(name, row, machine) for name, row in runs.items()), key=Point.place)
    models = {kind: Model([p for p in points if p.curve == "model" and p.kind == kind])
              for kind in ("sparse", "dense")}
    draw_all(points, models, options.page.removesuffix(".md"))
    blocks = {"machine": machine_block(machine), "threads": threads_table(points),
              "model": model_block(points, models)}
    for curve in ("batch", "width", "depth"):
        blocks[curve] = curve_table(points, curve, curve, curve) + "\n\n" + turning_points(points, curve, curve)
    fill(options.page, blocks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
