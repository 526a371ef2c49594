"""Prints the share of lines that tests run, by folder: coverage.py REPORT LEAST_PERCENT.

REPORT is in lcov's format. Exits with 1 if framework/ and plugins/ together have less.
"""

import collections
import sys


def read(path):
    """{source: {line: count}} of framework/ and plugins/."""
    sources = {}
    lines = {}
    for text in open(path, encoding="utf-8"):
        key, _, value = text.strip().partition(":")
        if key == "SF":
            lines = {}
            if value.startswith(("framework/", "plugins/")):
                sources[value] = lines
        elif key == "DA":
            number, count = value.split(",")[:2]
            lines[int(number)] = int(count)
    return sources


def ranges(numbers):
    """"3, 7-9": the lines that never ran."""
    runs = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def main():
    sources = read(sys.argv[1])
    folders = collections.defaultdict(lambda: [0, 0])
    for source, lines in sorted(sources.items()):
        missed = sorted(number for number, count in lines.items() if count == 0)
        folder = "/".join(source.split("/")[:2])
        for total in (folders[folder], folders["all"]):
            total[0] += len(lines) - len(missed)
            total[1] += len(lines)
        if missed:
            print(f"{source}: {len(missed)} of {len(lines)} lines never ran: {ranges(missed)}")
    print()
    for folder, (ran, all_lines) in sorted(folders.items()):
        print(f"{folder:24}{ran:6} of {all_lines:6} lines {100 * ran / all_lines:6.1f} %")
    ran, all_lines = folders["all"]
    return 0 if all_lines and 100 * ran >= float(sys.argv[2]) * all_lines else 1


sys.exit(main())
