#!/usr/bin/env python3
"""Writes framework/plugin/tables/*.csv.gz from scikit-learn's copies of the same measurements, or,
with --check, compares them: measured_tables.py [--check] FOLDER."""
import gzip
import os
import sys

import numpy
from sklearn import datasets

TABLES = {
    "iris": datasets.load_iris(),
    "wine": datasets.load_wine(),
    "breast_cancer": datasets.load_breast_cancer(),
    "diabetes": datasets.load_diabetes(scaled=False),
    "digits8x8": datasets.load_digits(),
}


def column(name):
    """sepal length (cm) -> sepal_length_cm"""
    return "_".join(name.replace("(", " ").replace(")", " ").replace("/", " ").split())


def text(table):
    names = [column(name) for name in table.feature_names] + ["target"]
    lines = [",".join(names)]
    for row, target in zip(table.data, table.target):
        assert target == int(target)
        lines.append(",".join([numpy.format_float_positional(x, trim="-") for x in row]))
        lines[-1] += ",%d" % target
    return "\n".join(lines) + "\n"


def main():
    check = sys.argv[1] == "--check"
    folder = sys.argv[-1]
    for name, table in TABLES.items():
        path = os.path.join(folder, name + ".csv.gz")
        if check:
            with gzip.open(path, "rt") as file:
                assert file.read() == text(table), path + " differs from scikit-learn's"
        else:
            # No name and no time in the header: the same bytes from the same rows.
            with open(path, "wb") as file:
                with gzip.GzipFile("", "wb", 9, file, 0) as packed:
                    packed.write(text(table).encode())


main()
