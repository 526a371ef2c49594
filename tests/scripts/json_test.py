"""With --json every command prints one JSON value and nothing else on standard output."""

import json
import os
import re
import unittest

import program
from program import run

# A call of each command that prints JSON, in a folder with the runs a and b, the sweep s, the file
# tiny.yaml, which has a reference, and rows.csv.
CALLS = {
    "run": ["iris.yaml", "epochs=1", "--out", "one"],
    "sweep": ["iris.yaml", "lr=0.01,0.1", "epochs=1", "--out", "many"],
    "reproduce": ["tiny.yaml", "--seeds", "2", "--no-power", "--out", "judged"],
    "investigate": ["tiny.yaml", "--budget", "1"],
    "report": ["s", "--out", "page.html"],
    "runs": ["--folder", "."],
    "compare": ["iris.yaml", "lr=0.01,0.1", "epochs=1", "--seeds", "8", "--out", "compared"],
    "diff": ["a", "b"],
    "rerun": ["a", "--out", "again"],
    "why": ["a", "b", "--no-train"],
    "predict": ["a", "rows.csv"],
    "evaluate": ["a", "labelled.csv", "--target", "species"],
    "list": [],
    "describe": ["layer/conv2d"],
    "check": ["activation/relu"],
    "time": ["iris.yaml"],
    "summary": ["a"],
    "find-lr": ["iris.yaml", "--steps", "20"],
}
# The others write a file, serve a page, or print a file or a script.
WITHOUT = {"export", "import", "schema", "new-plugin", "completion", "watch"}


def refuse(what):
    raise AssertionError(what)


def unique(pairs):
    keys = [key for key, _ in pairs]
    return dict(pairs) if len(set(keys)) == len(keys) else refuse(f"a key twice: {keys}")


class Json(program.InAFolder):
    def prepare(self):
        self.write("tiny.yaml", program.NOTEBOOK)
        self.write("rows.csv", "5.1,3.5,1.4,0.2\n6.0,2.7,5.1,1.6\n")
        self.write("labelled.csv", "sepal_length,sepal_width,petal_length,petal_width,species\n"
                                   "5.1,3.5,1.4,0.2,setosa\n6.0,2.7,5.1,1.6,virginica\n")
        for words in (["--out", "a"], ["--out", "b", "lr=0.05"], ["--out", "s", "--seeds", "2"]):
            self.assertEqual(run("iris.yaml", "epochs=2", *words).returncode, 0)

    def value(self, *words, code=0):
        outcome = run(*words)
        self.assertEqual(outcome.returncode, code, outcome.stderr)
        text = outcome.stdout.decode("ascii")
        self.assertTrue(text.endswith("\n"))
        return json.loads(text, parse_constant=refuse, object_pairs_hook=unique)

    def test_every_command_has_it_or_is_listed_as_without(self):
        commands = run("--help").stdout.decode().split("Subcommands:")[1].split("Examples:")[0]
        known = set(re.findall(r"^  ([a-z-]+)", commands, re.M))
        self.assertEqual(known, set(CALLS) | WITHOUT)
        for command in known:
            listed = "--json" in run(command, "--help").stdout.decode()
            self.assertEqual(listed, command in CALLS, command)

    def test_every_command_prints_one_value(self):
        self.prepare()
        for command, words in CALLS.items():
            with self.subTest(command):
                self.assertIn(type(self.value(command, "--json", *words)), (dict, list))

    def test_what_a_folder_holds_is_what_is_printed(self):
        self.write("tiny.yaml", program.NOTEBOOK)
        for words, file in ((["run", "iris.yaml", "epochs=1"], "summary.json"),
                            (["iris.yaml", "lr=0.1,0.2", "epochs=1"], "sweep.json"),
                            (["reproduce", "tiny.yaml", "--seeds", "1", "--no-power"], "reproduction.json")):
            printed = self.value(*words, "--json", "--out", "out " + file)
            self.assertEqual(printed.pop("folder"), os.path.abspath("out " + file))
            with open(f"out {file}/{file}", encoding="utf-8") as text:
                self.assertEqual(printed, json.load(text))
        # Nothing to do, and still the same answer.
        again = self.value("iris.yaml", "epochs=1", "--json", "--resume", "--out", "out summary.json")
        self.assertEqual(again["epochs"], 1)

    def test_people_read_on_standard_error_meanwhile(self):
        outcome = run("iris.yaml", "epochs=1", "--json", "--out", "o")
        self.assertIn(b"epoch 1/1", outcome.stderr)
        outcome = run("iris.yaml", "epochs=1", "--json", "--out", "p", "--quiet")
        self.assertEqual(outcome.stderr, b"")
        self.assertEqual(json.loads(outcome.stdout)["status"], "complete")

    def test_a_training_that_diverges_has_a_result(self):
        run_of = self.value("iris.yaml", "optimizer=sgd", "lr=1e30", "--json", "--out", "o", code=3)
        self.assertEqual(run_of["status"], "diverged")
        both = self.value("iris.yaml", "optimizer=sgd", "lr=1e30", "--seeds", "2", "--json", "--out", "p", code=3)
        self.assertIn("failure", both["points"][0]["runs"][0])

    def test_errors_leave_standard_output_empty(self):
        self.prepare()
        for words, code in ((["run", "iris.yaml", "optimizer.lt=1"], 2), (["describe", "rellu"], 2),
                            (["runs", "--folder", "nowhere"], 2), (["predict", "a", "nowhere.csv"], 2),
                            (["iris.yaml", "--try"], 2), (["iris.yaml", "--print-config"], 2),
                            (["runs", "--folder", ".", "--csv"], 2)):
            outcome = run(*words, "--json")
            self.assertEqual((outcome.returncode, outcome.stdout), (code, b""), words)
            self.assertIn(b"--csv" if "--csv" in words else b"error: ", outcome.stderr)

    def test_names_may_hold_anything(self):
        names = ["caf\u00e9", "\u202etxt", "\U0001f600", 'a "b" \\ c']
        lines = [f'{i}.{k},"{name.replace(chr(34), chr(34) * 2)}"' for k in range(4) for i, name in enumerate(names)]
        self.write("names.csv", "x,kind\n" + "\n".join(lines) + "\n")
        self.write("names.yaml", "dataset: {name: csv, train: names.csv, target: kind}\n"
                                 "name: n\noptimizer: sgd\nmodel: [{name: linear, units: 4}]\ntrain: {epochs: 1}\n")
        self.value("names.yaml", "--json", "--out", "n")
        self.write("x.csv", "x\n0.5\n")
        found = self.value("predict", "n", "x.csv", "--json")
        self.assertEqual(set(found[0].get("probabilities") or found[0]["scores"]), set(names))
        bytes_of = os.fsencode("o") + b"\xff"
        self.assertIn("\ufffd", self.value("iris.yaml", "epochs=1", "--json", "--out", bytes_of)["folder"])

    def test_output_that_nobody_can_have_is_an_error(self):
        with open("/dev/full", "wb") as full:
            outcome = program.subprocess.run([program.PROGRAM, "iris.yaml", "epochs=1", "--json", "--out", "o"],
                                             stdout=full, stderr=program.subprocess.PIPE)
        self.assertEqual(outcome.returncode, 1)
        self.assertIn(b"cannot write the output", outcome.stderr)


class Runs(program.InAFolder):
    def setUp(self):
        super().setUp()
        for words in (["lr=0.01"], ["lr=0.5", "--seed", "3"], ["name=other", "lr=0.01", "train.batch_size=32"]):
            self.assertEqual(run("iris.yaml", "epochs=1", *words).returncode, 0)

    def test_settings_are_columns(self):
        rows = json.loads(run("runs", "--json").stdout)
        self.assertEqual(sorted(row["optimizer.lr"] for row in rows), [0.01, 0.01, 0.5])
        self.assertEqual(sorted(row["train.batch_size"] for row in rows), [16, 16, 32])
        self.assertNotIn("train.epochs", rows[0])  # the same in all
        self.assertNotIn("description", rows[0])
        table = run("runs").stdout.decode()
        self.assertIn("optimizer.lr", table.split("\n")[0])

    def test_columns_are_those_asked_for(self):
        outcome = run("runs", "--columns", "optimizer.lr,seed,name", "--csv", "--sort", "-optimizer.lr")
        lines = outcome.stdout.decode().split("\n")
        self.assertEqual((lines[0], lines[3]), ("optimizer.lr,seed,name", "0.5,3,iris"))
        self.assertEqual(len(lines), 5)
        rows = json.loads(run("runs", "--columns", "optimizer.lr,folder", "--json").stdout)
        self.assertEqual(list(rows[0]), ["optimizer.lr", "folder"])
        self.assertEqual(sorted(run("runs", "--columns", "seed").stdout.decode().split()), ["0", "0", "3", "seed"])
        wrong = run("runs", "--columns", "folder,sed")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn(b'did you mean "seed"', wrong.stderr)

    def test_csv_is_quoted(self):
        self.write("iris2.yaml", "description: 'a, \"b\"'\nname: quoted\ndataset: iris\nmodel: [{name: linear, units: 3}]\n"
                                 "optimizer: sgd\ntrain: {epochs: 1}\n")
        self.assertEqual(run("iris2.yaml").returncode, 0)
        outcome = run("runs", "name=quoted", "--columns", "description,status", "--csv")
        self.assertEqual(outcome.stdout.decode(), 'description,status\n"a, ""b""",complete\n')

    def test_latest_is_a_link(self):
        first = os.readlink("runs/iris/latest")
        self.assertNotIn("/", first)
        self.assertEqual(sorted(os.listdir("runs/iris"))[-1], "latest")
        folder = run("iris.yaml", "epochs=1", "--quiet").stdout.decode().strip()
        self.assertEqual(os.path.basename(folder), os.readlink("runs/iris/latest"))
        self.assertEqual(run("summary", "runs/iris/latest").returncode, 0)
        self.write("rows.csv", "5.1,3.5,1.4,0.2\n")
        self.assertEqual(run("predict", "iris/latest", "rows.csv").returncode, 0)
        # The link is one more name, not one more run.
        self.assertEqual(len(json.loads(run("runs", "--json").stdout)), 4)
        # What is no link stays.
        os.remove("runs/iris/latest")
        self.write("runs/iris/latest", "mine")
        self.assertEqual(run("iris.yaml", "epochs=1").returncode, 0)
        with open("runs/iris/latest", encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        # A folder that the user named has no neighbours of ours.
        run("iris.yaml", "epochs=1", "--out", "own/o")
        self.assertEqual(os.listdir("own"), ["o"])

    def test_of_many_runs_the_latest_is_meant(self):
        latest = os.path.basename(run("iris.yaml", "epochs=2", "--quiet").stdout.decode().strip())
        outcome = run("summary", "runs/iris", "--json")
        self.assertEqual(outcome.returncode, 0)
        self.assertIn(f"the latest one is taken, {latest}".encode(), outcome.stderr)
        for words in (["diff", "iris", "other"], ["rerun", "iris", "--out", "again"], ["predict", "iris", "x.csv"],
                      ["export", "runs/iris", "--format", "npz", "--out", "x.npz"], ["why", "iris", "other", "--no-train"]):
            self.write("x.csv", "5.1,3.5,1.4,0.2\n")
            outcome = run(*words)
            self.assertEqual(outcome.returncode, 0, outcome.stderr)
            self.assertIn(b"the latest one is taken", outcome.stderr)
        self.assertEqual(run("iris.yaml", "epochs=1", "--seeds", "2", "--out", "runs/s").returncode, 0)
        self.assertIn(b"name one of them", run("summary", "runs/s").stderr)

    def test_quiet_prints_the_folder_alone(self):
        for words in (["iris.yaml", "epochs=1"], ["iris.yaml", "epochs=1", "--seeds", "2"],
                      ["iris.yaml", "epochs=1", "lr=0.1,0.2", "--out", "a b"]):
            outcome = run(*words, "--quiet")
            folder = outcome.stdout.decode()
            self.assertEqual(folder.count("\n"), 1)
            self.assertTrue(os.path.isdir(folder.rstrip("\n")), folder)
            self.assertEqual(outcome.stderr, b"")
        self.assertEqual(run("iris.yaml", "optimizer.lt=1", "--quiet").stdout, b"")


if __name__ == "__main__":
    unittest.main()
