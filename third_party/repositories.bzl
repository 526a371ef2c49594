"""The external repositories of nabla, for its own WORKSPACE and for those that use it."""

load(":arm64.bzl", "arm64_toolchain")
load(":debian.bzl", "debian_library")

# Repository: the name that pkg-config knows its package under.
_LIBRARIES = {
    "tbb": "tbb",
    "yaml_cpp": "yaml-cpp",
    "fmt": "fmt",
    "cli11": "CLI11",
    "nlohmann_json": "nlohmann_json",
    "zlib": "zlib",
    "curl": "libcurl",
    "httplib": "cpp-httplib",
    "crypto": "libcrypto",
    "xxhash": "libxxhash",
    "sqlite3": "sqlite3",
    "png": "libpng",
    "jpeg": "libjpeg",
    "gtest": "gtest",
    "gtest_main": "gtest_main",
    "benchmark": "benchmark",
}

def nabla_repositories(nabla = ""):
    """Declares everything that nabla builds with.

    Args:
      nabla: the folder of nabla's sources, where another workspace calls this.
    """
    root = nabla + "/" if nabla else ""

    # Bazel 4.2.3 wants these four repositories by name; offline they are the small shims beside this file.
    native.local_repository(name = "rules_cc", path = root + "third_party/rules_cc")
    native.local_repository(name = "rules_java", path = root + "third_party/rules_java")
    native.local_repository(name = "platforms", path = "/usr/share/bazel/tools/platforms")
    native.local_repository(name = "remote_coverage_tools", path = root + "third_party/coverage_tools")
    for name, module in _LIBRARIES.items():
        debian_library(name = name, module = module)

    # The targets whose bits are known to be equal; newer versions of Highway have more.
    debian_library(
        name = "hwy",
        module = "libhwy",
        defines = ["HWY_DISABLED_TARGETS='(~(HWY_AVX2|HWY_AVX3|HWY_NEON))'"],
    )

    # Looked for only with --config=arm64.
    arm64_toolchain(name = "arm64")

    # Looked for only with --config=mpi. "mpich" is the other MPI of Debian.
    debian_library(name = "mpi", module = "ompi", setup = "./setup --mpi")
    debian_library(name = "rapidcheck", header = "rapidcheck.h", libs = ["rapidcheck"])
