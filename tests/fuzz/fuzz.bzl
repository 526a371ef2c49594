"""fuzz_target: random bytes for a parser."""

def fuzz_target(name, srcs, deps, corpus = [], **kwargs):
    """A libFuzzer program NAME for --config=fuzz, and a test NAME_test of its corpus for every build.

    Args:
      name: of the target; its corpus is the folder corpus/NAME.
      srcs: define LLVMFuzzerTestOneInput.
      deps: what they need.
      corpus: labels of other folders' file groups, by folder: {"tests/config/broken": label}.
      **kwargs: for the test.
    """
    own = "corpus/" + name
    folders = [native.package_name() + "/" + own]
    data = native.glob([own + "/**"])
    for folder, label in dict(corpus).items():
        folders.append(folder)
        data.append(label)
    native.cc_library(
        name = name + "_target",
        testonly = True,
        srcs = srcs,
        alwayslink = True,
        deps = deps + ["//tests/fuzz"],
    )
    native.cc_binary(
        name = name,
        testonly = True,
        linkopts = ["-fsanitize=fuzzer"],
        linkstatic = True,
        tags = ["manual"],
        deps = [":%s_target" % name],
    )
    native.cc_test(
        name = name + "_test",
        size = "small",
        srcs = ["//tests/fuzz:replay_test.cc"],
        data = data,
        env = {"NABLA_CORPUS": ":".join(folders)},
        deps = [
            ":%s_target" % name,
            "//tests/fuzz",
            "@gtest//:gtest",
            "@gtest_main//:gtest_main",
        ],
        **kwargs
    )
