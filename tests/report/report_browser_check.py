"""What report_browser_test.sh expects of the pages that Chromium has opened."""
import base64
import html
import json
import re
import sys

EPOCHS = 12
CLASSES = 10
failures = []


def expect(what, got, wanted):
    if got != wanted:
        failures.append(f"{what}: {got!r} instead of {wanted!r}")


def load(folder, kind):
    """What the probe saw, the page's data, and the page."""
    dom = open(f"{folder}/{kind}.dom", encoding="utf-8").read()
    log = open(f"{folder}/{kind}.log", encoding="utf-8").read()
    expect(f"{kind}: console", [l for l in log.splitlines() if "CONSOLE" in l], [])
    seen = json.loads(html.unescape(re.search(r'<pre id="seen">(.*?)</pre>', dom, re.S)[1]))
    data = json.loads(re.search(r'id="data">(.*?)</script>', dom, re.S)[1])
    expect(f"{kind}: errors", seen["errors"], "")
    expect(f"{kind}: ready", seen.get("ready"), "yes")
    expect(f"{kind}: scrolls sideways", seen["wide"], False)
    for key in ("brokenTiles", "tools", "copies", "saved", "savedBadly", "badNumbers", "unnamed"):
        expect(f"{kind}: {key}", seen[key], 0)
    png = re.search(r'<pre id="png">(.*?)</pre>', dom)
    if "figure class=\"chart" in dom and not (png and png[1].startswith("data:image/png;base64,iVBOR")):
        failures.append(f"{kind}: a chart does not become a PNG file: {png and png[1]}")
    return seen, data, dom


def check(kind, seen, wanted):
    for key, value in wanted.items():
        expect(f"{kind}: {key}", seen.get(key), value)


def check_class_table(data, dom):
    counts = data["runs"][0]["confusion"]["counts"]
    rows = re.search(r'<table id="classes">.*?<tbody>(.*?)</tbody>', dom, re.S)[1]
    shown = [[float(v) for v in re.findall(r'data-value="([^"]*)"', row)]
             for row in rows.split("</tr>")[:-1]]
    expect("classes", len(shown), CLASSES)
    for k, row in enumerate(shown):
        right = counts[k * CLASSES + k]
        true = sum(counts[k * CLASSES:(k + 1) * CLASSES])
        guessed = sum(counts[k::CLASSES])
        precision, recall = right / guessed, right / true
        wanted = [precision, recall, 2 * precision * recall / (precision + recall), true]
        expect(f"class {k}", [round(v, 9) for v in row[:4]], [round(v, 9) for v in wanted])


def check_one_class(folder):
    """The means of precision, recall and F1: classes that are never predicted count as 0."""
    _, data, dom = load(folder, "one_class")
    counts = data["runs"][0]["confusion"]["counts"]
    foot = re.search(r'<table id="classes">.*?<tfoot>(.*?)</tfoot>', dom, re.S)[1]
    shown = [float(v) for v in re.findall(r"<td>([0-9.]+)[^<]*</td>", foot)[:3]]
    precision = sum(counts[:CLASSES]) / sum(counts)
    wanted = [precision, 1, 2 * precision / (precision + 1)]
    expect("means of one class", shown, [round(100 * v / CLASSES, 2) for v in wanted])


def check_run(folder):
    seen, data, dom = load(folder, "run")
    # Loss and accuracy have two lines each, learning rate and speed one.
    check("run", seen, {
        "title": "mnist_sample", "charts": 4, "lines": 6, "drawn": 6, "bands": 0, "marks": 6,
        "normLines": 8, "matrixCells": CLASSES * CLASSES, "classRows": CLASSES, "pictures": 24,
        "weights": 64, "layerRows": 4, "timeRows": 4, "environmentRows": 6, "configs": 1,
        "printedRows": 7, "plotLines": 2, "plotNames": 2, "plotGuides": 2, "clouds": 1,
        # The last values of train_loss, test_accuracy and, without a curve, initial_loss.
        "strips": 3, "stripRuns": "1 1 0", "verdicts": 2, "mistakes": 2,
        "groupRows": 0, "runRows": 0, "epochRows": EPOCHS, "menuRows": 0,
        "logScaleChanges": True, "crosses": 4, "crossesLeft": 0, "firstTip": "epoch 1",
        "linesWithoutTrain": -2, "runLines": 0,
    })
    if not seen["tip"].startswith(f"epoch {EPOCHS}") or "notebook" not in seen["tip"]:
        failures.append("run: the tip says " + seen["tip"])
    pixels = base64.b64decode(data["runs"][0]["worst"][0]["pixels"])
    expect("run: pixels", seen["pixels"], list(pixels[14 * 28:15 * 28]))
    accuracies = data["runs"][0]["curves"]["test_accuracy"]
    best = sorted(range(EPOCHS), key=lambda i: -accuracies[i])
    expect("run: best first", seen["orderBest"], " | ".join(str(i + 1) for i in best))
    check_class_table(data, dom)
    check_close_look(seen, data)


LAYERS = """\
| layer | output | parameters | multiply-adds | mean output | std. deviation | still units |
| :-- | :-- | --: | --: | --: | --: | --: |
| 0 linear | 120 | 94,080 | 94,080 | -0.31 | 1.27 | 0 |
| 1 relu | 120 |  |  | 0.412 | 0.71 | 66 of 120 |
| 2 linear | 10 | 1,200 | 1,200 | 0.02 | 3.1 | 0 |
| total |  | 95,280 | 95,280 |  |  |  |
"""


def check_close_look(seen, data):
    check("run", seen, {
        "standouts": 2, "seriousFirst": "serious", "tries": 2, "points": 60, "scaleLines": 6,
        "epochChosen": "epoch 3", "sliderChanges": True, "markdown": LAYERS, "cutNotes": 0})
    lines = seen["latex"].splitlines()
    expect("run: latex", lines[0], r"\begin{tabular}{llrrrrr}")
    expect("run: latex rows", lines[-4],
           r"  2 linear & 10 & 1,200 & 1,200 & 0.02 & 3.1 & 0 \\")
    f = data["runs"][0]["function"]
    expect("run: cells", [len(base64.b64decode(frame["cells"])) for frame in f["frames"]],
           4 * [f["side"] ** 2])


KEYS = ["optimizer.lr", "model.0.units", "model.1", "optimizer.momentum"]


def check_sweeps(folder):
    for kind, settings in (("sweep", 12), ("sweep_phone", 12), ("many", 150)):
        seen, data, _ = load(folder, kind)
        expect(f"{kind}: keys", data["keys"], KEYS)
        runs = 2 * settings
        places = runs - 2 if settings > 12 else 0  # of too many values for a heat map
        # Two seeds of one setting diverged. Those of two others were left behind and go on, and are
        # not among the best so far. The one that was left within its first epoch has no curve.
        check(kind, seen, {
            "groupRows": settings, "runRows": runs, "keyCharts": 7, "shares": len(KEYS) + 1,
            "outcomes": 4 * (runs - 2) + runs - 6, "unfinished": 4 * 4,
            "failures": 4 * 2 + (2 if places else 0) + 2, "settingLines": settings, "places": places,
            "bySetting": min(settings - 1, 24) + 5, "byWord": "model.1 relu | model.1 tanh",
            "byTime": True, "cells": 8, "controlsAgain": 0})
        important = [found["key"] for found in data["importance"]["train_loss"]["keys"]]
        expect(f"{kind}: titles", seen["titles"].split(" | "),
               [f"train loss by {key}" for key in important] +
               [f"train loss by {important[0]} and {important[1]}", "Best so far", "All keys"])


def check_hostile_sweep(folder):
    seen, _, _ = load(folder, "hostile_sweep")
    check("hostile_sweep", seen, {"injected": 0, "keyCharts": 7})


def main():
    folder = sys.argv[1]
    check_run(folder)
    check_one_class(folder)
    seen, _, _ = load(folder, "regression")
    check("regression", seen, {"points": 80, "epochChosen": "epoch 1", "sliderChanges": True,
                               "standouts": 0})
    seen, _, _ = load(folder, "phone")
    check("phone", seen, {"points": 60, "drawn": 6})
    if seen["cutNotes"] < 2:
        failures.append("phone: no sign of the columns that are cut off")
    seen, _, _ = load(folder, "seeds")
    check("seeds", seen, {"charts": 4, "lines": 6, "drawn": 6, "bands": 6, "runRows": 5,
                          "epochRows": 0, "linesWithoutTrain": -2, "runLines": 4 * 5})
    seen, data, _ = load(folder, "comparison")
    check("comparison", seen, {
        "charts": 4, "lines": 18, "drawn": 18, "bands": 18, "groupRows": 3, "runRows": 15,
        "menuRows": 15, "linesWithoutTrain": -6, "partsOfSecond": 2, "runLines": 12 * 5,
        "order": " | ".join(data["groups"]), "orderBest": " | ".join(data["groups"]),
        "orderWorst": " | ".join(reversed(data["groups"])),
    })
    check_sweeps(folder)
    check_hostile_sweep(folder)
    seen, _, _ = load(folder, "empty")
    check("empty", seen, {key: 0 for key in (
        "charts", "lines", "marks", "plotLines", "clouds", "matrixCells", "classRows", "pictures",
        "weights", "layerRows", "timeRows", "environmentRows", "configs", "printedRows", "strips",
        "verdicts", "groupRows", "runRows", "epochRows", "standouts", "points", "scaleLines")})
    seen, _, _ = load(folder, "hostile")
    # The training loss ends in a NaN: two points. The test loss was measured at epochs 1 and 3.
    check("hostile", seen, {"injected": 0, "standouts": 1, "points": 1, "charts": 1, "lines": 2, "drawn": 2, "configs": 1,
                            "environmentRows": 1})
    print("\n".join(failures) or "11 pages are as they should be")
    sys.exit(1 if failures else 0)


main()
