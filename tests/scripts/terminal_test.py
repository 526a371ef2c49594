"""What commands show on a terminal of 80 columns, and on one that changes its size: nothing wraps."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import unittest

import program
from program import run

WIDE = """name: wide
dataset: {name: synthetic_digits, train: 300, test: 100}
model:
""" + "  - {name: linear, units: 12}\n  - leaky_relu\n" * 12 + """  - {name: linear, units: 10}
loss: cross_entropy
optimizer: sgd
metrics: [per_class, roc_auc, brier, {name: top_k, k: 3}]
evaluate: {split: both}
train: {batch_size: 20, epochs: 2}
"""


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, words, columns, term="xterm"):
        self.master, slave = pty.openpty()
        self.resize(columns)
        self.child = subprocess.Popen([program.PROGRAM, *words], stdin=slave, stdout=slave, stderr=slave,
                                      env={**os.environ, "TERM": term})
        os.close(slave)
        self.text = b""

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self):
        try:
            more = os.read(self.master, 65536)
        except OSError:  # nobody is at the other end any more
            more = b""
        self.text += more
        return more

    def wait_for(self, text):
        while text not in self.text and self.read():
            pass

    def finish(self):
        while self.read():
            pass
        os.close(self.master)
        return self.child.wait(timeout=60)


def lines(text):
    """What stands in a line at any time, without what moves the cursor."""
    return re.sub(r"\x1b\[K", "", text.decode()).replace("\r\n", "\n").replace("\r", "\n").split("\n")


class AtAWidth(program.InAFolder):
    def check(self, text, columns):
        for line in lines(text):
            if " " in line.strip():  # a path or a name is whole, so that it can be copied
                self.assertLess(len(line), columns, line)

    def show(self, *words, columns=80, code=0):
        terminal = Terminal(words, columns)
        self.assertEqual(terminal.finish(), code, terminal.text.decode())
        self.assertNotEqual(terminal.text, b"")
        self.check(terminal.text, columns)
        return terminal.text.decode()

    def show_unchecked(self, *words, columns):
        terminal = Terminal(words, columns)
        self.assertEqual(terminal.finish(), 0, terminal.text.decode())
        return terminal.text.decode()

    def test_nothing_wraps(self):
        self.write("wide.yaml", WIDE)
        self.write("tiny.yaml", program.NOTEBOOK)
        self.write("rows.csv", "5.1,3.5,1.4,0.2\n")
        self.show("wide.yaml", "--verbose")
        self.show("iris.yaml", "epochs=2", "--out", "runs/iris/a")
        self.show("iris.yaml", "epochs=2", "lr=0.02", "--out", "runs/iris/with-a-name-that-is-rather-long-for-a-folder")
        swept = self.show("iris.yaml", "lr=0.01,0.1", "batch_size=8,16", "model.0.weight=he_normal,orthogonal",
                          "epochs=2", "--seeds", "2")
        self.assertIn("loss by epoch: ▁ is ", swept)
        for words in (["runs"], ["report", "runs"], ["diff", "iris/a", "wide"], ["why", "iris/a", "iris", "--no-train"],
                      ["summary", "wide.yaml"], ["time", "iris.yaml"], ["find-lr", "iris.yaml", "--steps", "20"],
                      ["list"], ["describe", "layer/conv2d"], ["describe", "csv"], ["check", "activation/relu"],
                      ["predict", "iris/a", "rows.csv"], ["rerun", "iris/a"],
                      ["reproduce", "tiny.yaml", "--seeds", "3", "--no-power"], ["investigate", "tiny.yaml", "--budget", "1"]):
            with self.subTest(words):
                self.show(*words)
        self.show("iris.yaml", "optimizer.lt=1", code=2)
        known = re.findall(r"^  ([a-z-]+)", self.show("--help").split("Subcommands:")[1].split("Examples:")[0], re.M)
        for command in known:
            with self.subTest(command + " --help"):
                self.show(command, "--help")
        table = self.show("runs", columns=60)
        self.assertIn("not shown, for lack of room: ", table)
        self.assertNotIn("weights_hash", table.split("\n")[0])

    def test_help_says_what_to_type(self):
        text = self.show("--help")
        self.assertIn("Usage: nabla ", text)
        self.assertNotIn("run run", text)
        self.assertIn("Usage: nabla runs ", self.show("runs", "--help"))

    def test_the_bar_fits_a_window_that_shrinks(self):
        terminal = Terminal(["iris.yaml", "epochs=200000", "--out", "o"], 80)
        terminal.wait_for(b" %")
        self.check(terminal.text, 80)
        terminal.text = b""
        terminal.resize(40)
        terminal.read()  # what was on its way
        terminal.text = b""
        terminal.wait_for(b"] ")
        terminal.wait_for(b"\x1b[K")
        terminal.child.send_signal(signal.SIGINT)
        shown = terminal.text
        bars = [line for line in lines(shown) if "[" in line]
        self.assertTrue(bars)
        for bar in bars:
            self.assertLess(len(bar), 40, bar)
        terminal.finish()

    def test_charts_fit_40_columns(self):
        self.write("tiny.yaml", program.NOTEBOOK)
        plotted = self.show("iris.yaml", "epochs=20", "--out", "runs/iris/a", columns=40)
        self.assertIn("\u2514", plotted)
        self.show("iris.yaml", "epochs=20", "lr=0.02", "--out", "runs/iris/b", columns=40)
        for words in (["report", "runs"], ["find-lr", "iris.yaml", "--steps", "20"],
                      ["compare", "iris.yaml", "lr=0.001,0.01", "epochs=2", "--seeds", "8"]):
            with self.subTest(words):
                text = self.show(*words, columns=40)
                self.assertTrue(re.search("[\u2514\u2500]{8}", text), text)
        # Below that there is no room for curves.
        self.assertNotIn("\u2514", self.show_unchecked("iris.yaml", "epochs=20", columns=39))
        self.assertNotIn("\u2514", self.show_unchecked("report", "runs", columns=20))

    def test_a_dumb_terminal_is_like_a_log(self):
        for words in (["iris.yaml", "epochs=200"], ["compare", "iris.yaml", "lr=0.001,0.01", "epochs=2", "--seeds", "8"]):
            terminal = Terminal(words, 80, term="dumb")
            self.assertEqual(terminal.finish(), 0)
            self.assertNotIn(b"\x1b", terminal.text)
            self.assertNotIn(b"\r", terminal.text.replace(b"\r\n", b""))
            self.assertTrue(terminal.text)

    def test_a_log_is_not_folded(self):
        outcome = run("--help")
        self.assertTrue(any(len(line) > 80 for line in outcome.stdout.decode().split("\n")))
        self.assertNotIn(b"\x1b", run("iris.yaml", "epochs=1").stdout)


if __name__ == "__main__":
    unittest.main()
