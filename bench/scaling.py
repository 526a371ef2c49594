#!/usr/bin/env python3
"""Measures what several ranks cost and gain and writes docs/scaling.md and its pictures.

Without arguments it builds with --config=mpi, starts ranks on this machine, over shared memory and
over the cable between the two hosts of tests/mpi/hosts.sh, and takes four minutes on an idle machine;
--measured reads what such a run wrote with --keep. Only the blocks between <!-- NAME --> and
<!-- end --> of the page are replaced: the other text is true for any numbers.
"""

import argparse
import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # leave no folder among the sources
import curves
from growth import ROOT, fill, solve, table

HOSTS = os.path.join(ROOT, "tests/mpi/hosts.sh")
# How ranks are joined: a name, what starts them, and the speed of the cable.
LINKS = {"shared memory": (["mpirun", "--bind-to", "none"], ""),
         "two hosts": ([HOSTS], ""),
         "two hosts, 1 Gbit/s": ([HOSTS], "1gbit")}
WIDTHS = (32, 128, 512, 2048)
BATCHES = (128, 512, 2048, 8192)
ROWS = 8192  # of the data set
SEEDS = 48
RANKS = (1, 2, 4, 8, 16, 32, 64)

EXPERIMENT = f"""name: scaling
dataset: {{name: synthetic_digits, train: {ROWS}, test: 10}}
model:
  - {{name: linear, units: 120}}
  - relu
  - {{name: linear, units: 10}}
loss: cross_entropy
optimizer: {{name: sgd, lr: 0.01}}
train: {{batch_size: 128, epochs: 100}}
evaluate: {{split: none}}
"""


def start(link, ranks, words):
    """The output of a program on so many ranks; one rank is started as itself."""
    starter, rate = LINKS[link]
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                       OMPI_MCA_mpi_yield_when_idle="0", NABLA_RATE=rate)
    command = [*starter, "-n", str(ranks), *words] if ranks > 1 else words
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    if done.stdout.startswith("SKIPPED"):
        sys.exit(f"scaling: {done.stdout}")
    return done.stdout


def measure_exchange(link):
    """{what: {size: [microseconds, median and best]}} as //bench:exchange prints it."""
    found = {}
    for row in start(link, 2, [os.path.join(ROOT, "bazel-bin/bench/exchange")]).splitlines():
        if match := re.match(r"\| (bytes swapped|numbers summed) ", row):
            found[match[1]] = {}
        elif match := re.match(r"\| (\d+) \| ([\d.]+) \| ([\d.]+) \|", row):
            found[list(found)[-1]][match[1]] = [float(match[2]), float(match[3])]
    return found


def run_experiment(link, ranks, folder, words):
    path = os.path.join(folder, "scaling.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(EXPERIMENT)
    return start(link, ranks, [os.path.join(ROOT, "bazel-bin/experiments/run"), path, "--quiet", *words])


def measure_farm(link, ranks, threads):
    """Seconds that many runs take, from the first process's start to the last one's end."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        run_experiment(link, ranks, folder, ["--seeds", str(SEEDS), "--threads", str(threads),
                                             "--out", os.path.join(folder, "out")])
        return time.monotonic() - begin


def measure_step(link, ranks, width, batch):
    """Seconds of a step, median over epochs, of ranks with one thread and one shard each."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        epochs = max(4, min(40, 2000 // width))
        run_experiment(link, ranks, folder,
                       [f"model.0.units={width}", f"train.batch_size={batch}", f"train.epochs={epochs}",
                        f"train.rows_per_epoch={min(ROWS, 16 * batch)}", f"train.gradient_shards={ranks}",
                        "--threads", "1", "--out", out])
        with open(os.path.join(out, "metrics.jsonl"), encoding="utf-8") as file:
            return batch / statistics.median(json.loads(row)["samples_per_second"] for row in file)


def measure():
    """All that the page needs, as JSON can hold it."""
    subprocess.run(["bazel", "build", "--config=mpi", "//bench:exchange", "//experiments:run"],
                   cwd=ROOT, check=True)
    one = next(iter(LINKS))
    farm = [[one, 1, 1], [one, 1, 2], [one, 2, 1], ["two hosts", 2, 1]]
    steps = [[one, 1, width, batch] for width in WIDTHS for batch in (BATCHES[0] // 2, *BATCHES)]
    steps += [[link, 2, width, batch] for link in LINKS for width in WIDTHS for batch in BATCHES]
    return {"date": datetime.date.today().isoformat(),
            "exchange": {link: measure_exchange(link) for link in LINKS},
            "farm": [[*how, measure_farm(*how)] for how in farm],
            "steps": [[*how, measure_step(*how)] for how in steps]}


def fit_line(points):
    """(a, b) of y = a + b x by least squares of relative errors, none of them negative."""
    weights = [(1 / y, x / y) for x, y in points]
    a, b = solve([[sum(u[i] * u[j] for u in weights) for j in range(2)] for i in range(2)],
                 [sum(u[i] for u in weights) for i in range(2)])
    if a < 0:
        return 0, sum(v for _, v in weights) / sum(v * v for _, v in weights)
    return a, b


class Model:
    """t(ranks) = compute(batch / ranks) + log2(ranks) (latency + bytes / bandwidth), in seconds."""

    def __init__(self, measured):
        self.links = {}  # {link: (latency, seconds a byte)}
        for link, found in measured["exchange"].items():
            sums = found["numbers summed"].items()
            self.links[link] = fit_line([(4 * int(n), 1e-6 * us[0]) for n, us in sums])
        self.nets = {}  # {width: (seconds, seconds a row)}
        for width in WIDTHS:
            self.nets[width] = fit_line([(batch, seconds) for _, ranks, w, batch, seconds in measured["steps"]
                                         if ranks == 1 and w == width])

    def seconds(self, width, batch, ranks, line):
        """`line`: latency and seconds a byte."""
        fixed, row = self.nets[width]
        parameters = 785 * width + 10 * (width + 1)
        rounds = ranks.bit_length() - 1
        return fixed + row * batch / ranks + rounds * (line[0] + line[1] * 4 * parameters)

    def gain(self, width, batch, ranks, line):
        return self.seconds(width, batch, 1, line) / self.seconds(width, batch, ranks, line)

    def batch_for(self, gain, width, line):
        """The batch of which two ranks make a step so many times faster, gain < 2."""
        fixed, row = self.nets[width]
        exchange = self.seconds(width, 0, 2, line) - fixed
        return (gain * (fixed + exchange) - fixed) / (row * (1 - gain / 2))

    def best(self, width, batch, line):
        """(gain, ranks) of as many ranks as pay."""
        return max((self.gain(width, batch, ranks, line), -ranks) for ranks in RANKS if ranks <= batch)


def micros(us):
    return f"{us:.3g}" if us < 1000 else f"{us:.0f}"


def exchange_block(measured, model):
    links = measured["exchange"]
    blocks = [f"Measured {measured['date']}, two ranks with a core each:"]
    for what in ("bytes swapped", "numbers summed"):
        sizes = sorted({int(size) for found in links.values() for size in found[what]})
        scale = 1 if what == "bytes swapped" else 4
        lines = []
        for size in sizes:
            cells = [links[link][what][str(size)][0] for link in links]
            lines.append([str(size)] + [f"{micros(us)} · {1e-3 * scale * size / us:.2g}" for us in cells])
        blocks.append(table([f"{what}, µs · GB/s"] + list(links), lines))
    blocks.append("Fitted to the sums:")
    blocks.append(table(["link", "latency, µs", "bandwidth, GB/s"],
                        [[link, f"{1e6 * a:.2g}", f"{1e-9 / b:.2g}"] for link, (a, b) in model.links.items()]))
    return "\n\n".join(blocks)


def farm_block(measured):
    base = measured["farm"][0][3]
    lines = []
    for link, ranks, threads, seconds in measured["farm"]:
        who = f"{ranks} ranks, {link}" if ranks > 1 else "one process"
        lines.append([who, str(threads), f"{seconds:.1f}", f"{base / seconds:.2f}"])
    return table([f"{SEEDS} runs by", "threads each", "seconds", "times faster"], lines)


def step_block(measured, model):
    lines, errors = [], []
    alone = {(w, b): seconds for _, ranks, w, b, seconds in measured["steps"] if ranks == 1}
    together = {(link, w, b): seconds for link, ranks, w, b, seconds in measured["steps"] if ranks == 2}
    for width in WIDTHS:
        for batch in BATCHES:
            line = [f"{width}", f"{batch}", f"{1e6 * alone[width, batch]:.0f}"]
            for link in LINKS:
                seconds = together[link, width, batch]
                expected = model.seconds(width, batch, 2, model.links[link])
                errors.append(abs(expected / seconds - 1))
                line.append(f"{alone[width, batch] / seconds:.2f} ({model.gain(width, batch, 2, model.links[link]):.2f})")
            lines.append(line)
    return (table(["W", "batch", "one rank, µs"] + list(LINKS), lines) +
            f"\n\nThe model's seconds are off by {statistics.median(errors):.0%} in the median and by "
            f"{max(errors):.0%} at most.")


# Networks that are not here: latency in seconds and seconds a byte, by their makers' word.
ASSUMED = {"1 Gbit/s Ethernet": (30e-6, 1 / 0.119e9), "10 Gbit/s Ethernet": (20e-6, 1 / 1.2e9),
           "100 Gbit/s InfiniBand": (2e-6, 1 / 11e9)}


def model_block(model):
    lines = []
    for width in WIDTHS:
        for batch in BATCHES:
            cells = []
            for line in ASSUMED.values():
                gain, ranks = model.best(width, batch, line)
                cells.append("no" if ranks == -1 else f"{gain:.1f} ({-ranks})")
            lines.append([str(width), str(batch)] + cells)
    known = {**model.links, **ASSUMED}
    least = [[str(width)] + [" · ".join(f"{model.batch_for(gain, width, line):.0f}" for gain in (1, 1.5))
                             for line in known.values()] for width in WIDTHS]
    return (table(["batch from which 2 ranks pay · are 1.5 times as fast, W"] + list(known), least) + "\n\n" +
            table(["gain (ranks), W", "batch"] + list(ASSUMED), lines))


def draw_batches(measured, model, path):
    """The gain of two ranks against the batch: the model checked."""
    alone = {(w, b): seconds for _, ranks, w, b, seconds in measured["steps"] if ranks == 1}
    lines, dots = {}, {}
    for width in (WIDTHS[0], WIDTHS[-1]):
        for link, line in model.links.items():
            name = f"{width}, {link}".replace("two hosts, ", "").replace("shared ", "")
            lines[name] = [(batch, model.gain(width, batch, 2, line)) for batch in BATCHES]
            dots[name] = [(batch, alone[width, batch] / seconds) for l, ranks, w, batch, seconds in measured["steps"]
                          if ranks == 2 and (l, w) == (link, width)]
    with open(path, "w", encoding="utf-8") as file:
        file.write(curves.svg(title="Two ranks: model (lines) and measured points (dots); W, link", x="batch",
                              y="times one rank", lines=lines, dots=dots))


def draw_ranks(measured, model, path):
    """The gain of many ranks, and of farming."""
    alone = {(w, b): seconds for _, ranks, w, b, seconds in measured["steps"] if ranks == 1}
    lines, dots = {}, {}
    for width, batch, link in ((128, 128, "10 Gbit/s Ethernet"), (128, 8192, "10 Gbit/s Ethernet"),
                               (2048, 8192, "10 Gbit/s Ethernet"), (128, 8192, "shared memory"),
                               (2048, 8192, "shared memory")):
        line = ASSUMED.get(link) or model.links[link]
        name = f"{width}, {batch}, {link.removesuffix(' Ethernet').removeprefix('shared ')}"
        lines[name] = [(ranks, model.gain(width, batch, ranks, line)) for ranks in RANKS]
        dots[name] = [(ranks, alone[w, b] / seconds) for l, ranks, w, b, seconds in measured["steps"]
                      if ranks == 2 and (l, w, b) == (link, width, batch)]
    lines["farming runs"] = [(ranks, ranks) for ranks in RANKS]
    base = measured["farm"][0][3]
    dots["farming runs"] = [(ranks, base / seconds) for _, ranks, _, seconds in measured["farm"] if ranks == 2][:1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(curves.svg(title="Model (lines) and measured points (dots); W, batch, link", x="ranks", y="times one rank",
                              lines=lines, dots=dots))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", help="read this file instead of measuring")
    parser.add_argument("--keep", help="write what is measured into this file")
    parser.add_argument("--page", default=os.path.join(ROOT, "docs/scaling.md"),
                        help="the page; its pictures are in the folder beside it")
    options = parser.parse_args()

    if options.measured:
        with open(options.measured, encoding="utf-8") as file:
            measured = json.load(file)
    else:
        measured = measure()
    if options.keep:
        with open(options.keep, "w", encoding="utf-8") as file:
            json.dump(measured, file)
    model = Model(measured)
    folder = options.page.removesuffix(".md")
    os.makedirs(folder, exist_ok=True)
    draw_batches(measured, model, os.path.join(folder, "batch.svg"))
    draw_ranks(measured, model, os.path.join(folder, "ranks.svg"))
    blocks = {"exchange": exchange_block(measured, model), "farm": farm_block(measured),
              "steps": step_block(measured, model), "model": model_block(model)}
    fill(options.page, blocks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
