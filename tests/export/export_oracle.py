#!/usr/bin/python3
"""Reads what `run export` wrote as other programs do; prints what the tests expect, or why not.

export_oracle.py COMMAND ARGUMENTS
"""
import json
import struct
import sys

import numpy

TYPES = {"F32": "<f4", "F64": "<f8", "U8": "|u1", "I32": "<i4"}


def safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    body = data[8 + length :]
    return {
        name: numpy.frombuffer(body[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(
            entry["shape"]
        )
        for name, entry in header.items()
    }


def same(checkpoint, exported, npz):
    """Prints name and shape of every array, after comparing their bits with the checkpoint's."""
    trained, model = safetensors(checkpoint), safetensors(exported)
    with numpy.load(npz, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    assert list(arrays) == list(model)
    for name, array in arrays.items():
        for other in (model[name], trained[name]):
            assert other.dtype == array.dtype and other.shape == array.shape
            assert other.tobytes() == array.tobytes()
        print(name, *array.shape)


def check_onnx(*paths):
    try:
        import onnx
    except ImportError:
        print("python3-onnx is not installed")
        return
    for path in paths:
        model = onnx.load(path)
        try:
            onnx.checker.check_model(model, full_check=True)
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
            assert inferred.graph.output == model.graph.output
        except Exception as error:
            print(path, type(error).__name__, error)


def printed_numbers(predicted, word):
    return numpy.array([line.split(word + " ")[1].split() for line in open(predicted)], "f8")


def manifest(model, pixels, predicted):
    """For onnx_run.js: whether ONNX Runtime gives what `run predict` printed."""
    x = numpy.loadtxt(pixels, delimiter=",", dtype="f4")
    x.tofile("pixels.in")
    printed_numbers(predicted, "probabilities").astype("f4").tofile("printed.out")
    item = {"name": "program", "model": model, "shape": [len(x), 1, 28, 28], "input": "pixels.in",
            "output": "printed.out", "result": "probabilities"}  # fmt: skip
    print(json.dumps([item]))


def torch_forward(exported, pixels, predicted):
    """The greatest difference between PyTorch's probabilities and those that `run predict` printed,
    for the model of export_test.cc."""
    try:
        import torch
        import torch.nn.functional as F
    except ImportError:
        print("python3-torch is not installed")
        return
    p = {name: torch.tensor(array) for name, array in safetensors(exported).items()}
    x = torch.tensor(numpy.loadtxt(pixels, delimiter=",", dtype="f4")).reshape(-1, 1, 28, 28)
    x = (x / 255 - 0.25) / 0.5
    x = F.conv2d(x, p["0.weight"].reshape(4, 1, 3, 3), p["0.bias"][0], stride=2, padding=1)
    x = F.batch_norm(x, *(p["1." + name][0] for name in ("running_mean", "running_var")),
                     *(p["1." + name][0] for name in ("weight", "bias")))  # fmt: skip
    x = F.max_pool2d(F.gelu(x), 2)
    z = torch.flatten(x, 1) @ p["4.weight"] + p["4.bias"]
    print(abs(torch.softmax(z, 1).numpy() - printed_numbers(predicted, "probabilities")).max())


def standardised(exported, points, predicted):
    """Compares what a model that changes nothing else prints with what its tensors say."""
    tensors = safetensors(exported)
    rows = (numpy.loadtxt(points, delimiter=",") - tensors["input.mean"]) / tensors["input.std"]
    printed = printed_numbers(predicted, "scores")
    assert tensors["input.std"].min() > 0 and (tensors["input.std"] != 1).all()
    print("agrees" if abs(rows - printed).max() < 1e-6 else (rows, printed))


COMMANDS = [same, check_onnx, manifest, torch_forward, standardised]

{command.__name__: command for command in COMMANDS}[sys.argv[1]](*sys.argv[2:])
