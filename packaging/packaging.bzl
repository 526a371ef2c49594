"""plugin_kit: what plugins are compiled with where nabla is installed."""

# Of all flags of a build, those that the code of plugins and of the program must share, and what setup
# switches off where the compiler needs it.
_SHARED = ["-std=", "-m", "-ffp-contract=", "-fsigned-char", "-fno-tree-"]

# As in plugins.bzl: one mistake, one message.
_ONE_ERROR = ["-Wfatal-errors", "-ftemplate-backtrace-limit=3"]

# For this processor alone; third_party/arm64/compile.sh leaves them out on ARM64.
_X86 = ["-march=x86-64-v3", "-maes", "-mpclmul"]

def _flags(ctx):
    toolchain = ctx.attr._toolchain[cc_common.CcToolchainInfo]
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    given = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = "c++-compile",
        variables = cc_common.create_compile_variables(
            feature_configuration = features,
            cc_toolchain = toolchain,
            user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts,
        ),
    )
    dropped = _X86 if toolchain.cpu == "aarch64" else []
    shared = [f for f in given if any([f.startswith(s) for s in _SHARED]) and f not in dropped]

    # The last one counts.
    standard = [f for f in shared if f.startswith("-std=")][-1]
    return [standard] + [f for f in shared if not f.startswith("-std=")]

def _plugin_kit_impl(ctx):
    context = ctx.attr.dep[CcInfo].compilation_context
    own = [h for h in context.headers.to_list() if h.is_source and not h.owner.workspace_name]
    ctx.actions.write(
        output = ctx.outputs.flags,
        content = " ".join(
            _flags(ctx) + ["-D" + define for define in context.defines.to_list()] +
            ["-O3", "-DNDEBUG", "-fPIC", "-fvisibility=hidden"] + _ONE_ERROR,
        ) + "\n",
    )
    return [DefaultInfo(files = depset(own))]

# The headers of nabla that `dep` lets a source include, and the flags of its compilation as a file for
# the compiler: nabla.pc refers to it, since lintian allows few flags there.
plugin_kit = rule(
    implementation = _plugin_kit_impl,
    attrs = {
        "dep": attr.label(providers = [CcInfo], mandatory = True),
        "flags": attr.output(mandatory = True),
        "_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
)
