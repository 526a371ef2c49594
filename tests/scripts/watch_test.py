"""The page of `watch` follows a run, in a browser too, and ends with it; the weights are those of a run unwatched."""

import glob
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

import program
from program import run

# Epochs of some 50 ms, until a signal comes or eight seconds are over.
SLOW = ("name: slow\ndataset: {name: spirals, points: 60000, test_points: 10}\nmodel: [{name: linear, units: 32}, tanh, "
        "{name: linear, units: 2}]\nloss: cross_entropy\noptimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 9999, max_time: 8}\n")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Watch(program.InAFolder):
    def start(self, *words):
        process = subprocess.Popen([program.PROGRAM, *words], env=os.environ, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", path)
        with connection.getresponse() as reply:
            answer = reply.status, reply.read().decode()
        connection.close()
        return answer

    @staticmethod
    def data(page):
        return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])

    def begin(self, *words):
        """A run, and a watch over it."""
        training = self.start(*words)
        while training.poll() is None and not glob.glob("runs/slow/latest/**/metrics.jsonl", recursive=True):
            time.sleep(0.02)
        watch = self.start("watch")
        folder = watch.stdout.readline()
        self.assertIn("watching ", folder)
        url = watch.stdout.readline().strip()
        port, token = re.fullmatch(r"open http://127\.0\.0\.1:(\d+)/([0-9a-f]{32})/", url).groups()
        self.port, self.page = int(port), f"/{token}/"
        return training, watch

    def state(self):
        return json.loads(self.ask(self.page + "state")[1])

    def end(self, training, watch):
        training.send_signal(signal.SIGTERM)
        training.wait(timeout=20)
        self.assertEqual(watch.wait(timeout=20), 0)
        self.assertEqual(watch.stdout.read(), "the runs have ended\n")

    def test_follows_a_run_and_ends_with_it(self):
        self.write("slow.yaml", SLOW)
        training, watch = self.begin("slow.yaml", "--quiet", "--threads", "1")
        self.assertEqual(self.ask("/")[0], 403)
        before = set(os.listdir("runs/slow/latest/"))
        first = self.state()["version"]
        deadline = time.time() + 10
        while self.state()["version"] == first and time.time() < deadline:
            time.sleep(0.2)
        self.assertGreater(self.state()["version"], first)
        page = self.ask(self.page)[1]
        self.assertTrue("connect-src 'self'" in page and "running" in page)
        self.assertGreater(len(self.data(page)["runs"][0]["epochs"]), 0)
        self.assertEqual(set(os.listdir("runs/slow/latest/")), before)  # nothing is written
        if CHROMIUM:
            self.look(f"http://127.0.0.1:{self.port}{self.page}", first)
        self.end(training, watch)

    def look(self, url, version):
        dom = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={os.getcwd()}/home/profile", "--virtual-time-budget=2500", "--enable-logging=stderr", "--dump-dom",
             url], capture_output=True, text=True, timeout=60)
        self.assertFalse([line for line in dom.stderr.splitlines() if "CONSOLE" in line])
        shown = re.search(r'data-version="(\d+)"', dom.stdout)
        self.assertGreater(int(shown[1]), version)
        self.assertTrue('id="live"' in dom.stdout and 'data-ready="yes"' in dom.stdout)

    def test_a_sweep(self):
        self.write("slow.yaml", SLOW)
        training, watch = self.begin("slow.yaml", "lr=0.1,0.2", "--quiet", "--threads", "2", "max_time=4")
        time.sleep(1.5)
        data = self.data(self.ask(self.page)[1])
        self.assertEqual((len(data["runs"]), len(data["groups"])), (2, 2))
        self.end(training, watch)

    def test_the_weights_are_the_same(self):
        self.write("slow.yaml", SLOW.replace("9999, max_time: 8", "20"))
        training, watch = self.begin("slow.yaml", "--quiet", "--threads", "1")
        training.wait(timeout=60)
        watch.wait(timeout=20)
        self.assertEqual(run("slow.yaml", "--quiet", "--threads", "1", "--out", "alone").returncode, 0)
        hashes = set()
        for folder in ("runs/slow/latest", "alone"):
            with open(f"{folder}/summary.json", encoding="utf-8") as file:
                hashes.add(json.load(file)["weights_hash"])
        self.assertEqual(len(hashes), 1)


if __name__ == "__main__":
    unittest.main()
