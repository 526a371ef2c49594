#!/usr/bin/python3
"""Adds up how often lines ran, for Bazel: gcov's files of one test, or the reports of all tests.

Bazel calls it as its lcov merger (--coverage_dir, after a test) and as its report generator
(--reports_file, at the end). Out comes one report in lcov's format: SF, DA, LH, LF.
"""

import argparse
import collections
import gzip
import json
import pathlib


def read_gcov(path, counts):
    """Adds the lines of one .gcov.json.gz; sources outside the workspace have absolute paths."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        sources = json.load(file)["files"]
    for source in sources:
        if not source["file"].startswith("/"):
            for line in source["lines"]:
                counts[source["file"]][line["line_number"]] += max(line["count"], 0)


def read_lcov(path, counts):
    source = None
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, _, value = line.strip().partition(":")
            if key == "SF":
                source = value
            elif key == "DA":
                number, count = value.split(",")[:2]
                counts[source][int(number)] += int(count)


def write_lcov(path, counts):
    with open(path, "w", encoding="utf-8") as file:
        for source, lines in sorted(counts.items()):
            print(f"SF:{source}", file=file)
            for number, count in sorted(lines.items()):
                print(f"DA:{number},{count}", file=file)
            print(f"LH:{sum(count > 0 for count in lines.values())}", file=file)
            print(f"LF:{len(lines)}\nend_of_record", file=file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coverage_dir", type=pathlib.Path)
    parser.add_argument("--reports_file", type=pathlib.Path)
    parser.add_argument("--output_file", required=True)
    arguments, _ = parser.parse_known_args()
    counts = collections.defaultdict(collections.Counter)
    if arguments.coverage_dir:
        for path in sorted(arguments.coverage_dir.rglob("*.gcov.json.gz")):
            read_gcov(path, counts)
    if arguments.reports_file:
        for report in arguments.reports_file.read_text().split():
            # A test that could not run has no report.
            if pathlib.Path(report).exists():
                read_lcov(report, counts)
    write_lcov(arguments.output_file, counts)


main()
