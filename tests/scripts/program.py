"""What the tests of this folder share: the program, and an empty folder to call it in."""

import os
import subprocess
import tempfile
import unittest

SOURCES = os.getcwd()  # Bazel starts tests at the top
PROGRAM = os.path.abspath("experiments/run")
ENVIRONMENT = {"RUNFILES_DIR": os.environ["TEST_SRCDIR"], "PATH": os.environ["PATH"],
               "PYTHONDONTWRITEBYTECODE": "1"}

# Printed values that no run of it comes near, so that they are judged in a moment.
NOTEBOOK = """name: tiny
dataset: {name: synthetic_digits, train: 300, test: 100}
model: [{name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 2}
evaluate: {split: test}
reference:
  - {metric: train_loss, epochs: 1..2, printed: [2.1, 1.9]}
"""


def run(*words, **more):
    return subprocess.run([PROGRAM, *words], env=os.environ, capture_output=True, **more)


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, SOURCES)
        os.chdir(os.path.realpath(folder.name))
        os.mkdir("home")
        environment = dict(os.environ)
        self.addCleanup(os.environ.update, environment)
        self.addCleanup(os.environ.clear)
        os.environ.clear()
        os.environ.update(ENVIRONMENT, HOME=os.path.abspath("home"))
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "GCOV_PREFIX", "GCOV_PREFIX_STRIP"):
            if name in environment:
                os.environ[name] = environment[name]

    def write(self, name, text):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
