"""The order of the folders: data flows down this list, and includes point up it."""

LAYERS = [
    "base",
    "config",
    "tensor",
    "formats",
    "picture",
    "kernels",
    "model",
    "table",
    "data",
    "plugin",
    "engine",
    "mpi",
    "spec",
    "record",
    "terminal",
    "training",
    "search",
    "verdict",
    "python",
    "notebook",
    "facts",
    "import",
    "inference",
    "export",
    "embed",
    "measure",
    "report",
    "live",
    "check",
]

# What is made of the framework.
_USERS = ["bench", "examples", "experiments", "plugins", "tests"]

def above(layer):
    """The packages that may use `layer`: for package(default_visibility = above("base"))."""
    packages = ["framework/" + name for name in LAYERS[LAYERS.index(layer) + 1:]] + _USERS
    return ["//%s:__subpackages__" % package for package in packages]

def layer_files():
    """What //tests/layers reads of a folder: its includes and its BUILD file."""
    native.filegroup(
        name = "layer_files",
        srcs = native.glob(["*.h", "*.cc", "BUILD"]),
        visibility = ["//tests/layers:__pkg__"],
    )
