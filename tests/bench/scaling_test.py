"""bench/scaling.py over planted measurements: the model, the page and its picture."""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BENCH = os.path.join(os.getcwd(), "bench")
sys.path.insert(0, BENCH)
import scaling  # noqa: E402

LATENCY, BANDWIDTH = 8e-6, 2e9  # s, bytes/s, of the first link; the others are slower by their index
FIXED, ROW = 1e-8, 2e-9  # s, s a row, for each unit of the layer


def line(link):
    slower = 1 + list(scaling.LINKS).index(link)
    return slower * LATENCY, slower / BANDWIDTH


def step(link, ranks, width, batch):
    latency, byte = line(link)
    seconds = width * (FIXED + ROW * batch / ranks)
    return seconds + (latency + byte * 4 * (795 * width + 10) if ranks == 2 else 0)


def planted():
    sizes = [10 ** i for i in range(3, 8)]
    exchange = {link: {"bytes swapped": {str(n): [n * 1e-3, 1] for n in sizes},
                       "numbers summed": {str(n): [1e6 * (line(link)[0] + 4 * n * line(link)[1]), 1] for n in sizes}}
                for link in scaling.LINKS}
    first = next(iter(scaling.LINKS))
    how = [(first, 1, w, b) for w in scaling.WIDTHS for b in (scaling.BATCHES[0] // 2, *scaling.BATCHES)]
    how += [(link, 2, w, b) for link in scaling.LINKS for w in scaling.WIDTHS for b in scaling.BATCHES]
    return {"date": "2025-01-02", "exchange": exchange, "steps": [[*h, step(*h)] for h in how],
            "farm": [[first, 1, 1, 10.0], [first, 1, 2, 5.0], [first, 2, 1, 4.0], ["two hosts", 2, 1, 8.0]]}


def main():
    model = scaling.Model(planted())
    for link in scaling.LINKS:
        for found, wanted in zip(model.links[link], line(link)):
            assert abs(found / wanted - 1) < 1e-6, (link, found, wanted)
    assert abs(model.seconds(512, 2048, 2, model.links["two hosts"]) / step("two hosts", 2, 512, 2048) - 1) < 1e-6
    pays = model.batch_for(1.5, 512, model.links["two hosts"])
    assert abs(model.gain(512, pays, 2, model.links["two hosts"]) - 1.5) < 1e-6
    free, endless = (0, 0), (1, 1)
    assert model.best(128, 8192, free)[1] == -64 and model.best(128, 8192, endless) == (1, -1)
    assert scaling.fit_line([(1, 1), (2, 4), (3, 9)])[0] == 0, "no time is negative"

    with tempfile.TemporaryDirectory() as folder:
        page, data = os.path.join(folder, "scaling.md"), os.path.join(folder, "measured.json")
        with open(data, "w", encoding="utf-8") as file:
            json.dump(planted(), file)
        with open("docs/scaling.md", encoding="utf-8") as file:
            before = file.read()
        with open(page, "w", encoding="utf-8") as file:
            file.write(before)
        subprocess.run([sys.executable, os.path.join(BENCH, "scaling.py"), "--measured", data, "--page", page],
                       check=True)
        with open(page, encoding="utf-8") as file:
            after = file.read()
        blocks = re.compile(r"(<!-- \w+ -->\n).*?(<!-- end -->)", re.DOTALL)
        assert blocks.sub(r"\1\2", before) == blocks.sub(r"\1\2", after), "text outside of the blocks changed"
        assert "| 2 ranks, shared memory | 1 | 4.0 | 2.50 |" in after
        assert "| shared memory | 8 | 2 |" in after
        assert "off by 0% in the median and by 0% at most" in after
        for name, dots in (("batch", 24), ("ranks", 3)):
            root = xml.etree.ElementTree.parse(os.path.join(folder, "scaling", name + ".svg")).getroot()
            assert len([e for e in root.iter() if e.tag.endswith("polyline")]) == 6, name
            assert len([e for e in root.iter() if e.tag.endswith("circle")]) == dots, name
    print("passed")


if __name__ == "__main__":
    main()
