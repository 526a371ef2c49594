"""debian_library: an installed Debian package as a cc_library."""

# Folders that the compiler searches anyway; as Bazel inputs they would be thousands of files.
_SEARCHED = ["/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu"]

_BUILD = """cc_library(
    name = {name},
    hdrs = glob({headers}, allow_empty = True),
    defines = {defines},
    includes = {includes},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

def _flags(ctx, option):
    result = ctx.execute(["pkg-config", option, ctx.attr.module])
    if result.return_code != 0:
        fail("package for '%s' is not installed (pkg-config %s): run %s" % (ctx.name, ctx.attr.module, ctx.attr.setup))
    return [flag for flag in result.stdout.strip().replace("\n", " ").split(" ") if flag]

# For packages without a file for pkg-config.
def _check_header(ctx):
    for folder in _SEARCHED:
        if ctx.path("%s/%s" % (folder, ctx.attr.header)).exists:
            return
    fail("package for '%s' is not installed (no %s): run %s" % (ctx.name, ctx.attr.header, ctx.attr.setup))

def _debian_library_impl(ctx):
    includes = []
    defines = list(ctx.attr.defines)
    linkopts = ["-l" + lib for lib in ctx.attr.libs]
    if ctx.attr.header:
        _check_header(ctx)
    else:
        linkopts += _ask_pkg_config(ctx, includes, defines)
    ctx.file("BUILD", _BUILD.format(
        name = repr(ctx.name),
        headers = repr([folder + "/**" for folder in includes]),
        defines = repr(defines),
        includes = repr(includes),
        linkopts = repr(linkopts),
    ))

# Appends to includes and defines, returns the linker's flags.
def _ask_pkg_config(ctx, includes, defines):
    for flag in _flags(ctx, "--cflags"):
        if flag.startswith("-D"):
            defines.append(flag[2:])
        elif flag.startswith("-I") and flag[2:].rstrip("/") not in _SEARCHED:
            folder = "include_%d" % len(includes)
            ctx.symlink(flag[2:].rstrip("/"), folder)
            includes.append(folder)
    return [flag for flag in _flags(ctx, "--libs") if flag == "-pthread" or flag[:2] in ["-l", "-L"]]

debian_library = repository_rule(
    implementation = _debian_library_impl,
    attrs = {
        "defines": attr.string_list(doc = "for all that include it, beside what pkg-config says"),
        "header": attr.string(doc = "where pkg-config knows nothing: a header to look for"),
        "libs": attr.string_list(doc = "and what to link"),
        "module": attr.string(doc = "the name that pkg-config knows"),
        "setup": attr.string(default = "./setup", doc = "what installs the package"),
    },
    configure = True,
    local = True,
)
