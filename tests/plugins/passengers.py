#!/usr/bin/env python3
"""Writes framework/plugin/tables/passengers.csv.gz, a table of passengers who never lived, or, with
--check, compares it: passengers.py [--check] FOLDER.

Words, whole numbers and decimals, missing values, and a fate that follows from them with some luck.
The probability of a rescue is 1 / (1 + exp(-score)); see `rescued`.
"""
import gzip
import math
import os
import random
import sys

ROWS = 900
HEADER = "berth,sex,age,companions,fare,port,deck,fate"
# Their share, the price, the decks.
BERTHS = {
    "cabin": (0.22, 62.0, "ABC"),
    "shared": (0.26, 21.5, "CDE"),
    "steerage": (0.52, 8.25, "EFG"),
}
PORTS = {"Bergen": 0.55, "Cork": 0.25, "Porto": 0.20}


def pick(draw, weights):
    """One of the keys, as often as its weight says."""
    at = draw.random()
    for name, weight in weights.items():
        at -= weight
        if at < 0:
            return name
    return name


def rescued(draw, berth, sex, age, companions):
    score = {"cabin": 0.9, "shared": -0.1, "steerage": -1.2}[berth]
    score += 1.7 if sex == "female" else -0.9
    score += 2.6 * math.exp(-age / 9)  # children first
    score -= 1.1 * (companions > 3) + 0.7 * (companions == 0 and berth == "steerage")
    score -= 0.9 * (sex == "female" and berth == "steerage" and age > 30)
    return draw.random() < 1 / (1 + math.exp(-1.4 * score))


def row(draw):
    berth = pick(draw, {name: share for name, (share, _, _) in BERTHS.items()})
    sex = "female" if draw.random() < 0.4 else "male"
    # A sum of draws: most are about 30, few are old.
    age = 78 * (draw.random() + draw.random() * draw.random() + draw.random()) / 3
    companions = int(-1.1 * math.log(1 - draw.random()))
    _, price, decks = BERTHS[berth]
    fare = price * (0.7 + 0.9 * draw.random()) * (1 + 0.3 * companions)
    port = pick(draw, PORTS)
    deck = decks[int(len(decks) * draw.random())]
    fate = "rescued" if rescued(draw, berth, sex, age, companions) else "lost"
    ages = "%.1f" % age if age < 2 else "%d" % age
    return [berth, sex, "" if draw.random() < 0.18 else ages, "%d" % companions, "%.2f" % fare,
            "" if draw.random() < 0.01 else port, "" if draw.random() < 0.6 else deck, fate]


def text():
    draw = random.Random(1912)
    lines = [HEADER] + [",".join(row(draw)) for _ in range(ROWS)]
    return "\n".join(lines) + "\n"


def main():
    path = os.path.join(sys.argv[-1], "passengers.csv.gz")
    if sys.argv[1] == "--check":
        with gzip.open(path, "rt") as file:
            assert file.read() == text(), path + " is not what this script writes"
        return
    # No name and no time in the header: the same bytes from the same rows.
    with open(path, "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, 0) as packed:
            packed.write(text().encode())


main()
