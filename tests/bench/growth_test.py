"""bench/growth.py over planted measurements: the model, the roofline, the page and its curves."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BENCH = os.path.join(os.getcwd(), "bench")
sys.path.insert(0, BENCH)
import growth  # noqa: E402

PEAK, SERIAL, RATE, LATENCY = 100, 7e-6, 60, 3e-6  # GFLOP/s, s, GFLOP/s, s
WORK = 1e-5  # GFLOP a row


def seconds(batch, threads):
    return SERIAL + WORK * batch / (threads * RATE) + 2 * (threads.bit_length() - 1) * LATENCY


def row(curve, kind, width, depth, batch, threads):
    rate = batch / seconds(batch, threads)
    return {"name": f"growth/{curve}/{kind}/width:{width}/depth:{depth}/batch:{batch}/threads:{threads}/real_time",
            "run_type": "iteration", "real_time": 1 / rate, "samples/s": rate, "GFLOP/s": 1.5 * rate * WORK,
            "peak": PEAK, "needed_gflop": WORK * batch, "row_bytes": 100 * batch, "parameter_bytes": 1000, "chunks": 1}


def documents():
    rows = []
    for kind in ("sparse", "dense"):
        for threads in (1, 2):
            rows += [row("batch", kind, 120, 1, 2 ** i, threads) for i in range(13)]
            rows += [row("width", kind, 2 ** i, 1, 128, threads) for i in range(4, 9)]
            rows += [row("depth", kind, 128, 2 ** i, 128, threads) for i in range(5)]
            rows += [row("model", kind, 120, 1, 32 * 4 ** i, threads) for i in range(5)]
            rows += [row("threads", kind, 120, 1, batch, threads) for batch in (128, 4096)]
    # A disturbed repetition changes no median.
    rows += [dict(r, real_time=r["real_time"] * 9, **{"samples/s": r["samples/s"] / 9}) for r in rows] + rows
    random.Random(0).shuffle(rows)  # as interleaving does
    kernels = [{"name": "peak/avx2/float", "run_type": "iteration", "real_time": 1, "GFLOP/s": PEAK}]
    kernels += [{"name": f"bandwidth/triad/kib:{kib}/threads:{threads}/real_time", "run_type": "iteration",
                 "real_time": 1, "GB/s": speed * threads}
                for kib, speed in ((24, 100), (262144, 10)) for threads in (1, 2)]
    return {"benchmarks": rows}, {"context": {"date": "2025-01-02T03", "mhz_per_cpu": 2600}, "benchmarks": kernels}


def main():
    measured, kernels = documents()
    machine = growth.Machine(kernels)
    points = [growth.Point(name, r, machine) for name, r in growth.medians(measured).items()]

    model = growth.Model([p for p in points if p.curve == "model" and p.kind == "dense"])
    for found, planted in ((model.serial, SERIAL), (1 / model.seconds_per_gflop, RATE), (model.latency, LATENCY)):
        assert abs(found / planted - 1) < 1e-6, (found, planted)
    assert max(model.errors) < 1e-9

    # 128 rows: 1.28e-3 GFLOP at 100 GFLOP/s take longer than 12800 bytes at 10 GB/s and 1000 at 100.
    one = next(p for p in points if (p.curve, p.kind, p.batch, p.threads) == ("batch", "dense", 128, 1))
    assert one.bound == "arithmetic" and abs(one.of_roofline - 1.28e-5 / seconds(128, 1)) < 1e-9

    # A term that would be negative is left out, not reported.
    flat = growth.Model([growth.Point(n, dict(r, **{"samples/s": 1e6 * r["samples/s"] / r["samples/s"]}), machine)
                         for n, r in growth.medians(measured).items() if "/model/dense" in n])
    assert min(flat.serial, flat.seconds_per_gflop, flat.latency) >= 0

    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "performance.md")
        paths = []
        for name, document in (("growth", measured), ("kernels", kernels)):
            paths.append(os.path.join(folder, name + ".json"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                json.dump(document, file)
        with open("docs/performance.md", encoding="utf-8") as file:
            before = file.read()
        with open(page, "w", encoding="utf-8") as file:
            file.write(before)
        subprocess.run([sys.executable, os.path.join(BENCH, "growth.py"), "--growth", paths[0], "--kernels", paths[1],
                        "--page", page], check=True)
        with open(page, encoding="utf-8") as file:
            after = file.read()
        blocks = re.compile(r"(<!-- \w+ -->\n).*?(\n<!-- end -->)", re.DOTALL)
        assert blocks.sub(r"\1\2", before) == blocks.sub(r"\1\2", after), "text outside of the blocks changed"
        batch = after[after.index("<!-- batch -->"):after.index("![samples/s against width]")]
        assert re.findall(r"^\| (\d+) \|", batch, re.MULTILINE) == [str(2 ** i) for i in range(13)]
        assert "| batch | sparse, 1 thread | sparse, 2 threads | dense, 1 thread | dense, 2 threads |" in batch
        order = [after.index(line) for line in ("| sparse, batch 128 |", "| sparse, batch 4096 |", "| dense, batch 128 |")]
        assert order == sorted(order)
        assert "measured 2025-01-02: 100 GFLOP/s" in after
        for curve in ("batch", "width", "depth", "threads", "model"):
            root = xml.etree.ElementTree.parse(os.path.join(folder, "performance", curve + ".svg")).getroot()
            drawn = [e for e in root.iter() if e.tag.endswith("polyline")]
            assert len(drawn) == 4, (curve, len(drawn))
            for line in drawn:
                for point in line.get("points").split():
                    x, y = map(float, point.split(","))
                    assert 79 < x < 561 and 39 < y < 381, (curve, point)
    print("passed")


if __name__ == "__main__":
    main()
