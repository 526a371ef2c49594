"""Drives the program `nabla` from Python, and reads what it writes.

    import nabla

    run = nabla.run("iris.yaml", epochs=20, lr=0.02)
    run                                     # in a notebook: the run's page
    run["test_accuracy"]
    nabla.metrics(run)["train_loss"]        # a value for each epoch
    nabla.weights(run)["0.weight"]
    nabla.predict(run, [[5.1, 3.5, 1.4, 0.2]])["class"]
    nabla.run("iris.yaml", lr="0.01,0.1", options=["--seeds", "3"])  # a sweep
    nabla.call("evaluate", run.folder, "new.csv", "--target", "species")  # any other command

This file needs nothing but Python's standard library (3.9 or later), so copying it is installing it.
Where NumPy is there, weights are its arrays; where pandas is there, tables are its frames, otherwise
dicts of lists: `table["train_loss"]` works with both.

The program is the argument `program`, or else the environment variable NABLA, or else `nabla` on PATH.
Relative paths are relative to Python's working directory. No shell is involved. All functions raise
NablaError, with the program's own message, where the program refuses or fails. A training that
diverged is a result: its `status` says so.

An interrupt (Ctrl-C, or the stop button of a notebook) is passed on to the program, which ends after the
step under way and writes a checkpoint; then Stopped is raised. A second one ends it at once. If
Python itself is killed, a training goes on to its end.
"""

import array
import ast
import csv
import html
import itertools
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

__all__ = ["NablaError", "Run", "Stopped", "call", "load", "metrics", "predict", "reproduce", "run",
           "runs", "weights"]

_GOOD, _DIVERGED = 0, 3  # exit codes


class NablaError(RuntimeError):
    """What the program said; `code` is its exit code: 2 for bad input, 1 for a failure."""

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


class Stopped(KeyboardInterrupt):
    """The program was interrupted; `run` is what there is of a run or a comparison, or None."""

    def __init__(self, run=None):
        super().__init__(f"stopped; what there is of the run is in {run.folder}" if run else "stopped")
        self.run = run


class Run:
    """A folder with a run, a sweep or a reproduction, and what the program says of it.

    `folder` is its path. `result` is what its summary.json, sweep.json or reproduction.json holds, and
    run["key"] is short for run.result["key"]. A notebook shows its report.html.
    """

    height = 640  # of the page in a notebook, in pixels

    def __init__(self, folder, result):
        self.folder = os.fspath(folder)
        self.result = result

    def __getitem__(self, key):
        return self.result[key]

    def __fspath__(self):
        return self.folder

    def __repr__(self):
        lines = [f"nabla run in {self.folder}"]
        for key, value in self.result.items():
            if isinstance(value, (list, dict)):
                value = f"{len(value)} of them"
            if key != "folder":
                lines.append(f"  {key}: {value}")
        return "\n".join(lines)

    def _repr_html_(self):
        try:
            with open(os.path.join(self.folder, "report.html"), encoding="utf-8") as file:
                page = html.escape(file.read())
        except OSError:  # a run that was stopped early, or a folder that is gone
            return f"<pre>{html.escape(repr(self))}</pre>"
        # The page runs its own scripts, and reaches nothing of the notebook.
        return (f'<iframe srcdoc="{page}" sandbox="allow-scripts allow-downloads" '
                f'style="width: 100%; height: {self.height}px; border: 0"></iframe>')


def run(file, *settings, out=None, options=(), progress=True, program=None, **named):
    """Trains the experiment in `file`: a path, or the name of a bundled experiment. Returns a Run.

    Settings are keys of the file, as on the command line: "optimizer.lr=0.1", {"optimizer.lr": 0.1}
    or lr=0.1. A text stands for what it would on the command line, so lr="0.1,0.2" tries both.
    `out` is the folder for the results, `options` are words such as "--offline" or "--seeds".
    With `progress` a notebook shows the latest epoch; elsewhere standard error gets a line for each.
    """
    words = ["run", "--json", *options]
    return _trained(words, out, [file, *_assignments(settings, named)], progress, program)


def reproduce(*files, out=None, options=(), progress=True, program=None):
    """Compares our metrics with those that notebooks printed. Returns a Run: run["experiments"].

    `files` are experiments with a reference, all bundled ones if there are none, and "key=value".
    """
    return _trained(["reproduce", "--json", *options], out, files, progress, program)


def load(folder):
    """The Run of a folder that the program wrote earlier."""
    for name in ("summary.json", "sweep.json", "reproduction.json"):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return Run(folder, json.load(file))
    raise NablaError(f"{os.fspath(folder)}: no run, sweep or reproduction has ended in this folder")


def runs(folder="runs", *conditions, sort=None, top=None, program=None):
    """A table of the runs in `folder`, latest first, that meet all conditions: "test_accuracy>0.9"."""
    words = ["--folder", folder]
    words += ["--sort", sort] if sort is not None else []
    words += ["--top", str(top)] if top is not None else []
    return _table(call("runs", *words, "--", *conditions, program=program))


def metrics(run):
    """The table of a Run's or a run folder's metrics by epoch; of a sweep, also by setting and seed."""
    many = os.path.join(run, "sweep.csv")
    if os.path.isfile(many):
        with open(many, encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        columns = {name: _numbers(cells) for name, cells in zip(header, zip(*lines))}
        return _framed(columns or {name: [] for name in header})
    try:
        with open(os.path.join(run, "metrics.jsonl"), encoding="utf-8") as file:
            return _table([json.loads(line) for line in file])
    except FileNotFoundError:
        folder = os.fspath(run)
        what = ("no metrics.jsonl here: metrics are those of one run or of a sweep; nabla.runs(folder) lists "
                "the runs of any folder")
        raise NablaError(f"{folder}: {what}") from None


def weights(run, best=False, program=None):
    """The parameters of a Run, a run folder or a model file, by name; `best`: of its best checkpoint.

    They are arrays of NumPy, or nested lists without it.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "weights.npz")
        words = ["export", "--format", "npz", "--out", file] + ["--best"] * best
        _call([*words, "--", os.path.abspath(run)], program)
        numpy = _module("numpy")
        if numpy is None:
            return _read_npz(file)
        with numpy.load(file) as arrays:
            return dict(arrays)


def predict(model, rows, best=False, options=(), program=None):
    """A table of what a Run, a run folder or a model file predicts for rows.

    Rows are an array or nested lists of numbers (N, ...), where bytes of NumPy are pixels; lists with
    words or None, dicts, a dict of columns or of one row, or a frame, for a model of a table; or the path
    of anything that `nabla predict` reads.
    """
    words = ["predict", *(["--best"] if best else []), *options, "--", os.path.abspath(model)]
    if isinstance(rows, (str, os.PathLike)):
        return _table(call(*words, os.path.abspath(rows), program=program))
    with tempfile.TemporaryDirectory() as folder:
        found = call(*words, _write_rows(rows, folder), program=program)
    for row in found:
        del row["file"]
    return _table(found)


def call(command, *words, program=None):
    """What a command prints with --json: call("evaluate", folder, "new.csv", "--target", "species").

    All commands but export, import, new-plugin, watch, completion and schema have that option.
    """
    return json.loads(_call([command, "--json", *words], program)[1])


# The program


def _trained(words, out, operands, progress, program):
    words = words + (["--out", out] if out is not None else [])
    words += [] if progress else ["--quiet"]
    result = json.loads(_call([*words, "--", *operands], program, _Progress() if progress else None)[1])
    return Run(result["folder"], result)


def _printed_run(output):
    """The Run that a program which was interrupted printed, or None."""
    try:
        result = json.loads(output)
        return Run(result["folder"], result)
    except (ValueError, KeyError, TypeError):  # nothing, or the JSON of a command that has no folder
        return None


def _call(words, program, progress=None):
    """Runs the program. Returns its exit code, 0 or 3, and its output. `progress` gets each line
    of standard error as it comes; without it warnings are shown in the end. Raises NablaError for other
    exit codes, and Stopped after an interrupt."""
    program = program or os.environ.get("NABLA") or shutil.which("nabla")
    if not program:
        raise NablaError("the program is not found: pass program=, set NABLA, or put nabla on PATH")
    words = [os.fspath(word) for word in (program, *words)]
    # Bazel's name for the folder that a user calls from would replace the working directory.
    environment = {k: v for k, v in os.environ.items() if k != "BUILD_WORKING_DIRECTORY"}
    with tempfile.TemporaryFile() as output:
        try:
            # In a session of its own, so that a terminal's Ctrl-C reaches it once, through Python.
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.PIPE, text=True, encoding="utf-8",
                                     errors="replace", env=environment, start_new_session=True)
        except OSError as error:
            raise NablaError(f"cannot start the program {words[0]}: {error.strerror}") from None
        with child:
            said, interrupted = _follow(child, progress)
        output.seek(0)
        printed = output.read().decode("utf-8", errors="replace")
    if interrupted:
        raise Stopped(_printed_run(printed))
    if child.returncode not in (_GOOD, _DIVERGED):
        raise NablaError(_error(said, child.returncode), child.returncode)
    if progress is None and said:
        _say("\n".join(said))
    return child.returncode, printed


def _follow(child, progress):
    """All that the child says, and whether it was interrupted."""
    said, interrupted = [], False
    try:
        while True:
            try:
                for line in child.stderr:
                    said.append(line.rstrip("\n"))
                    if progress is not None:
                        progress(said[-1])
                if progress is not None:
                    progress.show()
                child.wait()
                return said, interrupted
            except KeyboardInterrupt:
                interrupted = True
                child.send_signal(signal.SIGINT)
    except BaseException:  # of `progress`
        child.terminate()
        raise


def _error(said, code):
    """The program's message, without what it said before; or how it ended, if it said nothing."""
    said = list(itertools.dropwhile(lambda line: "error: " not in line, said)) or said
    if code < 0:
        said.append(f"error: the program was ended by {signal.Signals(-code).name}")
    return "\n".join(said) or f"error: the program ended with exit code {code}"


def _assignments(settings, named):
    assignments = []
    for each in (*settings, named):
        if isinstance(each, str):
            assignments.append(each)
        else:
            assignments += [f"{key}={_value(value)}" for key, value in each.items()]
    return assignments


def _value(value):
    """As a text that means the same in YAML."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value):
    """Of a Run or a path its name, of an array a list."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a setting cannot be a {type(value).__name__}: {value!r}")


# What people see


def _say(line):
    print(line, file=sys.stderr, flush=True)


class _Progress:
    """Shows the latest line in a notebook, and every line elsewhere."""

    interval = 0.1  # s between two updates

    def __init__(self):
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython else None
        self._display = ipython.display.display if hasattr(shell, "kernel") else None
        self._handle = None
        self._waiting = None  # a line that has not been shown
        self._next = 0

    def __call__(self, line):
        if self._display is None or "warning: " in line:
            return _say(line)
        self._waiting = line
        if time.monotonic() >= self._next:  # others come too fast to be read
            self.show()

    def show(self):
        """Shows the latest line, if it has not been shown."""
        if self._waiting is None:
            return
        data, self._waiting = {"text/plain": self._waiting}, None
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)
        self._next = time.monotonic() + self.interval


# Tables and arrays


def _module(name):
    try:
        return __import__(name)
    except ImportError:
        return None


def _flat(row):
    flat = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": v for inner, v in _flat(value).items()})
        else:
            flat[key] = value
    return flat


def _table(rows):
    """Columns of rows that may lack keys; keys inside keys get names such as probabilities.setosa."""
    rows = [_flat(row) for row in rows]
    names = dict.fromkeys(name for row in rows for name in row)
    return _framed({name: [row.get(name) for row in rows] for name in names})


def _framed(columns):
    pandas = _module("pandas")
    return columns if pandas is None else pandas.DataFrame(columns)


def _numbers(cells):
    """A column of CSV as numbers, if all of it are numbers or empty."""
    try:
        return [None if cell == "" else int(cell) if cell.isdigit() else float(cell) for cell in cells]
    except ValueError:
        return list(cells)


def _write_rows(rows, folder):
    """A file that the program reads: CSV for a table, .npz for numbers."""
    table, numbers = os.path.join(folder, "rows.csv"), os.path.join(folder, "rows.npz")
    if hasattr(rows, "to_csv"):
        if not hasattr(rows, "columns") or _are_names(rows.columns):
            rows.to_csv(table, index=False)
        else:
            rows.to_csv(table, index=False, header=False)
        return table
    if isinstance(rows, dict):  # columns, as results have them, or one row
        if not any(_is_listed(column) for column in rows.values()):
            rows = {name: [cell] for name, cell in rows.items()}
        columns = [list(column) for column in rows.values()]
        if len({len(column) for column in columns}) > 1:
            raise ValueError("columns of different lengths")
        rows = [dict(zip(rows, cells)) for cells in zip(*columns)]
    if not hasattr(rows, "dtype"):
        rows = list(rows)
        first = rows[0] if rows else []
        if isinstance(first, dict):
            lines = [[row.get(name) for name in first] for row in rows]
            if _are_names(first):
                lines.insert(0, list(first))
        elif any(_is_listed(row) and any(cell is None or isinstance(cell, str) for cell in row) for row in rows):
            lines = rows
        else:
            lines = None
        if lines is not None:
            with open(table, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
            return table
    numpy = _module("numpy")
    if numpy is None:
        _write_npz(numbers, rows)
    else:
        x = numpy.asarray(rows)
        x = x if x.dtype == numpy.uint8 else x.astype(numpy.float64)
        numpy.savez(numbers, x=numpy.asarray(x, order="C"))
    return numbers


def _is_listed(value):
    """Whether it is a list of some kind, not one cell."""
    return hasattr(value, "__len__") and not isinstance(value, str)


def _are_names(labels):
    """Whether labels of columns are names: 0, 1, ... of a frame only count them, and would be read as a row."""
    return any(isinstance(label, str) for label in labels)


# The .npy format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
# Numbers are little-endian, as those of every processor that nabla runs on.

_MAGIC = b"\x93NUMPY"
_CODES = {"<f4": "f", "<f8": "d", "|u1": "B", "<i4": "i", "<i8": "q"}


def _shape(rows):
    """Of nested sequences. Raises ValueError where their lengths differ."""
    if not hasattr(rows, "__len__"):
        return ()
    inner = {_shape(row) for row in rows}
    if len(inner) > 1:
        raise ValueError("rows of different lengths")
    return (len(rows), *(inner.pop() if inner else ()))


def _leaves(rows):
    return itertools.chain.from_iterable(map(_leaves, rows)) if hasattr(rows, "__len__") else (rows,)


def _write_npz(file, rows):
    shape = _shape(rows)
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    numbers = array.array("d", _leaves(rows))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", _MAGIC + struct.pack("<BBH", 1, 0, len(header)) + header + numbers.tobytes())


def _read_npz(file):
    with zipfile.ZipFile(file) as archive:
        return {name.removesuffix(".npy"): _read_npy(archive.read(name)) for name in archive.namelist()}


def _read_npy(data):
    wide = data[len(_MAGIC)] > 1  # the major version
    size, = struct.unpack_from("<I" if wide else "<H", data, 8)
    begin = 12 if wide else 10
    header = ast.literal_eval(data[begin:begin + size].decode("latin1"))
    if header["fortran_order"] or header["descr"] not in _CODES:
        raise ValueError(f"an array that nabla does not write: {header}")
    values = array.array(_CODES[header["descr"]], data[begin + size:])
    return _nested(values.tolist(), header["shape"])


def _nested(values, shape):
    for size in reversed(shape[1:]):
        values = [values[at:at + size] for at in range(0, len(values), size)]
    return values if shape else values[0]
