"""python/nabla.py against the program, with and without NumPy, pandas and Jupyter."""

import contextlib
import html
import importlib.util
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import types
import unittest
from unittest import mock

import program
from program import SOURCES

sys.path.insert(0, os.path.join(SOURCES, "python"))
import nabla  # noqa: E402

FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.0, 2.7, 5.1, 1.6], [7.2, 3.6, 6.1, 2.5]]


@contextlib.contextmanager
def modules(**given):
    """As if Python had these modules; None: as if it had not."""
    before = {name: sys.modules[name] for name in given if name in sys.modules}
    sys.modules.update(given)
    try:
        yield
    finally:
        for name in given:
            del sys.modules[name]
        sys.modules.update(before)


def has(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:
        return False


class WithClient(program.InAFolder):
    def setUp(self):
        super().setUp()
        os.environ["NABLA"] = program.PROGRAM
        plain = modules(pandas=None)  # tables are dicts, whatever is installed
        plain.__enter__()
        self.addCleanup(plain.__exit__, None, None, None)

    def quiet(self, *settings, **named):
        return nabla.run("iris.yaml", "epochs=3", *settings, progress=False, **named)


class Client(WithClient):
    def test_a_run(self):
        run = self.quiet(lr=0.02, seed=5, out="a run")
        self.assertEqual((run["status"], run["seed"], run["epochs"]), ("complete", 5, 3))
        self.assertEqual(run.folder, os.path.abspath("a run"))
        with open("a run/summary.json", encoding="utf-8") as file:
            summary = json.load(file)
        self.assertEqual({**run.result, "folder": None}, {**summary, "folder": None})
        table = nabla.metrics(run)
        self.assertEqual(table["epoch"], [1, 2, 3])
        self.assertEqual(table["test_accuracy"][-1], run["test_accuracy"])
        self.assertEqual(nabla.load("a run").result, summary)
        self.assertIn("status: complete", repr(run))
        with open("a run/config.yaml", encoding="utf-8") as file:
            self.assertIn("lr: 0.02", file.read())

    def test_settings_mean_what_they_are(self):
        run = self.quiet({"optimizer.lr": 0.03}, standardise=False, early_stop=None, description='"3: [é]"',
                         optimizer={"name": "sgd", "lr": 0.5}, out="o")
        with open(os.path.join(run, "config.yaml"), encoding="utf-8") as file:
            config = file.read()
        for line in ("standardise: false", "lr: 0.5", "é"):
            self.assertIn(line, config)
        with self.assertRaises(ValueError):
            self.quiet(lr=float("nan"))
        with self.assertRaisesRegex(TypeError, "a setting cannot be a set"):
            self.quiet(lr={1})

    def test_a_run_is_where_another_one_begins(self):
        first = self.quiet(out="a: run")
        again = self.quiet("train.epochs=1", lr=0, init_from=first, out="o")
        with modules(numpy=None):
            self.assertEqual(nabla.weights(again), nabla.weights(first))

    def test_weights_and_predictions_need_no_numpy(self):
        run = self.quiet(out="o", seed=1)
        with modules(numpy=None):
            plain, bare = nabla.weights(run), nabla.predict(run, FLOWERS)
        self.assertEqual((len(plain["0.weight"]), len(plain["0.weight"][0])), (4, 16))
        self.assertEqual(len(bare["class"]), 3)
        for name in ("setosa", "versicolor", "virginica"):
            self.assertIn(f"probabilities.{name}", bare)
        self.assertAlmostEqual(sum(bare[name][0] for name in bare if name.startswith("prob")), 1, 6)
        if not has("numpy"):
            return print("SKIPPED: no NumPy here; only nested lists were tried")
        import numpy
        arrays = nabla.weights(run)
        self.assertEqual(sorted(arrays), sorted(plain))
        for name, values in arrays.items():
            self.assertEqual(values.dtype, numpy.float32)
            numpy.testing.assert_array_equal(values, numpy.array(plain[name], numpy.float32))
        self.assertEqual(nabla.predict(run, numpy.array(FLOWERS)), bare)
        self.assertEqual(nabla.predict(run, numpy.array(FLOWERS).T.copy().T), bare)  # columns first
        # What we write without NumPy, NumPy reads.
        nabla._write_npz("ours.npz", FLOWERS)
        numpy.testing.assert_array_equal(numpy.load("ours.npz")["x"], FLOWERS)
        # And the other way round, for every type and rank.
        theirs = {"f": numpy.float32(2.5), "d": numpy.arange(6.0).reshape(1, 2, 3), "b": numpy.uint8([1, 255]),
                  "l": numpy.array([[-1], [2]]), "empty": numpy.zeros((0, 3))}
        numpy.savez("theirs.npz", **theirs)
        for name, values in nabla._read_npz("theirs.npz").items():
            self.assertEqual(values, theirs[name].tolist(), name)

    def test_rows_of_every_kind(self):
        run = self.quiet(out="o")
        expected = nabla.predict(run, FLOWERS)
        names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
        self.write("rows.csv", "".join(",".join(map(str, row)) + "\n" for row in FLOWERS))
        with_file = nabla.predict(run, "rows.csv")
        self.assertEqual({**with_file, "file": None}, {**expected, "file": None})
        self.assertEqual(nabla.predict(run, [dict(zip(names, row)) for row in FLOWERS]), expected)
        self.assertEqual(nabla.predict(run, [list(map(str, row)) for row in FLOWERS]), expected)
        columns = {name: [row[i] for row in FLOWERS] for i, name in enumerate(names)}
        self.assertEqual(nabla.predict(run, columns), expected)
        frame = types.SimpleNamespace(to_csv=lambda path, index: shutil.copy("rows.csv", path))
        self.assertEqual(nabla.predict(run.folder, frame), expected)
        self.assertEqual(nabla.predict("o/checkpoint.safetensors", FLOWERS), expected)
        # Labels that only count the columns, as those of a frame of an array, are no row.
        self.assertEqual(nabla.predict(run, [dict(enumerate(row)) for row in FLOWERS]), expected)
        counted = types.SimpleNamespace(columns=range(4), to_csv=lambda path, index, header: self.write(
            path, ("" if header is False else "0,1,2,3\n") + "5.1,3.5,1.4,0.2\n"))
        self.assertEqual(nabla.predict(run, counted)["class"], expected["class"][:1])
        one = {key: cells[:1] for key, cells in expected.items()}
        self.assertEqual(nabla.predict(run, dict(zip(names, FLOWERS[0]))), one)
        with self.assertRaisesRegex(nabla.NablaError, "error: "):
            nabla.predict(run, FLOWERS[0])
        with self.assertRaisesRegex(nabla.NablaError, "a value is missing"):  # as in a table
            nabla.predict(run, [FLOWERS[0], [5.1, 3.5, None, 0.2]])
        with self.assertRaisesRegex(nabla.NablaError, "error: "):
            nabla.predict(run, [[1, 2, 3]])
        with modules(numpy=None), self.assertRaises(ValueError):
            nabla.predict(run, [[1, 2, 3, 4], [1, 2]])

    def test_many_runs(self):
        sweep = self.quiet(lr="0.01,0.1", options=["--seeds", "2"], out="s")
        self.assertEqual(len(sweep["points"]), 2)
        table = nabla.metrics(sweep)
        self.assertEqual(table["seed"], [0] * 3 + [1] * 3 + [0] * 3 + [1] * 3)
        self.assertEqual(table["epoch"], [1, 2, 3] * 4)
        self.assertTrue(all(isinstance(value, float) for value in table["train_loss"]))
        self.assertEqual(nabla.load("s").result, {k: v for k, v in sweep.result.items() if k != "folder"})
        listed = nabla.runs("s", "optimizer.lr=0.1", sort="seed", top=1)
        self.assertEqual((listed["seed"], listed["status"]), ([1], ["complete"]))
        self.assertEqual(sorted(nabla.runs("s")["optimizer.lr"]), [0.01, 0.01, 0.1, 0.1])

    def test_a_notebook_is_judged(self):
        self.write("tiny.yaml", program.NOTEBOOK)
        result = nabla.reproduce("tiny.yaml", out="r", options=["--seeds", "2", "--no-power"], progress=False)
        self.assertEqual(result["experiments"][0]["name"], "tiny")
        self.assertIn("verdict", result["experiments"][0]["lists"][0])
        self.assertIn("<iframe", result._repr_html_())
        with self.assertRaisesRegex(nabla.NablaError, "metrics are those of one run or of a sweep"):
            nabla.metrics(result)

    def test_any_command(self):
        self.assertEqual(nabla.call("describe", "layer/linear")["name"], "linear")
        self.assertGreater(len(nabla.call("list")), 50)

    def test_errors_are_the_programs_own(self):
        with self.assertRaisesRegex(nabla.NablaError, 'did you mean "lr"') as caught:
            self.quiet({"optimizer.lt": 1})
        self.assertEqual(caught.exception.code, 2)
        self.assertNotIn("experiment:", str(caught.exception))
        self.write("file", "")
        with self.assertRaisesRegex(nabla.NablaError, "error: ") as caught:
            nabla.run("iris.yaml", out="file/o")
        self.assertTrue(str(caught.exception).startswith("error: "), str(caught.exception))
        for name, error in (("nowhere", "No such file"), (SOURCES, "ermission denied")):
            with self.assertRaisesRegex(nabla.NablaError, error):
                nabla.run("iris.yaml", program=name)
        del os.environ["NABLA"]
        with self.assertRaisesRegex(nabla.NablaError, "set NABLA"):
            nabla.run("iris.yaml")
        with self.assertRaisesRegex(nabla.NablaError, "no run, sweep or reproduction"):
            nabla.load(".")

    def test_the_program_is_found(self):
        os.environ["NABLA"] = "nowhere"
        self.assertEqual(nabla.call("list", "loss", program=program.PROGRAM)[0]["kind"], "loss")
        del os.environ["NABLA"]
        os.mkdir("bin")
        os.symlink(program.PROGRAM, "bin/nabla")
        os.environ["PATH"] = os.path.abspath("bin")
        self.assertEqual(nabla.call("list", "loss")[0]["kind"], "loss")

    def test_a_run_that_diverges_is_a_result(self):
        run = self.quiet(optimizer="sgd", lr=1e30, out="o")
        self.assertEqual(run["status"], "diverged")

    def test_a_killed_program_is_an_error(self):
        self.write("dies", "#!/bin/sh\nkill -9 $$\n")
        os.chmod("dies", 0o700)
        with self.assertRaisesRegex(nabla.NablaError, "ended by SIGKILL") as caught:
            nabla.run("iris.yaml", program="./dies")
        self.assertEqual(caught.exception.code, -signal.SIGKILL)

    def test_no_word_reaches_a_shell_or_becomes_an_option(self):
        os.mkdir("a folder")
        with open(os.path.join(SOURCES, "experiments/iris.yaml"), encoding="utf-8") as file:
            self.write("a folder/$(touch pwned) net.yaml", file.read())
        run = nabla.run("a folder/$(touch pwned) net.yaml", epochs=1, description="'`touch pwned`; $(touch pwned)'",
                        out="an out; touch pwned", progress=False)
        self.assertFalse(os.path.exists("pwned"))
        self.assertEqual(nabla.predict(run, FLOWERS[:1])["row"], [0])
        for word in ("--plugin=evil.so", "--help", "--version"):
            with self.assertRaises(nabla.NablaError) as caught:
                self.quiet(word)
            self.assertEqual(caught.exception.code, 2, word)
            self.assertIn("command line: " + word, str(caught.exception))

    def test_paths_are_relative_to_python(self):
        os.mkdir("elsewhere")
        os.environ["BUILD_WORKING_DIRECTORY"] = os.path.abspath("elsewhere")
        self.assertEqual(self.quiet(out="o").folder, os.path.abspath("o"))
        self.assertEqual(len(nabla.runs(".")["seed"]), 1)


class Shown(WithClient):
    def test_the_page_of_a_run(self):
        run = self.quiet(out="o")
        with open("o/report.html", encoding="utf-8") as file:
            page = file.read()
        shown = run._repr_html_()
        self.assertTrue(shown.startswith('<iframe srcdoc="'))
        self.assertEqual(html.unescape(shown.split('"')[1]), page)
        self.assertNotIn("allow-same-origin", shown)
        os.remove("o/report.html")
        run.result["name"] = "</pre><script>"
        self.assertTrue(run._repr_html_().startswith("<pre>nabla run in "))
        self.assertNotIn("<script>", run._repr_html_())

    def test_progress_on_standard_error(self):
        with mock.patch("sys.stderr", io.StringIO()) as shown:
            nabla.run("iris.yaml", epochs=3, out="o")
        self.assertIn("epoch 1/3", shown.getvalue())
        with mock.patch("sys.stderr", io.StringIO()) as shown:
            self.quiet(out="p")
        self.assertEqual(shown.getvalue(), "")

    def test_progress_is_one_line_in_a_notebook(self):
        lines = []
        handle = types.SimpleNamespace(update=lambda data, raw: lines.append(data["text/plain"]))

        def display(data, raw, display_id):
            lines.append(data["text/plain"])
            return handle

        shell = types.SimpleNamespace(kernel=None)
        ipython = types.SimpleNamespace(get_ipython=lambda: shell, display=types.SimpleNamespace(display=display))
        with modules(IPython=ipython), mock.patch("sys.stderr", io.StringIO()) as shown, \
                mock.patch.object(nabla._Progress, "interval", 0):
            nabla.run("iris.yaml", epochs=3, out="o")
        self.assertEqual(shown.getvalue(), "")
        self.assertEqual(sum("epoch " in line for line in lines), 3)
        self.assertIn("report: ", lines[-1])
        lines.clear()
        with modules(IPython=ipython), mock.patch.object(nabla._Progress, "interval", 1e9):
            nabla.run("iris.yaml", epochs=3, out="p")
        self.assertEqual(len(lines), 2)  # the first line, and the last one in the end
        self.assertIn("report: ", lines[-1])

    def test_tables_are_frames_where_pandas_is(self):
        frame = types.SimpleNamespace(DataFrame=lambda columns: ("frame", columns))
        run = self.quiet(out="o")
        with modules(pandas=frame):
            kind, columns = nabla.metrics(run)
        self.assertEqual((kind, columns["epoch"]), ("frame", [1, 2, 3]))

    def test_frames_of_pandas(self):
        with contextlib.suppress(KeyError):
            del sys.modules["pandas"]
        if not has("pandas"):
            sys.modules["pandas"] = None
            return print("SKIPPED: no pandas here; no frame was made")
        import pandas
        run = self.quiet(out="o")
        table = nabla.metrics(run)
        self.assertIsInstance(table, pandas.DataFrame)
        self.assertEqual(list(table["epoch"]), [1, 2, 3])
        flowers = pandas.DataFrame(FLOWERS, columns=["a", "b", "c", "d"])
        self.assertEqual(list(nabla.predict(run, flowers)["row"]), [0, 1, 2])

    def test_in_jupyter(self):
        if not (has("nbclient") and has("ipykernel") and has("nbformat")):
            return print("SKIPPED: no python3-nbclient and python3-ipykernel here; no notebook was run")
        import nbclient
        import nbformat
        code = (f"import sys; sys.path.insert(0, {os.path.join(SOURCES, 'python')!r}); import nabla\n"
                "nabla.run('iris.yaml', epochs=3, out='o')")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        nbclient.NotebookClient(notebook, timeout=60).execute()
        outputs = [output.data for output in notebook.cells[0].outputs if "data" in output]
        self.assertTrue(any("<iframe" in data.get("text/html", "") for data in outputs))
        self.assertTrue(any("report: " in data.get("text/plain", "") for data in outputs))


class Interrupts(WithClient):
    SCRIPT = """
import sys; sys.path.insert(0, {sources!r})
import nabla
try:
    nabla.run("iris.yaml", epochs=1000000, out="o")
except nabla.Stopped as stopped:
    print("stopped:", stopped.run["status"] if stopped.run else None, flush=True)
"""

    COMPARISON = """
import sys; sys.path.insert(0, {sources!r})
import nabla
try:
    nabla.call("compare", "iris.yaml", "lr=0.05,0.0501", "epochs=1000000", "evaluate.every=1000000", "--out", "c")
except nabla.Stopped as stopped:
    print("stopped:", stopped.run.folder if stopped.run else None, flush=True)
"""

    def start(self):
        script = self.SCRIPT.format(sources=os.path.join(SOURCES, "python"))
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True, start_new_session=True)
        while "epoch " not in child.stderr.readline():
            pass
        return child

    def end(self, child):
        output = child.communicate(timeout=60)[0]
        return output, child.returncode

    def test_an_interrupt_stops_the_run_after_its_step(self):
        child = self.start()
        child.send_signal(signal.SIGINT)
        self.assertEqual(self.end(child), ("stopped: stopped\n", 0))
        self.assertTrue(os.path.exists("o/checkpoint.safetensors"))

    def test_an_interrupt_of_any_command(self):
        script = self.COMPARISON.format(sources=os.path.join(SOURCES, "python"))
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        for _ in range(600):
            if os.path.isdir("c"):
                break
            time.sleep(0.1)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        output, code = self.end(child)
        self.assertTrue(output.startswith("stopped: "), output)
        self.assertEqual(code, 0)

    def test_a_terminals_interrupt_counts_once(self):
        child = self.start()
        os.killpg(child.pid, signal.SIGINT)  # all that belong to the terminal get it
        self.assertEqual(self.end(child), ("stopped: stopped\n", 0))

    def test_a_second_interrupt_ends_it_at_once(self):
        self.write("deaf", "#!/usr/bin/env python3\n"
                           "import signal, sys, time\n"
                           "signal.signal(signal.SIGINT, lambda *_: signal.signal(signal.SIGINT, signal.SIG_DFL))\n"
                           "print('epoch 1', file=sys.stderr, flush=True)\n"
                           "while True: time.sleep(1)\n")
        os.chmod("deaf", 0o700)
        os.environ["NABLA"] = "./deaf"
        child = self.start()
        child.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(child.poll())
        child.send_signal(signal.SIGINT)
        self.assertEqual(self.end(child), ("stopped: None\n", 0))


if __name__ == "__main__":
    unittest.main()
