#!/usr/bin/env python3
"""Trains every bundled experiment on every platform that one machine has, and writes the hashes of the
weights into docs/determinism.md: platforms.py DATA

DATA is a folder with mnist/ in it. Needs root, what ./setup --arm64 installs, and the Debian 13 that
tests/debian13.sh leaves behind. Small data sets are trained on for all epochs; MNIST, and the synthetic
digits that stand for Fashion-MNIST, for one epoch of 10000 rows, since qemu is slow. A sweep is left
out of its file. Exits with 1 if platforms differ.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / "docs/determinism.md"
BEGIN = "<!-- What tests/platforms.py wrote begins here. -->\n"
END = "<!-- It ends here. -->\n"
DEBIAN_13 = pathlib.Path("/var/tmp/nabla-debian13")
TYPES = ["float32", "float64"]
LARGE = ["train.epochs=1", "subset={train: 10000, test: 1000}"]


def bazel(*words):
    return subprocess.run(["bazel", *words], cwd=TOP, check=True, capture_output=True, text=True).stdout


def program(*flags):
    bazel("build", *flags, "//experiments:run")
    return bazel("info", *flags, "bazel-bin").strip() + "/experiments/run"


class Platform:
    """`start` are the words that start nabla, `root` the folder that it takes for /."""

    def __init__(self, name, start, simd="", root=""):
        self.name, self.start, self.root = name, start, root
        self.variables = {"NABLA_SIMD": simd} if simd else {}
        self.hashes, self.metrics, self.made_by, self.simd = {}, {}, "", ""

    def train(self, experiment, dtype, data):
        with tempfile.TemporaryDirectory(dir=f"{self.root}/tmp") as folder:
            shutil.copy(experiment, folder)
            inside = folder.removeprefix(self.root)
            large = re.search(r"^dataset:.*mnist", experiment.read_text(), re.MULTILINE)
            words = [f"{inside}/{experiment.name}", f"dtype={dtype}", "sweep=null", *(LARGE if large else []),
                     "--offline", "--quiet", "--data", data, "--out", f"{inside}/out"]
            made = subprocess.run([*self.start, *words], capture_output=True, text=True,
                                  env={"HOME": inside, "PATH": os.environ["PATH"], **self.variables})
            if made.returncode != 0:
                sys.exit(f"{self.name}: {experiment.name} {dtype}: {made.stderr}")
            out = pathlib.Path(folder, "out")
            summary = json.loads((out / "summary.json").read_text())
            environment = json.loads((out / "environment.json").read_text())
        self.simd, self.made_by = summary["simd"], environment["compiler"]
        self.hashes[experiment.stem, dtype] = summary["weights_hash"]
        measured = {k: v for k, v in summary.items() if "loss" in k or k.startswith(("train_", "test_"))}
        self.metrics[experiment.stem, dtype] = measured

    def digest(self):
        lines = "".join(f"{name} {dtype} {made}\n" for (name, dtype), made in sorted(self.hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()[:32]


def cells(*values):
    return "| " + " | ".join(values) + " |\n"


def page(platforms, experiments):
    first = platforms[0]
    text = cells("system", "compiler", "target", "hash of the hashes below") + cells(*["---"] * 4)
    for p in platforms:
        text += cells(p.name, p.made_by, f"`{p.simd}`", f"`{p.digest()}`")
    same = all(p.hashes == first.hashes for p in platforms)
    numbers = all(p.metrics == first.metrics for p in platforms)
    said = "The four have the same weights" if same else "**They differ**; those of the first row"
    said += ", and every loss and metric of `summary.json` is the same in all its digits" if numbers else ""
    text += f"\n{said}:\n\n" + cells("experiment", *TYPES) + cells(*["---"] * 3)
    for experiment in experiments:
        text += cells(experiment.stem, *(f"`{first.hashes[experiment.stem, t]}`" for t in TYPES))
    return text, same


def differences(platforms):
    first = platforms[0]
    for p in platforms[1:]:
        for key, made in first.hashes.items():
            if p.hashes[key] != made:
                yield f"{p.name}: the weights of {' '.join(key)} are {p.hashes[key]}, not {made}"
            if p.metrics[key] != first.metrics[key]:
                yield f"{p.name}: {' '.join(key)}: {p.metrics[key]}, not {first.metrics[key]}"


def main():
    data = str(pathlib.Path(sys.argv[1]).resolve())
    native, arm64 = program(), program("--config=arm64")
    chroot = ["chroot", str(DEBIAN_13)]
    shutil.copytree(f"{data}/mnist", f"{DEBIAN_13}/tmp/data/mnist", dirs_exist_ok=True)
    sysroot = os.path.expanduser("~/.cache/nabla-arm64")
    places = {"": data, str(DEBIAN_13): "/tmp/data"}
    platforms = [
        Platform("Debian 12", [native], "avx2"),
        Platform("Debian 12", [native], "avx512"),
        Platform("Debian 13", [*chroot, "/nabla/bazel-bin/experiments/run"], root=str(DEBIAN_13)),
        Platform("Debian 12, ARM64 under qemu", ["qemu-aarch64", "-L", sysroot, arm64]),
    ]
    experiments = sorted((TOP / "experiments").glob("*.yaml"))
    for platform in platforms:
        for experiment in experiments:
            for dtype in TYPES:
                platform.train(experiment, dtype, places[platform.root])
                print(platform.name, platform.simd, experiment.stem, dtype,
                      platform.hashes[experiment.stem, dtype], flush=True)
    text, same = page(platforms, experiments)
    head, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(head + BEGIN + text + END + rest.partition(END)[2])
    print(*differences(platforms), sep="\n")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
