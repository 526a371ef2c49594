#!/usr/bin/env python3
"""Writes a table of the weights of every bundled experiment on every platform into docs/determinism.md.

platforms.py [SYSTEM=LOG]...: each LOG is what //tests/training:bundled_bits_test printed on a SYSTEM.
Without arguments, those that README.md's test command, .ci/run arm64 and .ci/run debian13 leave behind.
Exits with 1 if platforms differ.
"""

import hashlib
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / "docs/determinism.md"
BEGIN = "<!-- What tests/platforms.py wrote begins here. -->\n"
END = "<!-- It ends here. -->\n"
LOG = "testlogs/tests/training/bundled_bits_test/test.log"
DEBIAN_13 = pathlib.Path("/var/tmp/nabla-debian13/root/.cache/bazel")
LINE = re.compile(r"^weights of (\w+) (\w+) on (\w+) by (.*): (\w+)$", re.MULTILINE)
TYPES = ["float32", "float64"]


def usual_logs():
    others = sorted(DEBIAN_13.glob(f"*/*/execroot/nabla/bazel-out/k8-opt/{LOG}"))
    return {
        "Debian 12, x86-64": TOP / "bazel-out/k8-opt" / LOG,
        "Debian 13, x86-64": others[0] if others else "bundled_bits_test in Debian 13",
        "Debian 12, ARM64 under qemu": TOP / "bazel-out/aarch64-opt" / LOG,
    }


def read(logs):
    """{(system, target, compiler): {(experiment, type): hash}}"""
    found = {}
    for system, log in logs.items():
        lines = LINE.findall(pathlib.Path(log).read_text())
        if not lines:
            sys.exit(f"platforms.py: {log} has no weights; run bundled_bits_test there")
        for experiment, dtype, target, compiler, weights in lines:
            found.setdefault((system, target, compiler), {})[experiment, dtype] = weights
    return dict(sorted(found.items(), key=lambda item: (list(logs).index(item[0][0]), item[0][1])))


def digest(weights):
    lines = "".join(f"{name} {dtype} {made}\n" for (name, dtype), made in sorted(weights.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def cells(*values):
    return "| " + " | ".join(values) + " |\n"


def page(found):
    first = next(iter(found.values()))
    text = cells("system", "target", "GCC", "trainings", "hash of their hashes") + cells(*["---"] * 5)
    for (system, target, compiler), weights in found.items():
        text += cells(system, target, compiler, str(len(weights)), f"`{digest(weights)}`")
    same = all(weights == first for weights in found.values())
    said = "All have the same weights:" if same else "**They differ.** Those of the first row:"
    text += f"\n{said}\n\n" + cells("experiment", *TYPES) + cells(*["---"] * 3)
    for experiment in sorted({name for name, _ in first}):
        text += cells(experiment, *(f"`{first[experiment, dtype]}`" for dtype in TYPES))
    return text, same


def main():
    logs = dict(argument.split("=", 1) for argument in sys.argv[1:]) or usual_logs()
    found = read(logs)
    first_name, first = next(iter(found.items()))
    for name, weights in found.items():
        for key in sorted(first.keys() | weights.keys()):
            if first.get(key) != weights.get(key):
                print(*name, *key, weights.get(key), "not", first.get(key), "as on", *first_name)
    text, same = page(found)
    head, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(head + BEGIN + text + END + rest.partition(END)[2])
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
