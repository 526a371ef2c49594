load("@bazel_tools//tools/cpp:unix_cc_toolchain_config.bzl", "cc_toolchain_config")

package(default_visibility = ["//visibility:public"])

cc_toolchain_suite(
    name = "toolchain",
    toolchains = {"aarch64": ":gcc"},
)

filegroup(
    name = "none",
    srcs = [],
)

cc_toolchain(
    name = "gcc",
    all_files = "compile.sh",
    ar_files = ":none",
    as_files = "compile.sh",
    compiler_files = "compile.sh",
    dwp_files = ":none",
    linker_files = "compile.sh",
    objcopy_files = ":none",
    strip_files = ":none",
    supports_param_files = 1,
    toolchain_config = ":gcc_config",
    toolchain_identifier = "arm64",
)

# What Bazel finds out by itself for a native compiler.
cc_toolchain_config(
    name = "gcc_config",
    abi_libc_version = "local",
    abi_version = "local",
    compile_flags = %{flags} + [
        "-U_FORTIFY_SOURCE",
        "-fstack-protector",
        "-fno-omit-frame-pointer",
        # As on x86-64.
        "-fsigned-char",
        # The least that has NEON in the form that Highway wants.
        "-march=armv8-a+crypto",
    ],
    compiler = "gcc",
    cpu = "aarch64",
    cxx_builtin_include_directories = %{searched},
    dbg_compile_flags = ["-g"],
    host_system_name = "local",
    link_flags = %{flags} + [
        "-Wl,-no-as-needed",
        "-Wl,-z,relro,-z,now",
    ],
    link_libs = [
        "-lstdc++",
        "-lm",
    ],
    opt_compile_flags = [
        "-g0",
        "-O2",
        "-D_FORTIFY_SOURCE=1",
        "-DNDEBUG",
        "-ffunction-sections",
        "-fdata-sections",
    ],
    opt_link_flags = ["-Wl,--gc-sections"],
    target_libc = "local",
    target_system_name = "local",
    tool_paths = {
        "ar": "/usr/bin/aarch64-linux-gnu-ar",
        "cpp": "/usr/bin/aarch64-linux-gnu-cpp",
        "dwp": "/usr/bin/aarch64-linux-gnu-dwp",
        "gcc": "compile.sh",
        "gcov": "/usr/bin/aarch64-linux-gnu-gcov",
        "ld": "/usr/bin/aarch64-linux-gnu-ld",
        "llvm-cov": "/usr/bin/llvm-cov",
        "nm": "/usr/bin/aarch64-linux-gnu-nm",
        "objcopy": "/usr/bin/aarch64-linux-gnu-objcopy",
        "objdump": "/usr/bin/aarch64-linux-gnu-objdump",
        "strip": "/usr/bin/aarch64-linux-gnu-strip",
    },
    toolchain_identifier = "arm64",
    unfiltered_compile_flags = [
        "-fno-canonical-system-headers",
        "-Wno-builtin-macro-redefined",
        "-D__DATE__=\"redacted\"",
        "-D__TIMESTAMP__=\"redacted\"",
        "-D__TIME__=\"redacted\"",
    ],
)

exports_files(["sysroot"])

sh_binary(
    name = "qemu",
    srcs = ["qemu.sh"],
)
