"""Rules that build plugins: one source file, one plugin, no other file to edit."""

# What the plugins of a kind include beside framework/plugin/plugin.h.
_KIND_DEPS = {
    "dataset": [
        "//framework/base:file_name",
        "//framework/data:disk",
        "//framework/data:picture_folder",
        "//framework/plugin:datasets",
        "//framework/plugin:drawn",
        "//framework/plugin:measured",
        "//framework/table:array_data",
    ],
}

# The first error is the one that tells; every further one is the same for another target or type, or
# follows from it. mistakes-inl.h has the messages.
_ONE_ERROR = ["-Wfatal-errors", "-ftemplate-backtrace-limit=3", "-Wno-unused-parameter"]

# Of "<kind>/<name>.cc".
def _entry(source):
    return "Enter_" + source[:-len(".cc")].replace("/", "_")

def _write_list_impl(ctx):
    declarations = []
    calls = []
    for name in ctx.attr.entries:
        declarations.append("NABLA_DECLARE_ENTRY(%s)" % name)
        calls.append("  NABLA_ENTRY_OF(%s, avx512)(registry, \"built in\");" % name)
    ctx.actions.write(
        output = ctx.outputs.out,
        content = "\n".join([
            "// Made by plugins.bzl from the names of the source files.",
            "#include \"plugins/builtin.h\"",
            "",
            "#include \"framework/kernels/simd.h\"",
            "#include \"framework/kernels/targets.h\"",
            "",
            "namespace nabla {",
            "",
        ] + declarations + [
            "",
            "void RegisterBuiltins(Registry& registry) {",
            "  const bool avx512 = SimdName() == \"avx512\";",
        ] + calls + [
            "}",
            "}  // namespace nabla",
            "",
        ]),
    )

_write_list = rule(
    implementation = _write_list_impl,
    attrs = {"entries": attr.string_list(), "out": attr.output(mandatory = True)},
)

# Plugins that are compiled together: reading what plugin.h includes takes longer than most plugins.
_UNIT = 6

def _write_unit_impl(ctx):
    package = ctx.label.package
    lines = [
        "// Made by plugins.bzl. The first include of plugin.h includes this file again for every",
        "// other SIMD target, so it stands before the plugins.",
        "#define NABLA_PLUGIN_SOURCE \"%s/%s\"" % (package, ctx.outputs.out.basename),
        "#define NABLA_PLUGIN_ENTRY " + ctx.attr.entries[0],
        "#include \"framework/plugin/plugin.h\"",
    ]
    for source, entry in zip(ctx.attr.sources, ctx.attr.entries):
        lines += [
            "#undef NABLA_PLUGIN_ENTRY",
            "#define NABLA_PLUGIN_ENTRY " + entry,
            "#include \"%s/%s\"" % (package, source),
        ]
    ctx.actions.write(output = ctx.outputs.out, content = "\n".join(lines) + "\n")

_write_unit = rule(
    implementation = _write_unit_impl,
    attrs = {
        "sources": attr.string_list(),
        "entries": attr.string_list(),
        "out": attr.output(mandatory = True),
    },
)

def builtin_plugins(name, srcs):
    """A library with RegisterBuiltins and every plugin in srcs ("<kind>/<name>.cc")."""
    kinds = {}
    for source in srcs:
        kinds.setdefault(source.split("/")[0], []).append(source)
    entries = []
    libraries = []
    for kind, sources in kinds.items():
        for i in range(0, len(sources), _UNIT):
            unit = sources[i:i + _UNIT]
            unit_entries = [_entry(source) for source in unit]
            library = "%s_%d" % (kind, i // _UNIT)
            _write_unit(
                name = library + "_unit",
                sources = unit,
                entries = unit_entries,
                out = library + ".cc",
            )
            native.cc_library(
                name = library,
                srcs = [library + ".cc"],
                copts = _ONE_ERROR,
                textual_hdrs = [library + ".cc"] + unit,
                deps = ["//framework/plugin"] + _KIND_DEPS.get(kind, []),
            )
            entries += unit_entries
            libraries.append(":" + library)
    _write_list(
        name = name + "_list",
        entries = entries,
        out = name + ".cc",
    )
    native.cc_library(
        name = name,
        srcs = [name + ".cc"],
        hdrs = [name + ".h"],
        visibility = ["//visibility:public"],
        deps = libraries + [
            "//framework/kernels:simd",
            "//framework/kernels:targets",
            "//framework/plugin:registry",
        ],
    )

def _headers_impl(ctx):
    return [CcInfo(compilation_context = ctx.attr.dep[CcInfo].compilation_context)]

# What `dep` lets a source include, and nothing to link.
headers = rule(
    implementation = _headers_impl,
    attrs = {"dep": attr.label(providers = [CcInfo], mandatory = True)},
)

def nabla_plugin(name, srcs, **kwargs):
    """A library NAME.so of the plugins in srcs, for `plugins: [NAME.so]` and `--plugin NAME.so`.

    The sources are the same as those of built-in plugins. Kernels and registry are those of the
    program that loads the library, so nothing of nabla is linked.

    Args:
      name: of the target; the library is the target NAME.so.
      srcs: a source file a plugin.
      **kwargs: what goes to both, such as visibility, testonly and tags.
    """
    framework = Label("//framework/plugin:headers")
    calls = []
    libraries = []
    for source in srcs:
        file = source.lstrip(":")
        stem = file[:-len(".cc")].replace("/", "_")
        entry = "Enter_%s_%s" % (name, stem)
        native.cc_library(
            name = "%s_%s" % (name, stem),
            srcs = [source],
            textual_hdrs = [source],
            # A library's own copy of a template must not mix with the program's.
            copts = ["-fvisibility=hidden", "-O3"] + _ONE_ERROR,
            local_defines = [
                "NABLA_PLUGIN_SOURCE=\\\"%s\\\"" % "/".join([p for p in [native.package_name(), file] if p]),
                "NABLA_PLUGIN_ENTRY=" + entry,
            ],
            linkstatic = True,
            alwayslink = True,
            deps = [str(framework)],
            **kwargs
        )
        calls.append("call(%s)" % entry)
        libraries.append(":%s_%s" % (name, stem))
    native.cc_binary(
        name = name + ".so",
        srcs = [str(Label("//framework/plugin:entry.cc"))],
        copts = ["-fvisibility=hidden"],
        local_defines = ["'NABLA_PLUGIN_ENTRIES(call)=%s'" % " ".join(calls)],
        linkshared = True,
        deps = libraries + [str(framework)],
        **kwargs
    )
