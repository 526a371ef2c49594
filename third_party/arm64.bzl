"""arm64_toolchain: Debian's GCC for ARM64, across or native, as a repository; see --config=arm64."""

_COMPILER = "/usr/bin/aarch64-linux-gnu-g++"

# The folders that the compiler searches for headers.
def _searched(ctx, flags):
    result = ctx.execute([_COMPILER] + flags + ["-E", "-v", "-x", "c++", "/dev/null"])
    lines = result.stderr.split("#include <...> search starts here:\n")[1]
    return [str(ctx.path(line.strip())) for line in lines.split("\nEnd of search list")[0].split("\n")]

def _arm64_toolchain_impl(ctx):
    native = ctx.execute(["uname", "-m"]).stdout.strip() == "aarch64"
    sysroot = "" if native else ctx.os.environ["HOME"] + "/.cache/nabla-arm64"
    if not ctx.path(_COMPILER).exists or (sysroot and not ctx.path(sysroot + "/packages").exists):
        fail("the packages for ARM64 are not installed: run ./setup --arm64")
    flags = ["--sysroot=" + sysroot] if sysroot else []
    for script in ["compile", "qemu"]:
        ctx.template(
            script + ".sh",
            Label("//third_party/arm64:%s.sh" % script),
            substitutions = {"SYSROOT": sysroot},
            executable = True,
        )

    # What packages of ARM64 programs depend on; "" on ARM64, where dpkg itself knows.
    ctx.file("sysroot", sysroot)
    ctx.template("BUILD", Label("//third_party/arm64:BUILD.tpl"), substitutions = {
        "%{flags}": repr(flags),
        "%{searched}": repr(_searched(ctx, flags)),
    })

arm64_toolchain = repository_rule(
    implementation = _arm64_toolchain_impl,
    configure = True,
    local = True,
    environ = ["HOME"],
)
