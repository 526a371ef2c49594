"""Rules that build plugins: one source file, one plugin, no other file to edit."""

def _entry(kind, stem):
    return "Enter_%s_%s" % (kind, stem)

def _write_list_impl(ctx):
    declarations = []
    calls = []
    for name in ctx.attr.entries:
        declarations.append("void %s(Registry& registry, const char* origin);" % name)
        calls.append("  enter(N_AVX2::%s, N_AVX3::%s);" % (name, name))
    ctx.actions.write(
        output = ctx.outputs.out,
        content = "\n".join([
            "// Made by plugins.bzl from the names of the source files.",
            "#include \"plugins/builtin.h\"",
            "",
            "#include \"framework/kernels/simd.h\"",
            "",
            "namespace nabla {",
            "namespace N_AVX2 {",
        ] + declarations + [
            "}",
            "namespace N_AVX3 {",
        ] + declarations + [
            "}",
            "",
            "void RegisterBuiltins(Registry& registry) {",
            "  using Entry = void (*)(Registry&, const char*);",
            "  const bool avx512 = SimdName() == \"avx512\";",
            "  const auto enter = [&](Entry avx2_entry, Entry avx512_entry) {",
            "    (avx512 ? avx512_entry : avx2_entry)(registry, \"built in\");",
            "  };",
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

def builtin_plugins(name, srcs):
    """A library with RegisterBuiltins and every plugin in srcs ("<kind>/<name>.cc")."""
    entries = []
    libraries = []
    for source in srcs:
        kind, file = source.split("/")
        stem = file[:-len(".cc")]
        library = "%s_%s" % (kind, stem)
        native.cc_library(
            name = library,
            srcs = [source],
            textual_hdrs = [source],
            local_defines = [
                "NABLA_PLUGIN_SOURCE=\\\"%s/%s\\\"" % (native.package_name(), source),
                "NABLA_PLUGIN_ENTRY=" + _entry(kind, stem),
            ],
            deps = ["//framework/plugin"],
        )
        entries.append(_entry(kind, stem))
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
            "//framework/plugin:registry",
        ],
    )
